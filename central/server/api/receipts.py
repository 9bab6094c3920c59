"""GET /v: where anybody checks the code of a receipt, on his own device."""

import hashlib
from typing import Annotated, Any, Final

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from central.base.database.transactions import reading
from central.insight.public.texts import chosen
from central.insight.receipts.verify import known, verify_page
from central.server.api.server import Central

Lang = Annotated[str | None, QueryParameter(description="ar or en; Arabic unless asked for")]
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
#: A key that is taken back is one within this time.
_LIVES_S: Final = 60


@get("/v", media_type=MediaType.HTML, include_in_schema=False)
async def verify(
    request: Request[Any, Any, Any], central: NamedDependency[SkipValidation[Central]], lang: Lang = None
) -> Response[bytes]:
    """Return the page with the keys that hold now. It is meant to be saved, and found: it holds nothing of anybody."""
    async with reading(central.engine) as connection:
        page = verify_page(await known(connection), chosen(lang))
    tag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
    headers = _SAFE | {
        "Content-Security-Policy": page.policy,
        "Cache-Control": f"public, max-age={_LIVES_S}",
        "ETag": tag,
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(page.body, media_type=MediaType.HTML, headers=headers)
