"""The people of a centre who press: clerks at their counters, and the manager who ends a day."""

import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from hub.log.rows import Counter as CounterRow
from tools.fleet.hub import HubMachine
from tools.fleet.world import FAR_AHEAD, LONG_AGO

GROUPS = {1: ["A", "B"], 2: ["B", "A"], 3: ["C", "D"]}
NAMES = {1: "الوثائق", 2: "المعاملات", 3: "الفواتير"}
LONGEST_REPEATS = 30
# What the hub may refuse in words: not a minute since the call, nothing to take back, nobody there any more, no day, or
# one that has ended meanwhile.
MAY_BE_REFUSED = {"not-here", "undo", "resume", "give", "transfer", "park"}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at a centre, by their PINs."""

    pins: dict[int, str]
    manager: str


def counters_of(centre: str) -> dict[str, Any]:
    """Return what central publishes of a centre's counters."""
    records = [
        {"number": number, "names": {"ar": NAMES[number], "en": f"{number}"}, "groups": groups}
        for number, groups in GROUPS.items()
    ]
    return {"centre": centre, "counters": records}


@dataclass
class Counters:
    """The counters of a centre. `goes_on` has everybody act once."""

    hub: HubMachine
    staff: Staff
    chance: Random
    events: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._sessions: dict[int | None, str] = {}
        self._away: dict[int, list[str]] = {number: [] for number in GROUPS}
        self._client = httpx2.Client(base_url=self.hub.url, timeout=30, trust_env=False)
        self.hub.forward()

    def goes_on(self) -> None:
        """Have each clerk act once."""
        self.hub.works(running=True)
        for number in GROUPS:
            self._act(number)

    def end_the_day(self, *, by_manager: bool) -> None:
        """Finish who is at a counter and close; a manager may end the day, else the next one does."""
        for number in GROUPS:
            if (last := self._seen(number)).ticket is not None:
                if last.state == "called":
                    self._press(number, "came")
                self._press(number, "done")
            if number in self._sessions and self._seen(number).state != "closed":
                self._press(number, "close")
        self._sessions.clear()
        if by_manager:
            self._log_in(None, self.staff.manager)
            self._insist("PUT", "/v1/day", {"close": True}, self._headers(None))
        self.hub.works(running=False)

    def end(self) -> None:
        """Drop the connection."""
        self._client.close()

    # --- a clerk ------------------------------------------------------------------------------------------------

    def _act(self, number: int) -> None:
        if number not in self._sessions:
            self._log_in(number, self.staff.pins[number])
            self._press(number, "open")
        counter, dice = self._seen(number), self.chance.random()
        if counter.ticket is None:
            self._without_anybody(number, dice)
        elif counter.state == "called":
            self._press(number, "came" if dice < 0.75 else "not-here" if dice < 0.9 else "again")
        elif dice < 0.75:
            self._press(number, "done", documents={"civil-affairs": self.chance.randrange(1, 4)})
        elif dice < 0.8:
            self._press(number, "left")
        elif dice < 0.87:
            if self._press(number, "park", where="archive"):
                self._away[number].append(counter.ticket)
        elif dice < 0.95:
            self._press(number, "transfer", to=self.chance.choice("ABCD"), first=dice < 0.9)
        else:
            self._press(number, "undo")

    def _without_anybody(self, number: int, dice: float) -> None:
        if self._away[number] and dice < 0.4:
            self._press(number, "resume", ticket=self._away[number].pop(0))
        elif dice < 0.03:
            self._press(number, "give", service="civil-affairs")
        elif dice < 0.06:
            self._press(number, "undo", ticket=str(uuid.UUID(int=0)))
        else:
            self._press(number, "next")

    def _press(self, number: int, kind: str, **fields: Any) -> bool:
        """Press as a page does, with what it was sent, until there is an answer; return whether it was done.

        A bad line may lose that answer too, and the press is sent once more.
        """
        now = self._seen(number)
        body: dict[str, Any] = {"press": kind, **fields}
        if kind not in ("open", "close", "next", "give"):
            body = {"press": kind, "version": now.version, "ticket": now.ticket, **fields}
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        answer = self._send(number, key, body)
        if self.chance.random() < 0.1:
            self.events["answers-lost"] += 1
            if self.chance.random() < 0.3:
                self._goes_dark()
            again = self._send(number, key, body)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
        assert answer.status_code == 200 or (kind in MAY_BE_REFUSED and answer.status_code == 409), answer.text
        self.events[kind] += answer.status_code == 200
        return answer.status_code == 200

    def _send(self, number: int, key: str, body: dict[str, Any]) -> httpx2.Response:
        """Send a press until it is answered; the page keeps its key also where the clerk has to log in again."""
        path = f"/v1/counters/{number}/presses"
        answer = self._insist("POST", path, body, self._headers(number) | {"Idempotency-Key": key})
        if answer.status_code == 401:  # the true time came to light, and the twelve hours were over
            self._log_in(number, self.staff.pins[number])
            answer = self._insist("POST", path, body, self._headers(number) | {"Idempotency-Key": key})
        return answer

    def _seen(self, number: int) -> CounterRow:
        """Return what the page shows; a page that is dark is looked at again once there is power."""
        self.light()
        return self.hub.counter(number)

    def _log_in(self, number: int | None, pin: str) -> None:
        body = {"pin": pin, "counter": number, "take_over": True}
        answer = self._insist("POST", "/v1/sessions", body, {})
        assert answer.status_code == 201, answer.text
        self._sessions[number] = answer.headers["set-cookie"].split(";")[0]
        self._client.cookies.clear()

    def _headers(self, number: int | None) -> dict[str, str]:
        return {"Cookie": self._sessions[number]}

    def _insist(self, method: str, path: str, body: object, headers: dict[str, str]) -> httpx2.Response:
        """Send until something final comes back; a clerk who finds the hub dark waits for its power."""
        for _ in range(LONGEST_REPEATS):
            with suppress(httpx2.TransportError):
                answer = self._client.request(method, path, json=body, headers=headers)
                if answer.status_code < 500:
                    return answer
            self.light()
        raise AssertionError(f"{method} {path} was never answered")

    # --- power --------------------------------------------------------------------------------------------------

    def _goes_dark(self) -> None:
        if not self.hub.is_dark:
            self.hub.cut()

    def light(self) -> None:
        """Bring power back where it is gone; the battery clock shows what it likes."""
        if self.hub.is_dark:
            self.events["power-cuts"] += 1
            self.hub.boot(self.chance.choice([self.hub.clock.world.now, LONG_AGO, FAR_AHEAD]))
            self.hub.works(running=bool(self._sessions))
