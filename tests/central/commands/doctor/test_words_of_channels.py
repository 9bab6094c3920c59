"""What the doctor says of the ways to citizens and of payments: the whole line of each state."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from central.base.config import CentralConfig, load_config
from central.commands.doctor import channels as looked_at
from central.messages import app
from central.payments import settings
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.errors import ConfigError


@pytest.fixture
def config(tmp_path: Path) -> CentralConfig:
    return load_config(tmp_path / "central", None)


LACKS = warning(
    "messages",
    "no channel: what is to be told to citizens is dropped when its time is over",
    "central system give NAME --may order-states, or CENTRAL_MESSAGES with [http] or [modem]",
)


@pytest.mark.parametrize(
    ("names", "apps", "checked", "found"),
    [
        ((), (), None, LACKS),
        (("http",), (), None, ok("messages", "they go out by http")),
        ((), ("muamalati",), None, ok("messages", "they go out by the app by muamalati")),
        (("modem", "http"), ("a", "b"), None,
         ok("messages", "they go out by modem, http, the app by a, the app by b")),
        (("http",), ("a",), warning("messages", "odd", "mend it"), warning("messages", "odd", "mend it")),
    ],
)  # fmt: skip
async def test_messages_go_out_by_the_channels_that_there_are(
    config: CentralConfig,
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    apps: tuple[str, ...],
    checked: Finding | None,
    found: Finding,
) -> None:
    async def listeners(_: object) -> Any:
        return [SimpleNamespace(name=name) for name in apps]

    monkeypatch.setattr(app, "listeners", listeners)
    monkeypatch.setattr(looked_at, "check_channels", lambda _: checked)
    told: Any = SimpleNamespace(names=names)
    assert await looked_at.channels(SimpleNamespace(), replace(config, messages=told)) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("payers", "billers", "why_not", "found"),
    [
        (("w",), ("b", "c"), None, ok("payments", "by w, for b, c")),
        ((), (), None, ok("payments", "by nobody, for nobody")),
        (("w",), ("b",), "no key", problem(
            "payments", "no key", "mend it, then restart central: until then nothing can be paid")),
    ],
)  # fmt: skip
def test_payments_may_start_or_not(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch, payers: Any, billers: Any, why_not: Any, found: Finding
) -> None:
    lacks = "CENTRAL_PAYMENTS names no file: nothing can be paid by telephone"
    assert looked_at.payments(config) == skipped("payments", lacks)
    set_up = replace(config, payments=Path("/etc/central/payments.toml"))
    told = SimpleNamespace(payers=payers, billers=billers, why_not=why_not)
    monkeypatch.setattr(settings, "load", lambda _: told)
    assert looked_at.payments(set_up) == found

    def refuse(_: object) -> None:
        raise ConfigError("line 3: odd")

    monkeypatch.setattr(settings, "load", refuse)
    assert looked_at.payments(set_up) == problem("payments", "line 3: odd", "mend the file, then restart central")
