"""A biller by HTTP, in the wire of docs/protocol.md: fields, inquiries, marks under a key, changes after a number."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from central.payments.ports.biller import BillerFields, Changes, Debt, Mark, Marked, Owed
from central.payments.ports.calling import Answer, call, check_address
from central.payments.ports.errors import AnswerLost, MarkRefused, NotReached, Refused
from central.payments.ports.opening import Means
from central.payments.settings import secret
from common.machine.errors import ConfigError
from common.protocol.field import FreeText, Line, Prefix, Word
from common.protocol.payments.setup import Names, PaperCode

PAGE: Final = 500
_LATER: Final = frozenset({429, 503})


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    token_file: str
    names: Names | None = None
    cashier_group: Prefix | None = None
    papers: Annotated[tuple[PaperCode, ...], Meta(max_length=4)] = ()
    service: Word | None = None


class _Owed(Struct, frozen=True):
    subscriber: Line
    debts: Annotated[list[Debt], Meta(max_length=100)]
    name: FreeText | None = None


class _No(Struct, frozen=True):
    reason: str
    by: Line | None = None


class HttpBiller:
    """A biller as central calls it."""

    def __init__(self, means: Means) -> None:
        """Read the section and its token. Raises ConfigError."""
        section = means.read(_Section)
        try:
            self._url = check_address(section.url)
        except ValueError as error:
            raise ConfigError(f"[billers.{means.name}]: {error}") from error
        self._token_file = means.file(section.token_file)
        secret(self._token_file)
        self._names = section.names
        self.cashier_group, self.papers, self.service = section.cashier_group, section.papers, section.service

    async def fields(self) -> BillerFields:
        """Ask what it asks for; names that the settings give go before its own."""
        found = _decoded(await self._call("GET", "/v1/fields"), BillerFields)
        return found if self._names is None else msgspec.structs.replace(found, names=self._names)

    async def inquire(self, fields: Mapping[str, str]) -> Owed | None:
        """Ask what a subscriber owes."""
        answer = await self._call("POST", "/v1/inquiries", {"fields": dict(fields)})
        if answer.status == 404:
            return None
        if answer.status == 422:
            raise Refused("unreadable")
        found = _decoded(answer, _Owed)
        return Owed(found.subscriber, found.debts, found.name)

    async def mark(self, mark: Mark) -> Marked:
        """Enter a payment under its key."""
        body = {
            "debt": mark.debt, "amount": mark.amount, "currency": mark.currency, "payer": mark.payer,
            "payment": mark.key,
        }  # fmt: skip
        answer = await self._call("POST", "/v1/marks", body, {"Idempotency-Key": mark.key})
        if answer.status in (200, 201):
            return _decoded(answer, Marked, answer.status)
        if answer.status == 409:
            no = _decoded(answer, _No, 409)
            if no.reason == "Amount":
                raise MarkRefused("amount-changed")
            if no.reason == "Dup":
                raise MarkRefused("paid-elsewhere", no.by)
            raise AnswerLost("409 for another reason")
        # A web server whose path moved says 404 too, and a portal 403, with a page: that is no word of the biller's.
        if answer.status in (403, 404) and (not answer.body.strip() or _is_json(answer)):
            raise MarkRefused("not-taken")
        raise AnswerLost(f"status {answer.status}")

    async def changes(self, after: int) -> Changes:
        """Read its books."""
        found = _decoded(await self._call("GET", f"/v1/changes?after={after}&limit={PAGE}"), Changes)
        reached = max([after, found.next, *(one.seq for one in found.changes)])
        return Changes(found.changes, reached, found.more and reached > after)

    async def _call(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        try:
            token = secret(self._token_file)  # each time: a new one needs no restart
        except ConfigError as error:
            raise NotReached(str(error)) from error
        sent = None if body is None else msgspec.json.encode(body)
        answer = await call(method, self._url + path, sent, {"Authorization": f"Bearer {token}", **(headers or {})})
        if answer.status in _LATER:
            raise AnswerLost(f"status {answer.status}")
        return answer


def _decoded[T](answer: Answer, shape: type[T], status: int = 200) -> T:
    if answer.status != status:
        raise AnswerLost(f"status {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # What it asks for is nobody's secret, and who set the biller up has to know what is wrong with it.
        raise AnswerLost(f"/v1/fields: {error}" if shape is BillerFields else "another shape") from error


def _is_json(answer: Answer) -> bool:
    try:
        msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
