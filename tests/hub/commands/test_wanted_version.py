"""A roll-out to hubs from central's command to what `hub-update` asks at night, through real processes."""

import json
import re
from pathlib import Path

import pytest

from tests.hub.commands.processes import Central, enrolled_hub, running


@pytest.mark.timeout(120)
def test_a_hub_hears_which_version_central_wants_and_that_it_wants_none_any_more(tmp_path: Path) -> None:
    words = ("central", "serve", "--data", str(tmp_path / "central"), "--port", "0")
    with running(*words, log=tmp_path / "central.log") as process:
        url = re.search(r"http://[\d.:]+", process.first_line)  # type: ignore[attr-defined]
        assert url is not None
        there = Central(tmp_path / "central", url[0])
        hub = enrolled_hub(tmp_path / "hub", there)
        hub.command("forward", "--once")
        assert hub.lines("wanted-version") == [{"version": None, "due": False}]
        there.command("rollout", "start", "9.9.9", "--for", "hub")
        hub.command("forward", "--once")
        assert hub.lines("wanted-version")[0]["version"] == "9.9.9"
        assert json.loads(there.command("rollout", "--kiosks"))["went"] == "waiting"
        there.command("rollout", "stop")
        hub.command("forward", "--once")
        assert hub.lines("wanted-version") == [{"version": None, "due": False}]
