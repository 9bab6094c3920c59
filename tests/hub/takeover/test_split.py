"""Two hubs that live and do not hear each other, with counters on each: once they do, one leads and one log is left."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx2
import msgspec
import pytest

from hub.log.event import read_events
from hub.opened import opened
from tests.hub.commands.processes import Central, HubPlace, Kept, Page, central, enrolled_hub, free_port, running
from tests.hub.held import check_counters
from tests.hub.pages.cable import Cable, cable
from tests.hub.takeover.test_takeover import head, number_of, until

pytestmark = pytest.mark.timeout(240)
OF_FIRST: Final = (1, 2, 3)
OF_SECOND: Final = (4, 5, 6)
PEOPLE: Final = 30


@dataclass
class Clerk:
    """A clerk at a page, who keeps what the page would keep, and what became of people."""

    counter: int
    page: Page
    version: int = 0
    ticket: str | None = None
    kept: list[Kept] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    def press(self, kind: str, **fields: Any) -> httpx2.Response:
        key = str(uuid.uuid4())
        response = self.page.press(kind, key, **fields)
        assert response.status_code == 200, response.text
        self.kept.append(Kept(key, response))
        counter = response.json()["counter"]
        self.version = counter["version"]
        self.ticket = None if counter["ticket"] is None else counter["ticket"]["id"]
        return response

    def serves(self) -> str | None:
        """Call the next one and serve him to the end; give his number."""
        number = number_of(self.press("next"))
        if number is not None:
            self.press("came", ticket=self.ticket, version=self.version)
            self.press("done", ticket=self.ticket, version=self.version)
            self.served.append(number)
        return number

    def has_before(self) -> str | None:
        """Call the next one, who comes, and is at the counter still."""
        number = number_of(self.press("next"))
        self.press("came", ticket=self.ticket, version=self.version)
        return number

    def goes_to(self, page: Page) -> dict[str, Any]:
        """Go on at another hub's page, which tells what the former one answered; give the counter as it stands."""
        self.page.close()
        self.page = page
        last: dict[str, Any] = {}
        for said in self.kept:
            wish = said.wish | {"more": said is not self.kept[-1]}
            response = page.client.post(f"/v1/counters/{self.counter}/resume", json=wish)
            assert response.status_code == 200, response.text
            last = response.json()["counter"]
        self.version = last["version"]
        return last


@dataclass
class Split:
    """Both hubs lead, neither hears the other, and people were called at both."""

    there: Central
    first: HubPlace
    second: HubPlace
    cables: tuple[Cable, Cable]
    pins: dict[int, str]
    at_first: list[Clerk]
    at_second: list[Clerk]
    closing: contextlib.ExitStack

    def word_of_second(self) -> dict[str, str]:
        """What a page that has heard of the second hub sends along with a press."""
        said = httpx2.get(f"{self.second.url}/v1/hub", timeout=5).json()["statement"]
        return {"Hub-Followed": json.dumps(said)}

    def hear_each_other(self) -> None:
        for one in self.cables:
            one.put_in()
        until(lambda: head(self.first)[0] == 2 and head(self.first)[1:] == (head(self.second)[1], False))
        assert head(self.second)[0] == 2
        assert head(self.second)[2] is True

    def clerks_go_over(self) -> None:
        for clerk in self.at_first:
            page = self.closing.enter_context(Page(self.second.url, clerk.counter, self.pins[clerk.counter]))
            clerk.goes_to(page)


def clerks(
    place: HubPlace, pins: dict[int, str], counters: tuple[int, ...], alive: contextlib.ExitStack
) -> list[Clerk]:
    """Log a clerk in at each of these counters, and open it."""
    found = [Clerk(one, alive.enter_context(Page(place.url, one, pins[one]))) for one in counters]
    for clerk in found:
        clerk.press("open")
    return found


def take_over(second: HubPlace, manager: str) -> None:
    """Let the second hub lead, without waiting for counters whose pages are at the first."""
    assert second.lines("promote", "--pin", manager, "--json")[0]["term"] == 2
    until(lambda: head(second)[2])
    with Page(second.url, None, manager) as managing:
        for counter in OF_FIRST:
            released = managing.client.put("/v1/counters", json={"number": counter, "release": True})
            assert released.status_code == 200, released.text


@pytest.fixture
def split(tmp_path: Path) -> Iterator[Split]:
    with contextlib.ExitStack() as alive:
        there = alive.enter_context(central(tmp_path))
        ports = free_port(), free_port()
        one, other = (alive.enter_context(cable(f"http://127.0.0.1:{port}")) for port in ports)
        first = enrolled_hub(tmp_path / "first", there, port=ports[0], address=one.url)
        second = enrolled_hub(tmp_path / "second", there, port=ports[1], address=other.url)
        pins = {number: there.pin(f"clerk {number}") for number in (*OF_FIRST, *OF_SECOND)}
        manager = there.pin("هدى", "manager")
        for place in (first, second):
            place.command("forward", "--once")
        alive.enter_context(first.serving())
        alive.enter_context(running("hub", "follow", "--config", second.config, log=second.folder / "follow.log"))
        at_first = clerks(first, pins, OF_FIRST, alive)
        for _ in range(PEOPLE):
            at_first[0].press("give", service="clearance")
        for clerk in at_first:
            clerk.press("next")
        until(lambda: head(second)[1] == head(first)[1])
        one.pull_out()
        other.pull_out()
        for clerk in at_first:
            clerk.kept.clear()  # the second hub has these
        take_over(second, manager)
        assert (head(first)[0], head(first)[2]) == (1, True)
        at_second = clerks(second, pins, OF_SECOND, alive)
        for clerk in (*at_second, *at_first, *at_first):
            clerk.serves()
        # Some of the first hub's people were served at the second, and the last ones are at counters of both.
        for clerk in (*at_first, *at_second):
            clerk.has_before()
        yield Split(there, first, second, (one, other), pins, at_first, at_second, alive)


def log_hash(place: HubPlace) -> str:
    with opened(Path(place.config)) as parts, parts.hub.read() as look:
        events = list(read_events(look.connection))
    assert events
    return sha256(b"\n".join(msgspec.json.encode(event) for event in events)).hexdigest()


def nobody_is_called_again(split: Split) -> None:
    """Have everybody who is left called at the second hub: those whom either side has served are not among them."""
    served = {number for clerk in (*split.at_first, *split.at_second) for number in clerk.served}
    rest: list[str] = []
    for clerk in (*split.at_first, *split.at_second):
        while (number := number_of(clerk.press("next"))) is not None:
            rest.append(number)
    assert len(rest) == len(set(rest))
    assert set(rest) & served == set()
    assert rest, "somebody was left"


def at_counters(split: Split) -> list[str]:
    """Return the tickets that are at a counter, by the leading hub's word."""
    with opened(Path(split.second.config)) as parts:
        check_counters(parts.hub.store)
        with parts.hub.read() as look:
            rows = look.connection.exec_driver_sql("SELECT ticket FROM hub_counters WHERE ticket IS NOT NULL")
            return [row.ticket for row in rows]


def test_two_hubs_that_hear_each_other_again_have_one_leader_and_one_log_and_nobody_at_two_counters(
    split: Split,
) -> None:
    both = {one.ticket for one in split.at_first} & {one.ticket for one in split.at_second}
    twice = {n for one in split.at_first for n in one.served} & {n for one in split.at_second for n in one.served}
    assert both or twice, "people were called at both sides"
    split.hear_each_other()
    for clerk in split.at_first:
        refused = clerk.page.try_press({"press": "next"}, str(uuid.uuid4()))
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/following")
    split.clerks_go_over()
    held = at_counters(split)
    assert len(held) == len(set(held))
    assert {one.ticket for one in split.at_second} <= set(held), "who sits at the leading hub's counters stays there"
    nobody_is_called_again(split)
    until(lambda: head(split.first)[1] == head(split.second)[1])
    split.closing.close()
    assert log_hash(split.first) == log_hash(split.second)


def test_one_press_with_the_word_of_the_later_hub_ends_the_former_ones_lead_while_they_are_cut_off(
    split: Split,
) -> None:
    told = split.at_first[0]
    headers = {"Idempotency-Key": str(uuid.uuid4())} | split.word_of_second()
    refused = told.page.client.post(f"/v1/counters/{told.counter}/presses", json={"press": "next"}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/not-yet")
    assert (head(split.first)[0], head(split.first)[2]) == (1, False), "it leads no more from that press on"
    for clerk in split.at_first:  # the other pages do not know the word, and are sent away all the same
        refused = clerk.page.try_press({"press": "next"}, str(uuid.uuid4()))
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/following")
    split.clerks_go_over()
    at_counters(split)
    nobody_is_called_again(split)
    split.hear_each_other()
    split.closing.close()
    assert log_hash(split.first) == log_hash(split.second)
