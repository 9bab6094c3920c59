"""What a number of a biller's looks like: signs and classes of signs, each at most counted, such as `[0-9]{2,4}/[A-Z]`.

It looks like a regular expression and is none: a text is gone through once for each part of the pattern, so that no
pattern takes longer than another (docs/protocol.md, *A biller by HTTP*).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

_PART: Final = re.compile(r"(?:([0-9A-Za-z/-])|\[([0-9A-Za-z/-]{1,40})\])(?:\{([0-9]{1,2})(?:,([0-9]{1,2}))?\})?")


class Part(NamedTuple):
    """So many of these signs, one after another."""

    signs: frozenset[str]
    least: int
    most: int


@lru_cache(maxsize=256)
def parts_of(pattern: str) -> tuple[Part, ...]:
    """Return what a pattern asks for. Raises ValueError naming the part that is wrong."""
    found: list[Part] = []
    at = 0
    while at < len(pattern):
        part = _PART.match(pattern, at)
        if part is None:
            raise ValueError(
                f"pattern: {pattern[at : at + 20]!r} is no sign or class such as [0-9A-Z], counted by {{3}}"
            )
        sign, signs, least, most = part.groups()
        fewest = 1 if least is None else int(least)
        found.append(Part(frozenset(sign or _of_class(signs)), fewest, fewest if most is None else int(most)))
        if found[-1].most < fewest:
            raise ValueError(f"pattern: {part[0]!r} asks for more at least than at most")
        at = part.end()
    return tuple(found)


def _of_class(signs: str) -> Iterator[str]:
    for one in re.finditer(r"(.)-(.)|.", signs):
        first, last = one.group(1) or one[0], one.group(2) or one[0]
        if last < first:
            raise ValueError(f"pattern: in [{signs}] {first} comes after {last}")
        yield from map(chr, range(ord(first), ord(last) + 1))


def fits(pattern: str, text: str) -> bool:
    """Return whether a whole text is what a pattern asks for. Raises ValueError where it is no pattern."""
    reached = [True, *(False for _ in text)]  # by which places of the text the parts so far can end
    for part in parts_of(pattern):
        reached = _after(part, text, reached)
    return reached[-1]


def _after(part: Part, text: str, reached: list[bool]) -> list[bool]:
    before = list(accumulate(reached, initial=0))  # how many places before each are reached
    begin, found = 0, []  # `begin`: where the run of this part's signs that ends here begins
    for end in range(len(text) + 1):
        if end and text[end - 1] not in part.signs:
            begin = end
        first, last = max(begin, end - part.most), end - part.least
        found.append(first <= last and before[last + 1] > before[first])
    return found
