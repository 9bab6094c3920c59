"""Options that several commands have in common, given to each of them by a decorator."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, cast

import typer
import typer.core

type Command = Callable[..., None]

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_CONTEXT: Final = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_BEFORE: Final = f"{__name__}.before"
_JSON: Final = inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)


def gathered[T](make: Callable[..., T]) -> Callable[[Command], Command]:
    """Give commands the options that `make` takes; what it makes of them is the command's first argument.

    What is typed before a subcommand holds for it as if it were typed behind.
    """
    common = inspect.signature(make).parameters

    def decorate(command: Command) -> Command:
        _, *own = inspect.signature(command).parameters.values()
        takes_context = any(one.name == _CONTEXT.name for one in own)

        @functools.wraps(command)
        def called(**given: Any) -> None:
            context: typer.Context = given[_CONTEXT.name] if takes_context else given.pop(_CONTEXT.name)
            _take_those_before(context, given)
            command(make(**{name: given.pop(name) for name in common}), **given)

        _declare(called, [*own, *([] if takes_context else [_CONTEXT]), *common.values()])
        return called

    return decorate


def _take_those_before(context: typer.Context, given: dict[str, Any]) -> None:
    """Put what was typed before this subcommand where nothing was typed behind it. Raises typer.BadParameter.

    It is more than the environment says, which a command's own options are too.
    """
    before: dict[str, Any] = context.meta.setdefault(_BEFORE, {})
    own = {one.opts[0]: one.name for one in context.command.params if one.name in given}
    typed = {option for option, name in own.items() if _is_typed(context, name)}
    if unknown := before.keys() - own.keys():
        named = ", ".join(sorted(unknown))
        raise typer.BadParameter(f"{named} stands before {context.info_name}, and means nothing to it: leave it out")
    given.update({own[option]: value for option, value in before.items() if option not in typed})
    before.update({option: given[own[option]] for option in typed})
    if context.invoked_subcommand is not None:
        _offer(context, context.invoked_subcommand, {option: context.params[own[option]] for option in typed})


def _is_typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _offer(context: typer.Context, name: str, typed: dict[str, Any]) -> None:
    """Let a subcommand that can't do without an option find the one before it."""
    group = cast("typer.core.TyperGroup", context.command)
    command = group.get_command(context, name)
    named = {} if command is None else {one.opts[0]: one.name for one in command.params}
    context.default_map = {name: {named[option]: value for option, value in typed.items() if option in named}}


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
