"""A request as handlers take it, whatever its user, session and state: none of ours is told anything by those."""

from typing import Any

from litestar import Request

HttpRequest = Request[Any, Any, Any]
