"""A file that a page loads, answered: kept for ever under its mark, for an hour without, and few bytes once known."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from central.insight.public.assets import Asset
from common.web.problem import Problem


def asset(
    request: Request[Any, Any, Any], assets: Mapping[str, Asset], name: str, safe: Mapping[str, str]
) -> Response[bytes]:
    """Answer with a file.

    Args:
        request: who asks, `v` the mark that the page knew.
        assets: all that there are, by name.
        name: the one asked for.
        safe: the page's own headers.

    Raises:
        Problem: 404.
    """
    if name not in assets:
        raise Problem(404, "not-found", "there is no such file")
    content, kind, mark = assets[name]
    lasts = "max-age=31536000, immutable" if request.query_params.get("v") == mark else "max-age=3600"
    headers = {**safe, "Cache-Control": f"public, {lasts}", "ETag": f'"{mark}"'}
    if request.headers.get("if-none-match") == f'"{mark}"':
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
