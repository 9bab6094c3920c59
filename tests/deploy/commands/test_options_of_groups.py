"""What is typed before a subcommand is what is typed behind it, or refused: each option of each group we have."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer.core
from typer.main import get_command

from central.commands.cli import app as central
from common.machine import options
from hub.commands.cli import cli as hub
from kiosk.commands.cli import cli as kiosk

PROGRAMS = {"central": get_command(central), "hub": get_command(hub), "kiosk": get_command(kiosk)}
VALUE = "2026-11-22"  # a name, a folder and a day


class Reached(Exception):
    """A subcommand was about to run."""


def groups(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], typer.core.TyperGroup]]:
    for name, one in command.commands.items():
        if isinstance(one, typer.core.TyperGroup):
            yield (*path, name), one
            yield from groups(one, (*path, name))


def cases() -> Iterator[Any]:
    for program, command in PROGRAMS.items():
        for path, group in groups(command, (program,)):
            for option in group.params:
                if option.opts[0].startswith("--") and option.name != "help":
                    for sub in group.commands:
                        yield pytest.param(path, option, sub, id=" ".join((*path, option.opts[0], sub)))


def given(monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    """Return what a subcommand would be given, or which error there is."""
    take = options._take_those_before

    def stop(context: typer.Context, values: dict[str, Any]) -> None:
        take(context, values)
        if context.invoked_subcommand is None:
            raise Reached({name: value for name, value in values.items() if name != "context"})

    program, *rest = words
    with monkeypatch.context() as patch:
        patch.setattr(options, "_take_those_before", stop)
        with pytest.raises(Exception) as error:  # noqa: PT011 - which one it is, is the answer
            PROGRAMS[program].main(rest, standalone_mode=False)
    return error.value.args[0] if error.type is Reached else error.type.__name__


@pytest.mark.parametrize(("path", "option", "sub"), list(cases()))
def test_an_option_before_a_subcommand_is_the_same_as_behind_it_or_refused(
    path: tuple[str, ...], option: Any, sub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = dict(groups(PROGRAMS[path[0]], path[:1]))[path]
    for one in group.commands[sub].params:  # what else it wants is nothing to this
        monkeypatch.setattr(one, "required", False)
        monkeypatch.setattr(one, "callback", None)
    if option.envvar:
        monkeypatch.setenv(option.envvar, "of-the-environment")
    words = [option.opts[0]] if option.is_flag else [option.opts[0], VALUE]
    before, behind = given(monkeypatch, *path, *words, sub), given(monkeypatch, *path, sub, *words)
    if isinstance(behind, dict):
        assert before == behind
        assert before != given(monkeypatch, *path, sub), "it says something"
    else:
        assert (behind, before) == ("NoSuchOption", "BadParameter")


def test_there_are_groups_with_options_of_their_own() -> None:
    assert len(list(cases())) > 60
