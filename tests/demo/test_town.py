"""The demo's town of made-up processes: which commands it runs in which order, and what it reads out of them."""

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import httpx2
import pytest

from demo import centre as of_centre
from demo import messages as of_messages
from demo import town as played
from demo.app.__main__ import TOKENS
from demo.centre import CENTRE
from demo.devices import ups_server
from demo.payments import till as of_till
from demo.processes import DemoFailed
from demo.town import Town
from tests.demo.conftest import Processes


@pytest.fixture
def town(processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    devices = mock.MagicMock(ports={"printer": "/p", "scanner": "/s", "card-reader": "/c"})
    monkeypatch.setattr(played, "SimulatedDevices", lambda *made: devices)
    ups = mock.Mock(port=3493)
    monkeypatch.setattr(ups_server, "UpsServer", lambda: ups)
    for module in (played, of_centre, of_messages, of_till):
        monkeypatch.setattr(module, "free_port", lambda: 8080)
    with Town(tmp_path, cast("Any", processes), window_px=(540, 960)) as made:
        yield made
    ups.close.assert_called_once_with()
    devices.__exit__.assert_called_once_with(None, None, None)


def settings_of(town: Any) -> dict[str, Any]:
    return tomllib.loads(town.settings_file.read_text(encoding="utf-8"))


def test_the_kiosk_s_settings_are_the_town_s_with_what_a_fault_has_otherwise(
    town: Any, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[str] = []
    for name in ("enrol", "_hear_the_feed"):
        monkeypatch.setattr(town, name, lambda name=name: acts.append(name))
    monkeypatch.setattr(town.centre, "build", lambda url: acts.append(f"centre {url}"))
    processes.says |= {"start central": '{"url": "http://c"}', "order-code": '{"code": "SY1:X", "order": "o"}'}
    town.build(
        settings={"ups": {"port": 1}, "kiosk.hours": {"opens": "08:00", "on": True}},
        publish=lambda _: acts.append("publish"), prepare=lambda _: acts.append("prepare"),
    )  # fmt: skip
    assert acts == ["enrol", "publish", "centre http://c", "_hear_the_feed", "prepare"]
    assert town.codes == ["SY1:X"]
    found = settings_of(town)
    assert found["kiosk"].pop("hours") == {"opens": "08:00", "on": True}
    assert found == {
        "kiosk": {"centre": CENTRE, "data_dir": "kiosk", "order_page": "https://muamalati.example/{centre}/{service}"},
        "central": {"url": "http://c"},
        "screen": {"fullscreen": False, "width_px": 540, "height_px": 960},
        "devices": {
            "printer": {"port": "/p", "flow_control": "none"},
            "scanner": {"driver": "line-scanner", "port": "/s"},
            "card_reader": {"driver": "magstripe", "port": "/c"},
        },
        "ups": {"name": "ups", "port": 1},
    }
    assert processes.did[-1] == ("ready", "forward", "forward", "--config", str(town.settings_file))


def test_central_is_started_again_where_it_was(town: Any, processes: Processes) -> None:
    for url in ("http://127.0.0.1:8080", "http://127.0.0.1:9090"):
        processes.says["start central"] = json.dumps({"url": url})
        town.start_central()
    town.start_central()
    ports = [words[words.index("--port") + 1] for words in processes.did if words[:2] == ("start", "central")]
    assert ports == ["8080", "8080", "9090"]
    assert processes.did[-1][2:] == (
        "serve", "--port", "9090", "--public-url", "http://127.0.0.1:9090", "--json", "--data",
        str(town.folder / "central"), "--messages", str(town.folder / "messages.toml"), "--payments",
        str(town.folder / "payments" / "payments.toml"),
    )  # fmt: skip


def test_commands_bear_their_data_and_say_what_was_asked(town: Any, processes: Processes) -> None:
    data = ("--data", str(town.folder / "central"))
    processes.says |= {
        "order-code": '{"code": "SY1:X", "order": "o"}', "inbox": '{"id": "a"}\n{"id": "b"}\n',
        "system": '{"token": "t"}', "start app": '{"url": "http://app", "key": {"kid": "k"}}',
    }  # fmt: skip
    town._url = "http://c"
    processes.did.clear()
    assert (town.order_code("--paid"), town.order(service="card")["order"], town.applied()) == (
        "SY1:X",
        "o",
        {"a", "b"},
    )
    town.publish("settings", {"a": 1})
    town.kiosk("doctor", "--json")
    assert processes.did == [
        ("central", "order-code", "--service", "state-employees", "--paid", *data),
        ("central", "order-code", "--service", "card", *data),
        ("central", "inbox", *data),
        ("central", "publish", "settings", "-", *data, {"a": 1}),
        ("kiosk", "doctor", "--json", "--config", str(town.settings_file)),
    ]
    assert town.other_systems() == {"http://c/v1/order-states": "t", "http://c/v1/visits": "t"}
    processes.did.clear()
    assert town.start_app() == "http://app"
    gives = [("central", "system", "give", name, "--may", may, *data)
             for name, may in (("offices", "order-states"), ("phone", "claims"))]  # fmt: skip
    tokens = {TOKENS: json.dumps({"order-states": "t", "claims": "t"})}
    assert processes.did[:3] == [*gives, ("start", "app", "-m", "demo.app", "--central", "http://c", ("env", tokens))]
    assert [words[2] for words in processes.did[3:]] == ["app-key", "seats"]
    assert processes.did[3][-1] == {"kid": "k"}


def test_visits_that_are_done_are_those_of_the_newest_day(
    town: Any, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[Any] = [None, SimpleNamespace(date="2026-11-25")]
    monkeypatch.setattr(played, "open_store", mock.MagicMock())
    monkeypatch.setattr(Town, "config", None)
    monkeypatch.setattr(played, "current_day", lambda _: days.pop(0))
    processes.says["visits"] = '{"number": "A1", "end": "done"}\n{"number": "A2", "end": "missed"}\n'
    assert (town.visits_done(), town.visits_done()) == (set(), {"A1"})
    assert processes.did[-1][1:6] == ("visits", "--centre", CENTRE, "--day", "2026-11-25")


@pytest.mark.parametrize("status", [200, 503])
def test_the_public_page_is_read_as_anybody_reads_it(town: Any, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    asked: list[Any] = []

    def get(url: str, **how: Any) -> httpx2.Response:
        asked.append((url, how))
        return httpx2.Response(status, text="page")

    monkeypatch.setattr(httpx2, "get", get)
    town._url = "http://c"
    if status == 200:
        assert town.public_page() == "page"
    else:
        with pytest.raises(DemoFailed, match=r"^central's page of the centre: status 503$"):
            town.public_page()
    assert asked == [(f"http://c/centres/{CENTRE}", {"timeout": 10, "trust_env": False})]
