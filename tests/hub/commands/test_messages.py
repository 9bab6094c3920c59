"""Messages as they run in service: central tells an owner, a hub its staff while central is gone."""

import json
import re
import sys
from pathlib import Path

import httpx2
import pytest

from demo.gateway import Gateway
from demo.processes import Processes
from tests.hub.commands.processes import Central, enrolled_hub, running
from tests.hub.takeover.test_takeover import until

pytestmark = pytest.mark.timeout(180)
ORDER, CITIZEN, STAFF = "ab" * 16, "+963944000111", "+963944000222"
LINE = {"id", "kind", "channel", "made_at", "dies_at", "state"}


def settings(folder: Path, gateway: Gateway) -> str:
    token = folder / "token"
    token.write_text("secret")
    token.chmod(0o600)
    return f'[http]\nurl = "{gateway.url}"\ntoken_file = "{token}"\n'


def to_owners(there: Central, *words: str) -> list[dict[str, str]]:
    """List the texts to owners of orders: those to staff, of what central itself needs, come when they come."""
    listed = map(json.loads, there.command("messages", *words).splitlines())
    return [one for one in listed if one["kind"] == "order-ready"]


def test_an_owner_and_the_staff_are_told_and_the_staff_without_central_too(tmp_path: Path) -> None:
    with Gateway() as gateway:
        channels = tmp_path / "messages.toml"
        channels.write_text(settings(tmp_path, gateway))
        words = ("central", "serve", "--data", str(tmp_path / "central"), "--port", "0", "--messages", str(channels))
        with running(*words, log=tmp_path / "central.log") as process:
            url = re.search(r"http://[\d.:]+", process.first_line)  # type: ignore[attr-defined]
            assert url is not None
            there = Central(tmp_path / "central", url[0])
            hours = {"from": "00:00", "to": "23:59"}
            staff = [{"number": STAFF, "name": "Samir", "kinds": ["staff-alarm"]}]
            rules = {"centre": None, "kinds": ["order-ready"], "hours": hours, "staff": staff}
            there.command("publish", "messages", "-", stdin=json.dumps(rules))
            token = json.loads(there.command("system", "give", "app", "--may", "order-states"))["token"]
            headers = {"Authorization": f"Bearer {token}"}
            path = f"{there.url}/v1/orders/{ORDER}/contact"
            assert httpx2.put(path, json={"phone": CITIZEN}, headers=headers).status_code == 204
            made = json.loads(there.command("say", "--kind", "order-ready", "--order", ORDER))
            assert set(made) == LINE
            until(lambda: [one.body["to"] for one in gateway.taken if one.body["to"] != STAFF] == [CITIZEN])
            until(lambda: [one["state"] for one in to_owners(there)] == ["handed"])
            [said] = to_owners(there, "--state", "handed")
            assert (said["id"], said["channel"]) == (made["id"], "http")
            assert there.command("messages", "--state", "dropped") == ""
            hub = enrolled_hub(tmp_path / "hub", there)
            there.command("publish", "messages", "-", stdin=json.dumps(rules))
            hub.command("forward", "--once")  # by now central knows what this hub knows
        with (hub.folder / "hub.toml").open("a") as file:
            file.write(settings(hub.folder, gateway))
        with Processes(hub.folder) as processes:
            processes.start("forward", [sys.executable, "-m", "hub", "forward", "--config", hub.config])
            (made,) = hub.lines("say", "--kind", "staff-alarm", "--text", "تجربة")
            assert set(made) == LINE
            until(lambda: (gateway.taken[-1].body["to"], gateway.taken[-1].body["text"]) == (STAFF, "تجربة"))
            until(lambda: hub.lines("messages")[0]["state"] == "handed")
        for log in (tmp_path / "central.log", hub.folder / "forward.log"):
            assert not [one for one in (CITIZEN, STAFF, "Samir") if one[1:] in log.read_text()]


def test_a_text_that_is_too_long_or_a_hub_without_staff_is_refused(tmp_path: Path) -> None:
    from tests.hub.commands.processes import central

    with central(tmp_path) as there:
        hub = enrolled_hub(tmp_path / "hub", there)
        assert "70" in hub.command("say", "--text", "ن" * 71, expect=2)
        assert "nobody" in hub.command("say", "--text", "x", expect=1)
        assert hub.command("messages") == ""
