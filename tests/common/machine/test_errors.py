"""What goes wrong is said in a sentence, and a log hears where it was and nothing of what somebody gave."""

import inspect
import os
import signal

import pytest

from common.machine.entry import end_plainly_when_interrupted
from common.machine.errors import NoBusinessDay, NotFound, TicketsClosed, places_of


def test_each_error_says_what_to_do() -> None:
    closed = TicketsClosed("kiosk-revoked")
    assert (str(closed), closed.reason) == (
        "tickets are closed (kiosk-revoked): enrol this kiosk again", "kiosk-revoked",
    )  # fmt: skip
    assert str(NoBusinessDay()) == (
        "no business day is open and the clock is not trusted to open one: a manager has to open the day"
    )
    assert str(NotFound("ticket", "k" * 65)) == f"no ticket with id '{'k' * 64}' in the store"


def deeper(levels: int) -> None:
    if levels == 0:
        raise ValueError("a citizen's own words")
    deeper(levels - 1)


def test_a_log_hears_of_the_six_innermost_places() -> None:
    with pytest.raises(ValueError, match="own words") as error:
        deeper(9)
    first = inspect.getsourcelines(deeper)[1]
    inner = [f"test_errors.py:{first + 3} deeper"] * 5
    assert places_of(error.value) == [*inner, f"test_errors.py:{first + 2} deeper"]
    assert places_of(ValueError()) == []


def test_an_interrupt_ends_a_program_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to: list[tuple[int, object]] = []
    written: list[tuple[int, bytes]] = []
    monkeypatch.setattr(signal, "signal", lambda *given: set_to.append(given))
    monkeypatch.setattr(os, "write", lambda *given: written.append(given))
    end_plainly_when_interrupted()
    ((number, stop),) = set_to
    assert number == signal.SIGINT
    assert callable(stop)
    with pytest.raises(SystemExit) as end:
        stop(number, None)
    assert (end.value.code, written) == (1, [(2, b"stopped before it was done\n")])
