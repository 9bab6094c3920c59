"""What a command is to do, once or for each line of standard input: a bad line costs the others nothing."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

import typer

from common.machine.errors import CannotBeDone

LONGEST_LINE = 4096  # characters of one line of standard input; an order code has at most 700


def given(one: str | None, stdin: bool, name: str, count: int) -> Iterator[str]:
    """Return what is to be done: the one named, `count` times, or a line each of standard input.

    Raises:
        typer.BadParameter: both, or neither.
    """
    if stdin == (one is not None):
        raise typer.BadParameter(f"give either {name} or --stdin")
    return repeat(one, count) if one is not None else _lines()


def _lines() -> Iterator[str]:
    """Read standard input a line at a time. Of a line that is too long only the beginning is kept: it is no code."""
    while piece := sys.stdin.readline(LONGEST_LINE):
        yield piece.rstrip("\r\n")
        while piece and not piece.endswith("\n"):
            piece = sys.stdin.readline(LONGEST_LINE)


def each(lines: Iterable[str], act: Callable[[str], None], *, go_on: bool) -> None:
    """Do each.

    Args:
        lines: what is to be done.
        act: does one. Raises CannotBeDone.
        go_on: lines of standard input: an empty one is none, and one that can't be done costs the others nothing.

    Raises:
        CannotBeDone: at the first, or with `go_on` at the end when any could not be done.
    """
    failed = 0
    for number, line in enumerate(lines, 1):
        if not go_on:
            act(line)
            continue
        if not line:
            continue
        try:
            act(line)
        except CannotBeDone as error:
            failed += 1
            print(f"{number}: {error}", file=sys.stderr, flush=True)
    if failed:
        raise CannotBeDone(f"{failed} could not be done")
