"""GET /v drawn: one file with keys, words and reader in it, so that a saved copy checks receipts without a network."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.keys import app_keys, central_keys
from central.insight.public.texts import LANGUAGES, Language, direction, tell, texts
from central.insight.receipts.parts import Parties, file_of, hash_of, parties, style_of
from central.keys import receipt_keys
from common.city.brand.brand import brand
from common.protocol.codes.issued import IssuerKey
from common.web.templates import template

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Known:
    """What the page judges by. `others` are the kids, in hex, of keys that sign for other issuers."""

    keys: Sequence[IssuerKey]
    others: Collection[str]
    parties: Parties
    as_of: datetime


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The page, and the policy under which it may run what is in it and speak to nobody."""

    body: bytes
    policy: str


async def known(connection: AsyncConnection) -> Known:
    """Return the keys that hold now, as their rows say."""
    keys = list((await receipt_keys.public_keys(connection)).values())
    claims = await connection.scalars(select(central_keys.c.kid).where(central_keys.c.purpose == "claims"))
    apps = await connection.scalars(select(app_keys.c.kid))
    return Known(keys, [*claims, *apps], await parties(connection), clock.now())


def verify_page(judged_by: Known, language: Language) -> VerifyPage:
    """Draw the page."""
    style, script = style_of(), file_of("verify.mjs")
    as_of = f"{judged_by.as_of.astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"
    from markupsafe import Markup  # jinja2's own, and as late as that

    drawn = template(HERE / "files" / "verify.html").render(
        language=language,
        languages=LANGUAGES,
        direction=direction(language),
        direction_of=direction,
        authority=(brand().authority or {}).get(language),
        t=lambda text_id, **values: tell(language, text_id, **values),
        tell=tell,
        as_of=as_of,
        style=Markup(style),  # noqa: S704 - files of ours and colours that the brand has checked
        script=Markup(script),  # noqa: S704
        told=Markup(_told(judged_by, as_of)),  # noqa: S704 - JSON without a single <
    )
    policy = (
        f"default-src 'none'; script-src '{hash_of(script)}'; style-src '{hash_of(style)}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return VerifyPage(drawn.encode(), policy)


def _told(judged_by: Known, as_of: str) -> str:
    """Return what the script knows, as JSON that stands in a page."""
    money = brand().currency
    said: dict[str, Any] = {
        "as_of": as_of,
        "keys": [
            {
                "kid": one.kid.hex(),
                "public_key": base64.b64encode(one.public_key).decode(),
                "signs_until": one.signs_until,
                "retired": one.is_retired,
                "issuer": one.issuer,
            }
            for one in judged_by.keys
        ],
        "others": sorted(judged_by.others),
        "names": {"billers": dict(judged_by.parties.billers), "payers": dict(judged_by.parties.payers)},
        "currency": {"code": money.code, "exponent": money.exponent, "names": dict(money.names)}
        | {"counted": money.counted, "former_counted": money.former_counted if money.former else {}},
        "zone": brand().time_zone,
        "texts": {one: _words(one) for one in LANGUAGES},
    }
    return msgspec.json.encode(said).decode().replace("<", "\\u003c")


def _words(language: Language) -> dict[str, Any]:
    return {name: said for name, said in texts(language).items() if name.startswith("verify.")}
