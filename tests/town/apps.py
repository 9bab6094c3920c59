"""Applications of hubs and of central: one whose process has ended serves the next, for a day starts many.

What an application keeps is its routes, whose making takes a tenth of a second; whose they are is provided to each
request.
"""

from collections.abc import Callable
from typing import Any, Final

from litestar import Litestar
from litestar.di import Provide

_FREE: Final[dict[str, list[Litestar]]] = {}


def app_of[Parts](provided: str, parts: Parts, make: Callable[[Parts], Litestar]) -> Any:
    """Return an application whose requests are provided these parts by that name."""
    if not (free := _FREE.setdefault(provided, [])):
        return make(parts)
    app = free.pop()
    provider = app.dependencies[provided]
    assert isinstance(provider, Provide)
    provider.dependency = lambda: parts
    return app


def is_free(provided: str, app: Litestar) -> None:
    """Have the application of a process that has ended serve another."""
    _FREE[provided].append(app)
