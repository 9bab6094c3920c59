"""The oddest values that a wire type takes, made from the types themselves: each leaf of a struct, one at a time.

Values are chosen by hand for what has broken readers (numbers that take long to write out, days that no calendar has,
names of another centre's things, texts that mean something elsewhere) and drawn from each pattern; what the type does
not take is left out, so that a type which becomes laxer is tried harder by itself.
"""

import copy
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import inspect

TEXTS: Final = (
    "", "!", "-", "~" * 128, "a" * 500, "0", "9" * 80, "1e999999999", "NaN", "null", "<script>alert(1)</script>",
    "%00", "'; DROP TABLE inbox; --", "=1+1", "../../etc/passwd", "\u202eabc", "\u0600" * 70, "😀" * 20, "\u0000", "\n",
    "2026-02-30", "2026-11-00", "2020-01-01", "2028-02-29", "2099-12-31", "9999-12-31", "0001-01-01",
    "1970-01-01T00:00:00Z", "2099-12-31T23:59:59.999999999+23:59", "2026-02-30T00:00:00Z", "2026-11-25T09:00:00+29:59",
    "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00Z", "24:00", "23:59", "A" + "9" * 400, "untrusted", "called",
    "voided", "undone", "carried", "done", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "A" * 4000,
)  # fmt: skip
NUMBERS: Final = (0, 1, -1, 9, 99, 1440, 2**31, 2**53, 2**62, 2**63 - 1, -(2**63), 2**64, 10**30, 10**4000, 1e308)
DRAWN: Final = 3
"""Texts that are drawn from each pattern."""


class Case(NamedTuple):
    """One value in its place: the JSON of the whole, and where it stands."""

    place: str
    body: bytes


def cases(struct: Any, plain: dict[str, Any], names: Sequence[str] = ()) -> Iterator[Case]:
    """Yield a struct's JSON with one odd value after the other; `names` are those of other people's things."""
    for path, kind in leaves(inspect.type_info(struct), ()):
        for value in odd(kind, names):
            body = _written(with_value(plain, path, value))
            if body is not None and _is_taken(struct, body):
                yield Case(f"{struct.__name__}.{'.'.join(map(str, path))} = {str(value)[:40]!r}", body)


def leaves(kind: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each place of a type at which a single value stands; of lists and dictionaries the first one's."""
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield from leaves(field.type, (*path, field.encode_name))
        case inspect.UnionType():
            for one in kind.types:
                yield from leaves(one, path)
        case inspect.ListType() | inspect.VarTupleType():
            yield from leaves(kind.item_type, (*path, 0))
        case inspect.TupleType():
            for index, one in enumerate(kind.item_types):
                yield from leaves(one, (*path, index))
        case inspect.DictType():
            yield path, kind
            yield from leaves(kind.value_type, (*path, "*"))
        case inspect.NoneType():
            return
        case _:
            yield path, kind


def odd(kind: Any, names: Sequence[str]) -> Iterator[Any]:
    """Yield values for one place; not all of them are of its type."""
    match kind:
        case inspect.LiteralType():
            yield from kind.values
        case inspect.DictType():
            yield {}
            yield from ({key: 1} for key in (*TEXTS, *names))
        case inspect.IntType() | inspect.FloatType():
            yield from (one for one in (kind.ge, kind.le, kind.gt, kind.lt) if one is not None)
            yield from NUMBERS
        case inspect.AnyType():
            yield from (*TEXTS, *NUMBERS, [[[[[1]]]]], {"a": {"b": {}}}, None, True)
        case inspect.StrType():
            yield from (*TEXTS, *names)
            if kind.pattern is not None:
                yield from drawn(kind.pattern)
        case inspect.BoolType():
            yield from (True, False)
        case _:
            yield from (*TEXTS, *NUMBERS)


def drawn(pattern: str) -> list[str]:
    """Return a few texts of a pattern, the same ones each time."""
    found: list[str] = []

    @settings(max_examples=DRAWN, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.from_regex(pattern))
    def draw(text: str) -> None:
        found.append(text)

    draw()
    return found


def with_value(plain: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return a copy of a struct's JSON with one value in its place; what is not there on the way to it is made."""
    whole = copy.deepcopy(plain)
    here: Any = whole
    for step, following in pairwise(path):
        there = _at(here, step)
        if not isinstance(there, dict | list):
            there = [] if isinstance(following, int) else {}
        _put(here, step, there)
        here = _at(here, step)
    _put(here, path[-1], value)
    return whole


def _at(here: Any, step: str | int) -> Any:
    if isinstance(here, list):
        return here[int(step)] if int(step) < len(here) else None
    if step == "*":
        return next(iter(here.values()), None)
    return here.get(step)


def _put(here: Any, step: str | int, value: Any) -> None:
    if isinstance(here, list):
        here[int(step) : int(step) + 1] = [value]
    elif step == "*":
        here[next(iter(here), "A")] = value
    else:
        here[step] = value


def _written(body: dict[str, Any]) -> bytes | None:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        return None  # more digits than Python writes out; such a number is written by hand where it is meant


def _is_taken(struct: Any, body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=struct)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return False
    return True
