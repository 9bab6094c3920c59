"""A request as handlers take it, whatever its user, session and state: none of ours is told anything by those."""

from typing import Any, Final

from litestar import Request

HttpRequest = Request[Any, Any, Any]

_WESTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def western(typed: str) -> str:
    """Return what was typed into a field of a form with its digits as 0 to 9, without spaces."""
    return "".join(typed.translate(_WESTERN).split())
