"""The hub's doctor: one check that falls costs its own finding, and none of the others."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from common.machine.doctor.finding import Verdict
from common.protocol.feed_message import HubRecord
from hub.doctor import examination


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "hub.toml"
    config.write_text('[hub]\ncentre = "homs-main"\n[central]\nurl = "http://127.0.0.1:1"\n')

    def falls(_: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examination, "_check_disk", falls)
    found = list(examination.examine(config))
    assert [one.check for one in found][:3] == ["settings", "disk", "identity"]
    assert "can't be looked at (ZeroDivisionError)" in found[1].line
    assert found[1].is_bad


@pytest.mark.parametrize(
    ("told", "said"),
    [("https://10.0.0.5:8090", Verdict.OK), ("https://10.0.0.9:8090", Verdict.PROBLEM), (None, Verdict.SKIPPED)],
)
def test_settings_with_another_machines_address_are_a_problem(told: str | None, said: Verdict) -> None:
    hubs = {} if told is None else {"hub-1": HubRecord("hub-1", told, "key")}
    look = SimpleNamespace(centre=SimpleNamespace(hubs=hubs), hub_id="hub-1")
    parts: Any = SimpleNamespace(
        hub=SimpleNamespace(read=lambda: nullcontext(look)), config=SimpleNamespace(address="https://10.0.0.5:8090/")
    )
    found = examination._check_address(parts)
    assert found.verdict is said
    assert found.verdict is not Verdict.PROBLEM or "https://10.0.0.9:8090" in found.found
