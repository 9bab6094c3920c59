"""Options that several commands have in common, given to each of them by a decorator."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Final

import typer

type Command = Callable[..., None]

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_JSON: Final = inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)


def gathered[T](make: Callable[..., T]) -> Callable[[Command], Command]:
    """Give commands the options that `make` takes; what it makes of them is the command's first argument."""
    common = inspect.signature(make).parameters

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def called(**given: object) -> None:
            command(make(**{name: given.pop(name) for name in common}), **given)

        _, *own = inspect.signature(command).parameters.values()
        _declare(called, [*own, *common.values()])
        return called

    return decorate


def accepts_json(command: Command) -> Command:
    """Let a command take `--json` that prints the same without it."""

    @functools.wraps(command)
    def called(**given: object) -> None:
        del given["json"]
        command(**given)

    _declare(called, [*inspect.signature(command).parameters.values(), _JSON])
    return called


def _declare(called: Command, parameters: Iterable[inspect.Parameter]) -> None:
    """Have Typer see these parameters where it looks at a wrapper."""
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    called.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in named}
