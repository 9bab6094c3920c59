"""`central serve` and `central sandbox`: what is served with which settings, and what is said once it listens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from central.base.config import CentralConfig
from central.commands.cli import app
from central.server import serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would have been served; it listens at once, and ends."""
    kept: list[Any] = []

    async def serve(
        config: CentralConfig, host: str, port: int, announce: Callable[[str], None], *, as_sandbox: bool = False
    ) -> None:
        kept.append((host, port, as_sandbox, config.public_url, config.is_loopback, config.unseals, config.hub_zone))
        announce("http://there:1")

    monkeypatch.setattr(serving, "serve", serve)
    return kept


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ("127.0.0.1", 8080, False, None, True, True, None)),
        (("--public-url", "http://localhost:1"), ("127.0.0.1", 8080, False, "http://localhost:1", True, True, None)),
        (("--public-url", "https://c.example"), ("127.0.0.1", 8080, False, "https://c.example", False, True, None)),
        (("--host", "192.0.2.1", "--port", "0"), ("192.0.2.1", 0, False, None, False, True, None)),
        (
            ("--host", "192.0.2.1", "--public-url", "http://localhost:1", "--no-unseal", "--hub-zone", "city.example"),
            ("192.0.2.1", 8080, False, "http://localhost:1", False, False, "city.example"),
        ),
    ],
)
def test_it_is_local_where_both_its_address_and_its_name_are(
    served: list[Any], tmp_path: Path, words: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    done = CliRunner().invoke(app, ["serve", *words, "--data", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, "central listens on http://there:1\n")
    assert served == [expected]
    as_json = CliRunner().invoke(app, ["serve", *words, "--data", str(tmp_path), "--json"])
    assert json.loads(as_json.output) == {"url": "http://there:1"}


@pytest.mark.parametrize(("listen", "is_local"), [((), True), (("--listen", "192.0.2.1", "--port", "9"), False)])
def test_a_sandbox_says_how_its_clock_is_moved(
    served: list[Any], tmp_path: Path, listen: tuple[str, ...], is_local: bool
) -> None:
    done = CliRunner().invoke(app, ["sandbox", *listen, "--data", str(tmp_path)])
    assert done.output == "a sandbox listens on http://there:1; PUT /sandbox/time moves its clock\n"
    as_json = CliRunner().invoke(app, ["sandbox", *listen, "--data", str(tmp_path), "--json"])
    assert json.loads(as_json.output) == {"url": "http://there:1", "sandbox": True}
    host, port = ("127.0.0.1", 8080) if is_local else ("192.0.2.1", 9)
    assert served == [(host, port, True, None, is_local, True, None)] * 2
