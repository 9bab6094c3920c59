"""What central says of claims to a hall under test, and what people show there."""

import base64
import secrets
from datetime import datetime
from typing import Any

import msgspec

from common.machine.stamp import rfc3339
from common.protocol.central_keys import key_id
from common.protocol.claim_feed import ClaimKeyRecord, ClaimOfDay, ClaimRules, ClaimsToday, ClaimsWithdrawn, digits_mark
from common.protocol.codes.claim_code import Claim, compose_claim_code
from common.protocol.queue.claim import TicketClaim, check_digit
from hub.engine.act import Hub
from offline_store.feed import claims as told
from offline_store.feed.feed_taking import Taking
from tests.hub.hall import CENTRE, SERVICES, Hall
from tests.kit.claim_codes import KEY

PUBLIC = KEY.public_key().public_bytes_raw()
KID = key_id(PUBLIC)
DAY_KEY = "ab" * 16


class Promises:
    """Central's side of a hall: whom it has promised a place."""

    def __init__(self, hall: Hall, **rules: Any) -> None:
        self.hall = hall
        self.rules = ClaimRules(**rules)
        self.message_id = 100
        self.say(ClaimKeyRecord(KID, base64.b64encode(PUBLIC).decode()))
        self.withdraw()

    def say(self, body: ClaimKeyRecord | ClaimsWithdrawn | ClaimsToday, hub: Hub | None = None) -> None:
        """Let the feed bring a word."""
        self.message_id += 1
        take: dict[type, Any] = {
            ClaimKeyRecord: told.take_claim_key,
            ClaimsWithdrawn: told.take_withdrawn,
            ClaimsToday: told.take_today,
        }
        with (hub or self.hall.hub).store.write() as connection:
            take[type(body)](Taking(connection, self.message_id, CENTRE, self.hall.clock.now()), body)

    def withdraw(self, *claims: Claim) -> None:
        self.say(ClaimsWithdrawn(CENTRE, [one.id[:16] for one in claims], self.rules))

    def expect(self, *claims: Claim) -> None:
        """Tell the hub of the day's claims."""
        found = [
            ClaimOfDay(
                one.id, digits_mark(DAY_KEY, one.digits), one.service, "A", one.kind,
                one.issued if one.kind == "afar" else one.at, one.minutes, one.credit_min, one.expires,
            )
            for one in claims
        ]  # fmt: skip
        date = datetime.fromtimestamp(claims[0].at, self.hall.clock.wall.tzinfo).date().isoformat()
        self.say(ClaimsToday(CENTRE, date, DAY_KEY, found))

    def claim(self, in_s: float = 0.0, credit_min: int = 30, letter: str = "A", **changed: Any) -> Claim:
        """Promise a place in so many seconds from now; of one from afar joined so long ago."""
        seven = f"{secrets.randbelow(10_000_000):07}"
        at = int(self.hall.clock.wall.timestamp() + in_s)
        values: dict[str, Any] = {
            "id": secrets.token_hex(16), "centre": CENTRE, "service": SERVICES[letter], "kind": "booked", "at": at,
            "minutes": 15, "digits": seven + check_digit(seven), "credit_min": credit_min, "issued": min(at, at - 60),
            "expires": at + 3 * 86_400,
        }  # fmt: skip
        return Claim(**(values | changed))

    def afar(self, joined_s_ago: float, **changed: Any) -> Claim:
        joined = int(self.hall.clock.wall.timestamp() - joined_s_ago)
        return self.claim(kind="afar", issued=joined, at=joined, credit_min=10, **changed)


def code_of(claim: Claim, key: Any = KEY, kid: str = KID) -> str:
    return compose_claim_code(claim, bytes.fromhex(kid), key)


def shown(claim: Claim, *, code: str | None = "", **changed: Any) -> TicketClaim:
    """Return what a kiosk passes on of a claim that was scanned; `code=None`: of digits that were typed."""
    at = rfc3339(datetime.fromtimestamp(claim.at).astimezone())
    values: dict[str, Any] = {"kind": claim.kind, "id": claim.id, "at": at, "late_s": 0}
    values["code"] = code_of(claim) if code == "" else code
    return msgspec.convert(values | changed, TicketClaim)
