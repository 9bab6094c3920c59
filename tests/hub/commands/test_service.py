"""The hub as it runs in service: enrolled at a central, serving, delivering; a kill loses no press and doubles none."""

import json
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.hub.commands.processes import Central, HubPlace, Page, central, enrolled_hub, run

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Central, HubPlace]]:
    with central(tmp_path) as there:
        yield there, enrolled_hub(tmp_path / "hub", there)


@pytest.fixture
def place_by_hand(tmp_path: Path) -> Iterator[tuple[Central, HubPlace]]:
    """The same, where each command is started again, as an operator does."""
    with central(tmp_path, fresh=True) as there:
        yield there, enrolled_hub(tmp_path / "hub", there)


def test_a_number_is_given_called_and_served_and_central_has_the_visit(
    place_by_hand: tuple[Central, HubPlace],
) -> None:
    there, hub = place_by_hand
    pin = there.pin("رنا")
    hub.command("forward", "--once")
    with hub.serving():
        page = Page(hub.url, 3, pin)
        page.press("open")
        given = page.press("give", service="clearance").json()["given"]
        called = page.press("next").json()
        assert called["counter"]["ticket"]["number"] == given["number"] == "B0001"
        ticket, version = given["id"], called["counter"]["version"]
        page.press("came", ticket=ticket, version=version)
        page.press("done", ticket=ticket, version=version + 1, documents={"clearance": 2})
        status = hub.lines("status")[0]
        assert (status["term"], status["waiting"], status["board"]) == (1, {}, None)
        assert [one["state"] for one in status["counters"] if one["number"] == 3] == ["open"]
        with page.client.stream("GET", "/v1/stream?view=counter") as stream:
            lines = [line for line, _ in zip(stream.iter_lines(), range(2), strict=False)]
        assert lines[0] == f"id: {called['call']}"
        assert json.loads(lines[1][6:])["counter"]["number"] == 3
        page.close()
    listed = [event for event in hub.lines("events") if event["kind"] != "work-switched"]
    kinds = [event["kind"] for event in listed if event["kind"] not in ("led", "life-began")]
    assert kinds == ["day-opened", "counter-opened", "given", "called", "came", "done"]
    came = next(event for event in listed if event["kind"] == "came")
    assert hub.lines("events", "--after", str(came["seq"] - 1))[0] == came
    assert {event["hub"] for event in listed} == {hub.lines("status")[0]["led"]["hub"]}
    assert hub.lines("forward", "--once", "--json")[0]["refused"] == 0
    assert hub.lines("forward", "--once", "--json")[0]["delivered"] == 0
    visits = there.command("visits", "--centre", "homs-main", "--day", _today(hub))
    visit = json.loads(visits)
    assert (visit["ticket"], visit["end"], visit["counter"], visit["documents"]) == (
        ticket,
        "done",
        3,
        {"clearance": 2},
    )


def test_a_day_closed_from_the_console_carries_who_waits_and_central_takes_it(
    place: tuple[Central, HubPlace],
) -> None:
    there, hub = place
    pin = there.pin("رنا")
    hub.command("forward", "--once")
    with hub.serving():
        page = Page(hub.url, 3, pin)
        page.press("open")
        page.press("give", service="clearance")
        closed = hub.lines("close-day", "--json")[0]
        assert (closed["closed"], closed["carried"]) == (True, 1)
        assert hub.lines("close-day", "--json")[0]["carried"] == 0, "said again it changes nothing"
        page.close()
    assert [event["kind"] for event in hub.lines("events")][-2:] == ["carried", "day-closed"]
    assert hub.lines("forward", "--once", "--json")[0]["refused"] == 0


def test_killed_between_press_and_answer_nobody_is_called_twice_or_skipped(place: tuple[Central, HubPlace]) -> None:
    there, hub = place
    pins = [there.pin(f"clerk {number}") for number in (1, 2)]
    hub.command("forward", "--once")
    called: list[str] = []

    def presses(page: Page, count: int) -> list[httpx2.Response]:
        return [page.press("next", str(uuid.uuid4())) for _ in range(count)]

    with hub.serving():
        pages = [Page(hub.url, counter, pin) for counter, pin in enumerate(pins, 1)]
        for page in pages:
            page.press("open")
        given = [pages[0].press("give", service="clearance").json()["given"]["number"] for _ in range(60)]
    for _ in range(4):
        with hub.serving() as process, ThreadPoolExecutor(2) as line:
            under_way = [line.submit(presses, page, 5) for page in pages]
            httpx2.get(f"{hub.url}/healthz")
            process.send_signal(signal.SIGKILL)
            process.wait()
            with hub.serving():
                answers = [answer for work in under_way for answer in work.result(60)]
        assert {answer.status_code for answer in answers} == {200}
        called += [answer.json()["counter"]["ticket"]["number"] for answer in answers]
    for page in pages:
        page.close()
    assert [number for number, times in Counter(called).items() if times > 1] == []
    assert sorted(called) == given[: len(called)]


def test_commands_without_an_enrolment_or_settings_say_what_to_do(tmp_path: Path) -> None:
    assert "give the settings with --config" in run("hub", "status", "--config", str(tmp_path / "no.toml"), expect=2)
    settings = tmp_path / "hub.toml"
    settings.write_text('[hub]\ncentre = "homs-main"\n[central]\nurl = "http://127.0.0.1:9"\n')
    assert "run `hub enrol` with a code" in run("hub", "status", "--config", str(settings), expect=1)
    settings.write_text(
        '[hub]\ncentre = "homs-main"\naddress = "http://10.0.0.5:8090"\n[central]\nurl = "http://127.0.0.1:9"\n'
    )
    wrong = run("hub", "serve", "--config", str(settings), expect=2)
    assert 'line 3: hub.address is "http://10.0.0.5:8090"; right would be https' in wrong


def test_the_doctor_names_what_lacks_and_what_to_do(place: tuple[Central, HubPlace]) -> None:
    there, hub = place
    found = {line["check"]: line for line in map(json.loads, _doctor(hub))}
    assert found["clerks"]["verdict"] == "problem"
    assert "central clerk NAME" in found["clerks"]["todo"]
    assert [found[name]["verdict"] for name in ("settings", "identity", "store", "chain", "counters")] == ["ok"] * 5
    assert (found["standby"]["verdict"], found["role"]["found"]) == ("warning", "leading, term 1")
    there.pin("هدى", "manager")
    hub.command("forward", "--once")
    found = {line["check"]: line for line in hub.lines("doctor", "--json")}
    assert [line["check"] for line in found.values() if line["verdict"] == "problem"] == []
    (hub.folder / "var" / "keys" / f"{found['identity']['found'].split()[0]}.key").chmod(0o644)
    assert "chmod 600" in {line["check"]: line for line in map(json.loads, _doctor(hub))}["keys"]["todo"]


def _doctor(hub: HubPlace) -> list[str]:
    """What the doctor says where something must be mended."""
    command = [sys.executable, "-m", "hub", "doctor", "--json", "--config", hub.config]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "must be mended" in done.stderr
    return done.stdout.splitlines()


def _today(hub: HubPlace) -> str:
    found: str = hub.lines("status")[0]["business_day"]
    return found
