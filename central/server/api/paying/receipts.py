"""GET /v: where anybody checks the code of a receipt; GET /r/{token}: how one payment stands, for who has its paper."""

import hashlib
from typing import Annotated, Final

from litestar import MediaType, Response, get
from litestar.params import PathParameter, QueryParameter

from central.base.database.transactions import reading
from central.insight.public.texts import chosen
from central.insight.receipts.receipt import receipt_page, shown
from central.insight.receipts.verify import known, verify_page
from central.server.api.server import CentralDep
from common.web.request import HttpRequest

Lang = Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")]
_SAFE: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
#: A key that is taken back is one within this time.
_LIVES_S: Final = 60
_RENEWED_EVERY_S: Final = 20


@get("/v", media_type=MediaType.HTML, include_in_schema=False)
async def verify(request: HttpRequest, central: CentralDep, lang: Lang = None) -> Response[bytes]:
    """Return the page with the keys that hold now. It is meant to be saved, and found: it holds nothing of anybody."""
    async with reading(central.engine) as connection:
        page = verify_page(await known(connection), chosen(lang))
    tag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
    headers = _SAFE | {
        "Content-Security-Policy": page.policy,
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "Cache-Control": f"public, max-age={_LIVES_S}",
        "ETag": tag,
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(page.body, media_type=MediaType.HTML, headers=headers)


@get("/r/{token:str}", media_type=MediaType.HTML, include_in_schema=False)
async def receipt(
    token: Annotated[str, PathParameter(description="128 random bits as 32 hex digits")],
    central: CentralDep,
    lang: Lang = None,
) -> Response[bytes]:
    """Return how a payment stands; the page reloads itself until nothing more is to come."""
    async with reading(central.engine) as connection:
        payment = await shown(connection, central.ring.vault(), token[:64])
    body, policy = receipt_page(payment, chosen(lang))
    headers = _SAFE | {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
    if payment is not None and not payment.is_over:
        headers["Refresh"] = str(_RENEWED_EVERY_S)
    return Response(body, status_code=404 if payment is None else 200, media_type=MediaType.HTML, headers=headers)
