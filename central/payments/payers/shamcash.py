"""The wallet ShamCash: its merchant interface, version 1.0.0.

`POST {url}/api/ElectronicPayment/{call}` with `{"encData","agentKey"}`; answers are HTTP 200 whatever became of it, and
`result` says that. Not 200, or no JSON: a proxy's or a portal's word, and nobody knows. Source: the wallet's own guide
for merchants as its SDK has it (docs/payments.md).
"""

import base64
import binascii
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from central.base import clock
from central.payments.payers import jwe
from central.payments.payers.amounts import read, written
from central.payments.ports.calling import call, check_address
from central.payments.ports.errors import AnswerLost, Forged, Refused
from central.payments.ports.opening import Means
from central.payments.ports.payer import PAID_BEFORE, Entries, Entry, Heard, Opened, Standing, Wanted
from central.payments.settings import secret
from common.machine.errors import ConfigError
from common.protocol.payments.setup import Names

TOKEN_LIVES_S: Final = 300
APART_S: Final = 30
"""What clocks may differ by, as the wallet's guide has it."""
PAGE: Final = 500
CURRENCIES: Final = {"USD": 1, "SYP": 2}
_CODES: Final = {number: code for code, number in CURRENCIES.items()}
_SINCE: Final = 2020  # no money of ours came before
_SUCCESS, _GENERAL, _NOT_FOUND, _EXISTS = 2500, 1000, 1703, 1704
_STATES: Final = {1: "open", 3: "expired", 4: "paid"}
_NAMES: Final = {"ar": "شام كاش", "en": "Sham Cash"}


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    agent_key_file: str
    secret_key_file: str
    bill_life_s: Annotated[int, Meta(ge=60, le=3600)] = 600
    names: Names | None = None


class _Envelope(Struct, frozen=True):
    result: int
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Bill(Struct, frozen=True, rename="camel"):
    bill_no: str
    status_id: int
    payment_url: str = ""
    tran_id: int | None = None
    amount: Decimal | None = None
    currency_id: int = 2


class _Refunded(Struct, frozen=True, rename="camel"):
    tran_id: int


class _Row(Struct, frozen=True, rename="camel"):
    bill_no: str
    amount: Decimal
    currency_id: int
    tran_id: int
    tran_type_id: int
    created_date: str = ""
    created_time: str = ""


class _Page(Struct, frozen=True, rename="camel"):
    list: list[_Row]
    has_more: bool
    last_returned_tran_id: int


class _Webhook(Struct, frozen=True, rename="camel"):
    bill_no: str
    status_id: int
    iat: int
    exp: int
    tran_id: int | None = None


class ShamCash:
    """The wallet as a payer."""

    late_days = 0

    def __init__(self, means: Means) -> None:
        """Read the section and its secrets. Raises ConfigError."""
        section = means.read(_Section)
        try:
            self._url = check_address(section.url) + "/api/ElectronicPayment/"
        except ValueError as error:
            raise ConfigError(f"[payers.{means.name}]: {error}") from error
        self._agent = secret(means.file(section.agent_key_file))
        self._key = _key(secret(means.file(section.secret_key_file)), means.name)
        self._now = means.now
        self.names, self.bill_life_s = section.names or _NAMES, section.bill_life_s

    async def open(self, wanted: Wanted) -> Opened:
        """Make a bill; one that exists already is read, for its answer may have been lost."""
        if wanted.currency not in CURRENCIES:
            raise Refused("currency")
        asked = {
            "billNo": wanted.bill_no,
            "amount": written(wanted.amount, wanted.currency),
            "currencyId": CURRENCIES[wanted.currency],
            "callbackUrl": wanted.hears_at or wanted.returns_to,
            "redirectUrl": wanted.returns_to,
        }
        answer = await self._call("createBill", asked)
        if answer.result == _EXISTS:
            answer = await self._call("getBillInfo", {"billNo": wanted.bill_no})
        bill = _data(answer, _Bill)
        if bill.bill_no != wanted.bill_no or not _is_address(bill.payment_url):
            raise AnswerLost("another bill, or no address")
        if bill.amount is not None and _amount(bill) != wanted.amount:
            raise Refused("another-amount")  # a number of ours that was used before, by a database set back
        if _STATES.get(bill.status_id) == "paid":
            raise Refused(PAID_BEFORE)
        return Opened(bill.payment_url)

    async def state(self, bill_no: str) -> Standing:
        """Read a bill."""
        answer = await self._call("getBillInfo", {"billNo": bill_no})
        if answer.result == _NOT_FOUND:
            return Standing("none")
        bill = _data(answer, _Bill)
        if bill.bill_no != bill_no:
            raise AnswerLost("another bill")
        if bill.status_id not in _STATES:
            raise Refused(f"status-{bill.status_id}")
        state: Any = _STATES[bill.status_id]
        receipt = None if bill.tran_id is None else str(bill.tran_id)
        return Standing(state, receipt, None if bill.amount is None else _amount(bill))

    async def changes(self, cursor: str | None) -> Entries:
        """Read its transactions after a number."""
        after = int(cursor or 0)
        page = _data(await self._call("getTransactions", {"afterTranId": after, "limit": PAGE}), _Page)
        entries, unread = [], []
        for row in page.list:
            entry = self._entry(row)
            if entry is None:
                unread.append(str(row.tran_id))
            else:
                entries.append(entry)
        reached = max([after, page.last_returned_tran_id, *(row.tran_id for row in page.list)])
        return Entries(entries, str(reached), page.has_more and reached > after, unread)

    async def refund(self, bill_no: str, amount: int, currency: str, key: str) -> str:
        """Give money back."""
        asked = {"billNo": bill_no, "amount": written(amount, currency), "idempotencyKey": key}
        return str(_data(await self._call("refundBill", asked), _Refunded).tran_id)

    def heard(self, body: bytes, now: datetime) -> Heard:
        """Open a webhook."""
        try:
            token = msgspec.json.decode(body, type=dict[str, Any])["encData"]
            said = msgspec.json.decode(jwe.opened(self._key, token), type=_Webhook)
        except (KeyError, AttributeError, ValueError, msgspec.DecodeError, RecursionError) as error:
            raise Forged(type(error).__name__) from error
        moment = now.timestamp()
        if said.iat > moment + APART_S or said.exp < moment - APART_S:
            raise Forged("not of this time")
        state = _STATES.get(said.status_id)
        if state not in ("paid", "expired"):
            raise Forged("another state")
        receipt = None if said.tran_id is None else str(said.tran_id)
        return Heard(said.bill_no, "paid" if state == "paid" else "expired", receipt)

    async def _call(self, name: str, asked: dict[str, Any]) -> _Envelope:
        issued = int(self._now().timestamp())
        text = msgspec.json.Encoder(decimal_format="number").encode(
            asked | {"iat": issued, "exp": issued + TOKEN_LIVES_S}
        )
        body = msgspec.json.encode({"encData": jwe.seal(self._key, text), "agentKey": self._agent})
        answer = await call("POST", self._url + name, body)
        if answer.status != 200:
            raise AnswerLost(f"status {answer.status}")
        try:
            found = msgspec.json.decode(answer.body, type=_Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise AnswerLost("no JSON of the wallet's") from error
        if found.result == _GENERAL:
            raise AnswerLost("result 1000")  # "general error": whether it was done before is not said
        return found

    def _entry(self, row: _Row) -> Entry | None:
        currency = _CODES.get(row.currency_id)
        if currency is None or row.tran_type_id not in (1, 2):
            return None
        try:
            amount = read(row.amount, currency)
        except ValueError:
            return None
        kind: Any = "paid" if row.tran_type_id == 1 else "refunded"
        return Entry(str(row.tran_id), kind, row.bill_no, amount, currency, self._moment(row))

    def _moment(self, row: _Row) -> datetime:
        """When it was, by the wallet's clock on the wall, which is Syria's."""
        try:
            at = datetime.fromisoformat(f"{row.created_date}T{row.created_time}")
        except ValueError:
            return self._now()
        at = at if at.tzinfo else at.replace(tzinfo=clock.CENTRE_TIME)
        if at.year < _SINCE:
            return self._now()
        return min(at, self._now() + timedelta(seconds=APART_S))


def _data[T](answer: _Envelope, shape: type[T]) -> T:
    if answer.result != _SUCCESS:
        raise Refused(f"result-{answer.result}")
    try:
        return msgspec.json.decode(answer.data, type=shape)
    except msgspec.DecodeError as error:
        raise AnswerLost("another shape") from error


def _amount(bill: _Bill) -> int:
    try:
        return read(bill.amount or 0, _CODES[bill.currency_id])
    except (KeyError, ValueError) as error:
        raise AnswerLost("no amount") from error


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://127.0.0.1", "http://localhost")) and len(text) <= 600 and text.isascii()


def _key(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != jwe.KEY_BYTES:
        raise ConfigError(f"[payers.{name}]: the secret key is no base64 of {jwe.KEY_BYTES} bytes")
    return key
