"""GET /r/{token} drawn: how one payment stands, in words, for who has the paper; whole without a script."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payments, whole
from central.insight.public.texts import Language, direction, following, moment_said, tell, texts
from central.insight.receipts.parts import CASH, Parties, amount_of, hash_of, parties, style_of
from central.keys.at_rest import NotOurText, Vault
from central.keys.receipt_keys import open_proof, page_digest
from common.city.brand.brand import brand
from common.protocol.payments.answers import ENDED
from common.web.templates import template

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shown:
    """A payment as its page shows it: nothing in it names a person."""

    row: Row[Any]
    parties: Parties
    seal: str | None

    @property
    def is_over(self) -> bool:
        """Return whether nothing more is to come."""
        return self.row.state in ENDED and self.row.state != "refund-due"

    @property
    def state(self) -> str:
        """Return the state as its words name it: what can't be known yet is never called unpaid."""
        if self.row.state not in ("inquired", "opened"):
            return "marked" if self.row.state == "told" else str(self.row.state)
        is_late = self.row.payer in self.parties.late or clock.as_text(clock.now()) > self.row.dies_at
        return "unknown" if is_late else "opened"


async def shown(connection: AsyncConnection, vault: Vault, token: str) -> Shown | None:
    """Return the payment whose page this token opens, None where there is none."""
    query = whole().where(payments.c.page_sha256 == page_digest(token))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    seal = None
    if row.proof is not None and row.state in ("marked", "told"):
        try:
            seal = open_proof(vault, row.id, row.proof).seal
        except NotOurText:  # a copy of the database without its key file: the words hold all the same
            seal = None
    return Shown(row, await parties(connection), seal)


def receipt_page(payment: Shown | None, language: Language) -> tuple[bytes, str]:
    """Draw the page and the policy that it bears; the same one for every token that opens none."""
    style = style_of()
    from markupsafe import Markup

    drawn = template(HERE / "files" / "receipt.html").render(
        language=language,
        direction=direction(language),
        other=following(language),
        authority=(brand().authority or {}).get(language),
        t=lambda text_id, **values: tell(language, text_id, **values),
        style=Markup(style),  # noqa: S704 - files of ours and colours that the brand has checked
        payment=payment,
        lines=[] if payment is None else lines_of(payment, language),
        facts=[] if payment is None else facts_of(payment, language),
        seal=None if payment is None or payment.seal is None else payment.seal,
        check="" if payment is None or payment.seal is None else f"/v?lang={language}#{quote(payment.seal, safe='')}",
        picture=None if payment is None or payment.seal is None else Markup(_picture(payment.seal)),  # noqa: S704
        at=_local(clock.now()),
    )
    policy = (
        f"default-src 'none'; style-src '{hash_of(style)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return drawn.encode(), policy


def lines_of(payment: Shown, language: Language) -> list[str]:
    """Return what the state means to who paid, the state itself first."""
    row, state = payment.row, payment.state
    said = [tell(language, f"receipt.{state}")]
    if row.reason and f"receipt.why_{row.reason}" in texts(language):
        said.append(tell(language, f"receipt.why_{row.reason}"))
    means = f"receipt.{state}_means"
    if row.payer == CASH and state in ("refund-due", "refunded"):
        means = f"receipt.{state}_cash"
    if state == "unknown" and row.payer in payment.parties.late:
        means = "receipt.opened_late"
    until = moment_said(datetime.fromisoformat(row.dies_at), clock.now(), language)
    return [*said, tell(language, means, until=until, payer=payment.parties.payer(row.payer, language))]


def facts_of(payment: Shown, language: Language) -> list[tuple[str, str]]:
    """Return what is known of it, each with its name."""
    row = payment.row
    biller = tell(language, "receipt.orders") if row.order_id is not None else ""
    is_paid = row.paid_at is not None  # before that nothing was paid to anybody
    found = {
        "verify.biller" if is_paid else "receipt.biller": biller or payment.parties.biller(row.biller, language),
        "verify.amount": amount_of(row.amount, row.currency, row.pound, language),
        "verify.paid": None if row.paid_at is None else _local(row.paid_at),
        "verify.biller_receipt": row.receipt if payment.state == "marked" else None,
        "verify.payer" if is_paid else "receipt.payer": payment.parties.payer(row.payer, language),
        "verify.payer_receipt": row.payer_receipt,
        "receipt.refund_receipt": row.refund_receipt,
        "verify.bill_no": row.bill_no,
    }
    return [(tell(language, name), str(value)) for name, value in found.items() if value is not None]


def _picture(seal: str) -> str:
    made = qrcode.make(seal, image_factory=SvgPathImage, error_correction=ERROR_CORRECT_M, border=4)
    return str(made.to_string(encoding="unicode"))


def _local(moment: datetime | str) -> str:
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{moment.astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"
