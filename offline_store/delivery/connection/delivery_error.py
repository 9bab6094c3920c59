"""Why a call to central brought nothing, and what a refusal means for delivery.

::

    StoreError
      DeliveryError
        DeliveryDeferred(code, retry_after_s)  network, TLS, 5xx, 429, not central's answer -> later, same ids
        DeliveryRejected(code)                 central will not take this request as it is
          TooLarge                             413 -> halve the batch
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import msgspec

from common.machine.errors import StoreError

# The problem of a kiosk that central has taken out of service.
REVOKED: Final = "kiosk-revoked"


class DeliveryError(StoreError):
    """A call to central that brought nothing. `code` is a short word for alarms, the text a line for a technician."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class DeliveryDeferred(DeliveryError):
    """Nothing is known to be wrong with what was sent: send the same again, not before `retry_after_s` if given."""

    def __init__(self, code: str, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(code, text)
        self.retry_after_s = retry_after_s


class DeliveryRejected(DeliveryError):
    """Central (or something in its place) will not take this request. Nothing leaves the outbox for it.

    `problem` is the last part of the problem document's type, such as `key-revoked`; empty where there is none.
    """

    def __init__(self, code: str, text: str, problem: str = "") -> None:
        super().__init__(code, text)
        self.problem = problem


class TooLarge(DeliveryRejected):
    """The request was too large for something on the way: send less at a time."""


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> DeliveryError:
    """Return what a status outside 2xx means for delivery. Such an answer is unsigned, so it moves no item."""
    problem, detail = problem_of(body)
    if status == HTTPStatus.TOO_MANY_REQUESTS and not problem:  # the proxy's word, for many behind one address
        detail = "too many at once from this address; again in a minute"
    text = f"central answered {status}: {detail}"
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge("too-large", text, problem)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return DeliveryRejected("unauthorised", text, problem)
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY):
        return DeliveryRejected("refused", text, problem)
    return DeliveryDeferred(f"status-{status}", text, _retry_after(headers))


def problem_of(body: bytes) -> tuple[str, str]:
    """Take type and sentence out of an RFC 9457 problem document, bounded and printable; nothing else is ever shown."""
    try:
        problem = msgspec.json.decode(body[:10_000], type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", "no reason given"
    kind = str(problem.get("type") or "").rstrip("/").rsplit("/", 1)[-1]
    text = str(problem.get("detail") or problem.get("title") or "no reason given")
    return kind[:40], "".join(letter if letter.isprintable() else " " for letter in text)[:200]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3) in seconds; a date is taken against the same answer's own Date."""
    text = headers.get("retry-after")
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (ValueError, TypeError, KeyError):
        return None
