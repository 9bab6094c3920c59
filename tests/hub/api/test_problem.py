"""What a page or kiosk is told where the hub says no, or not now."""

from typing import Any, cast

import msgspec
import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreError, StoreUnavailable
from hub.api.problem import EXCEPTION_HANDLERS
from hub.engine.act import Following
from hub.engine.presses.pressing import NotYet
from hub.engine.refusal import Refused
from hub.sessions.sessions import TooManyWrongPins


@pytest.mark.parametrize(
    ("error", "status", "kind", "detail", "headers"),
    [
        (Refused(409, "day-passed", "open already"), 409, "day-passed", "open already", {}),
        (Refused(401, "no-session", "log in"), 401, "no-session", "log in", {"www-authenticate": "Session"}),
        (NotYet("it has just begun", 3), 503, "not-yet", "it has just begun", {"retry-after": "3"}),
        (Following(), 503, "following", "this hub follows another one: press there, or promote this one",
         {"retry-after": "5"}),
        (TooManyWrongPins(40), 429, "too-many-wrong-pins", "too many wrong PINs: wait 40 s", {"retry-after": "40"}),
        (StoreUnavailable("full"), 503, "store-away",
         "the hub's disk does not take it now: the same press is tried again", {"retry-after": "2"}),
    ],
)  # fmt: skip
def test_each_no_has_its_status_its_name_and_when_to_try_again(
    error: Exception, status: int, kind: str, detail: str, headers: dict[str, str]
) -> None:
    handler = next(EXCEPTION_HANDLERS[one] for one in type(error).__mro__ if one in EXCEPTION_HANDLERS)
    answer = handler(cast("Any", None), error)
    body = answer.content if isinstance(answer.content, dict) else msgspec.json.decode(answer.content)
    assert (answer.status_code, body["status"], body["type"]) == (status, status, f"/problems/{kind}")
    assert body["detail"] == detail
    given = {name.lower(): value for name, value in answer.headers.items()}
    assert {name: given.get(name) for name in ("www-authenticate", "retry-after") if name in given} == headers


def test_a_disk_that_does_not_take_it_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as logged:
        EXCEPTION_HANDLERS[StoreError](cast("Any", None), StoreError("x" * 301))
    assert logged == [{"event": "store-failed", "log_level": "error", "error": "StoreError", "detail": "x" * 300}]
