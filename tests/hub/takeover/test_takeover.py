"""A second machine goes on where the first fell: nobody is called twice, and the old hub bows when it is back."""

import contextlib
import signal
import socket
import ssl
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from hub.opened import opened
from tests.hub.commands.processes import Central, HubPlace, Kept, Page, central, enrolled_hub, running
from tests.hub.held import check_counters

pytestmark = pytest.mark.timeout(240)
WORKING = 8


def until(what: Callable[[], bool], within_s: float = 120) -> None:
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def head(place: HubPlace) -> tuple[int, int, bool]:
    try:
        said = httpx2.get(f"{place.url}/v1/hub", timeout=2).json()
    except httpx2.TransportError:
        return (-1, -1, False)
    return said["term"], said["seq"], said["leading"]


def number_of(response: httpx2.Response) -> str | None:
    assert response.status_code == 200, response.text
    ticket = response.json()["counter"]["ticket"]
    return None if ticket is None else str(ticket["number"])


def test_a_standby_takes_over_and_the_old_hub_follows(tmp_path: Path) -> None:
    with central(tmp_path) as there:
        first = enrolled_hub(tmp_path / "first", there)
        standby = enrolled_hub(tmp_path / "standby", there)
        pins = [there.pin(f"clerk {number}") for number in range(WORKING)]
        manager = there.pin("هدى", "manager")
        for place in (first, standby):
            place.command("forward", "--once")
        assert standby.lines("status")[0]["role"] == "following"
        assert "run `hub serve`" in first.command("follow", expect=1)
        called: list[str] = []
        kept: list[Kept] = []
        follow = running("hub", "follow", "--config", standby.config, log=standby.folder / "follow.log")
        with follow, contextlib.ExitStack() as closing:
            with first.serving() as process:
                pages = former = [closing.enter_context(Page(first.url, n, pin)) for n, pin in enumerate(pins, 1)]
                for page in pages:
                    page.press("open")
                given = [pages[0].press("give", service="clearance").json()["given"]["number"] for _ in range(30)]
                called += [str(number_of(page.press("next"))) for page in pages]
                until(lambda: head(standby)[1] == head(first)[1])
                refused = httpx2.get(f"{standby.url}/v1/events?after=0", timeout=5)
                assert refused.status_code == 401
                # The last presses may not be pulled any more: their answers come back from the pages.
                for page in pages:
                    key = str(uuid.uuid4())
                    response = page.press("next", key)
                    called.append(str(number_of(response)))
                    kept.append(Kept(key, response))
                process.send_signal(signal.SIGKILL)
                process.wait()
            managing = closing.enter_context(Page(standby.url, None, manager))
            assert managing.client.put("/v1/rules", json={}).status_code == 503
            began = time.monotonic()
            wrong = standby.command("promote", "--pin", pins[0], expect=1)
            assert "only a manager" in wrong
            assert standby.lines("promote", "--pin", manager, "--json")[0]["term"] == 2
            until(lambda: head(standby)[2])
            pages = [closing.enter_context(Page(standby.url, n, pin)) for n, pin in enumerate(pins, 1)]
            too_early = pages[0].try_press({"press": "next"}, str(uuid.uuid4()))
            assert (too_early.status_code, too_early.json()["type"]) == (503, "/problems/not-yet")
            forged = kept[0].wish | {"key": str(uuid.uuid4())}
            assert pages[0].client.post("/v1/counters/1/resume", json=forged).status_code == 422
            for counter, (page, wish) in enumerate(zip(pages, kept, strict=True), 1):
                resumed = page.client.post(f"/v1/counters/{counter}/resume", json=wish.wish)
                assert resumed.status_code == 200, resumed.text
                assert resumed.json()["counter"]["ticket"]["number"] == called[WORKING + counter - 1]
            while (number := number_of(pages[len(called) % WORKING].press("next"))) is not None:
                called.append(number)
            assert time.monotonic() - began < 60
            assert [number for number, times in Counter(called).items() if times > 1] == []
            assert sorted(called) == sorted(given)
            repeated = pages[0].try_press({"press": "next"}, kept[0].key)
            assert repeated.status_code == 200
            with first.serving():
                until(lambda: head(first)[0] == 2 and head(first)[1:] == (head(standby)[1], False))
                assert former[0].try_press({"press": "next"}, str(uuid.uuid4())).status_code == 503
        assert first.lines("events") == standby.lines("events")
        for place in (first, standby):
            with opened(Path(place.config)) as parts:
                check_counters(parts.hub.store)
        terms = [event["term"] for event in first.lines("events")]
        assert terms == sorted(terms)
        assert first.lines("forward", "--once", "--json")[0]["refused"] == 0


def test_over_tls_a_lost_database_comes_back_from_the_standby(tmp_path: Path) -> None:
    with central(tmp_path) as there:
        first = enrolled_hub(tmp_path / "first", there, "https")
        standby = enrolled_hub(tmp_path / "standby", there, "https")
        pin, manager = there.pin("رنا"), there.pin("هدى", "manager")
        for place in (first, standby):
            place.command("forward", "--once")
        trusted = ssl.create_default_context(cadata=there.command("centre-ca"))
        follow = running("hub", "follow", "--config", standby.config, log=standby.folder / "follow.log")
        with follow, contextlib.ExitStack() as closing:
            with first.serving():
                page = closing.enter_context(Page(first.url, 1, pin, trusted))
                assert {cookie.name for cookie in page.client.cookies.jar} == {"__Host-hub-session", "__Host-hub-pc"}
                page.press("open")
                given = [page.press("give", service="clearance").json()["given"]["number"] for _ in range(3)]
                assert number_of(page.press("next")) == given[0]
                # The first may write more meanwhile: working time stands where nobody looks at a page.
                held = first.lines("events")
                until(lambda: standby.lines("events")[: len(held)] == held)
            lose_database(first)
            with first.serving():  # who the others are it knows by what lies beside its store
                until(lambda: first.lines("status")[0]["role"] == "leading")
                assert first.lines("status")[0]["term"] == 1
                again = closing.enter_context(Page(first.url, 1, pin, trusted))
                resumed = again.client.post("/v1/counters/1/resume", json={"key": None, "answer": None})
                assert resumed.json()["counter"]["ticket"]["number"] == given[0]
                assert [number_of(again.press("next")) for _ in range(3)] == [given[1], given[2], None]
            assert standby.lines("promote", "--pin", manager, "--with-this", "--json")[0]["term"] == 2


def a_hub_that_lost_everything(folder: Path, there: Central) -> tuple[HubPlace, str, list[str]]:
    """A hub that gave four numbers, called two of them, told central, and has lost its database since."""
    place = enrolled_hub(folder, there)
    pin = there.pin("رنا")
    place.command("forward", "--once")
    with place.serving(), Page(place.url, 1, pin) as page:
        page.press("open")
        given = [page.press("give", service="clearance").json()["given"]["number"] for _ in range(4)]
        assert [number_of(page.press("next")) for _ in range(2)] == given[:2]
    place.command("forward", "--once")
    lose_database(place)
    place.command("forward", "--once")
    return place, pin, given


def lose_database(place: HubPlace) -> None:
    for path in (place.folder / "var").glob("*"):
        if path.name.startswith(("store", "last-epoch")):
            path.unlink()


def test_a_hub_that_lost_everything_and_has_no_standby_hears_from_central_who_was_called(tmp_path: Path) -> None:
    with central(tmp_path) as there:
        place, pin, given = a_hub_that_lost_everything(tmp_path / "hub", there)
        with place.serving(), Page(place.url, 1, pin) as page:
            page.press("open")
            assert page.press("give", service="clearance").json()["given"]["number"] not in given
            assert [number_of(page.press("next")) for _ in range(2)] == given[2:]
            # Who was called and had no end is nobody's: he comes back by his number, and is not called by chance.
            version = page.press("open").json()["counter"]["version"]
            assert page.press("resume", number=given[1], version=version).status_code == 200
            assert number_of(page.press("next")) == given[1]


def test_a_hub_without_log_and_central_serves_at_once_and_gives_no_number_twice(tmp_path: Path) -> None:
    """It asks first and central is silent: who was called and which numbers it gave, only central knows."""
    with contextlib.ExitStack() as closing:
        with central(tmp_path) as there:
            place, pin, given = a_hub_that_lost_everything(tmp_path / "hub", there)
            port = there.url.rpartition(":")[2]
        silent = closing.enter_context(socket.create_server(("127.0.0.1", int(port))))  # takes a call, and says nothing
        silent.settimeout(60)
        with place.serving(), Page(place.url, 1, pin) as page:
            asking, _ = silent.accept()
            with asking:
                assert httpx2.get(f"{place.url}/v1/state", timeout=30).status_code == 200
                assert httpx2.get(f"{place.url}/v1/hub", timeout=30).json()["leading"] is False
                too_early = page.try_press({"press": "open"}, str(uuid.uuid4()))
                assert (too_early.status_code, too_early.json()["type"]) == (503, "/problems/not-yet")
            silent.close()
            page.press("open", deadline_s=60)
            refused = page.press("give", service="clearance")
            assert (refused.status_code, refused.json()["type"]) == (409, "/problems/numbers-unknown")
            too_early = page.try_press({"press": "next"}, str(uuid.uuid4()))
            assert (too_early.status_code, too_early.json()["type"]) == (503, "/problems/not-yet")
            assert "may lack who was called" in str(httpx2.get(f"{place.url}/readyz", timeout=30).json()["warnings"])
            page.press("close")
        with central(tmp_path, int(port)), place.serving(), Page(place.url, 1, pin) as page:
            page.press("open")
            assert page.press("give", service="clearance").json()["given"]["number"] not in given
            assert [number_of(page.press("next")) for _ in range(2)] == given[2:]
