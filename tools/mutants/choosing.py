"""Which tests are tried against a fault: those that import its module, or those that reach it over other modules."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MOST_TEST_FILES: Final = 12
_FARTHEST: Final = 99
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from (?P<package>[\w.]+) import (?P<names>\([^)]*\)|.*)|import (?P<modules>[\w., ]+))", re.MULTILINE
)
_ASIDE: Final = re.compile(r" as \w+|#.*")


class Choosing:
    """What a tree's files import, read once."""

    def __init__(self, tree: Path) -> None:
        files = [file.relative_to(tree) for file in tree.glob("[a-z]*/**/*.py")]
        self._tests = sorted(file for file in files if file.parts[0] == "tests" and file.name.startswith("test_"))
        self._users = defaultdict[Path, set[Path]](set)
        for file in files:
            for used in _imported((tree / file).read_text(encoding="utf-8")):
                base = Path(*used.split("."))
                self._users[base.with_suffix(".py")].add(file)
                self._users[base / "__init__.py"].add(file)
            if file.name == "conftest.py":
                self._users[file].update(test for test in self._tests if file.parent in test.parents)

    def chosen(self, module: Path) -> Iterator[list[str]]:
        """Yield tests that import a module, then tests that reach it: at most `MOST_TEST_FILES` at a time.

        These import what imports it, and so on. What no test imports is tried by those of its mirror too, or of a room
        above.
        """
        steps_to = {module: 0}
        near, steps = {module}, 0
        while near:
            steps += 1
            near = {user for file in near for user in self._users[file]}.difference(steps_to)
            steps_to |= dict.fromkeys(near, steps)
            near = near.difference(self._tests)
        direct = {test: steps for test, steps in steps_to.items() if steps == 1 and test in self._tests}
        indirect = {test: steps for test, steps in steps_to.items() if test not in direct}
        if not direct:
            mirror = Path("tests", *module.parent.parts)
            rooms = ([test for test in self._tests if room in test.parents] for room in (mirror, *mirror.parents[:-2]))
            beside = [test for test in self._tests if test.parent == mirror]
            indirect = dict.fromkeys(next(filter(None, rooms), []), _FARTHEST) | indirect | dict.fromkeys(beside, 2)
        yield from filter(None, (self._nearest(module, direct), self._nearest(module, indirect)))

    def _nearest(self, module: Path, steps_to: dict[Path, int]) -> list[str]:
        """Return the first of these tests: with the module's name and package in their path, by the fewest steps."""
        mirror, named = Path("tests", *module.parent.parts), re.compile(rf"(?<![a-z]){module.stem}(?![a-z])")

        def order(test: Path) -> tuple[int, int, bool]:
            signs = (named.search(str(test)) is not None) + (test.parts[1] == module.parts[0])
            return -signs, steps_to[test], test.parent != mirror

        tests = sorted((test for test in self._tests if test in steps_to), key=order)
        return [str(test) for test in tests[:MOST_TEST_FILES]]


def _imported(text: str) -> Iterator[str]:
    """Yield the dotted names that a text imports, or of which it imports something."""
    for found in _IMPORT.finditer(text):
        if package := found["package"]:
            yield package
        for name in re.split(r"[(),\s]+", _ASIDE.sub("", found["names"] or found["modules"])):
            if name:
                yield f"{package}.{name}" if package else name
