"""What a reader takes in at once: no function with many parameters, no long file, no crowded folder."""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import LONGEST_FIRST, ON_BOTH, PROOFS

ROOT: Final = Path(__file__).parents[2]
PRODUCT: Final = (
    "kiosk/", "screens/", "devices/", "offline_store/", "common/", "hub/", "central/", "features/", "demo/", "release/",
    "updater/",
)  # fmt: skip
MOST_PARAMETERS: Final = 7
MOST_LINES: Final = 300
MOST_FILES: Final = 14
MOST_LINES_OF_TESTS: Final = 350
MOST_FILES_OF_TESTS: Final = 21
"""With its `__init__.py`."""


@pytest.fixture(scope="module")
def files() -> list[str]:
    """Every module but the revisions, each of which is written once."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in listed if "/migrations/versions/" not in name and (ROOT / name).is_file()]


def test_no_function_has_more_than_seven_parameters(files: list[str]) -> None:
    many = [found for name in files for found in _many(name, ast.parse((ROOT / name).read_text(encoding="utf-8")))]
    assert many == []


def test_no_file_of_the_product_is_longer_than_three_hundred_lines(files: list[str]) -> None:
    lengths = {name: len((ROOT / name).read_bytes().splitlines()) for name in files if name.startswith(PRODUCT)}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_folder_of_the_product_holds_more_than_fourteen_modules(files: list[str]) -> None:
    counts = Counter(str(Path(name).parent) for name in files if name.startswith(PRODUCT))
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_file_of_the_suite_is_longer_than_three_hundred_and_fifty_lines(files: list[str]) -> None:
    lengths = {name: len((ROOT / name).read_bytes().splitlines()) for name in files if name.startswith("tests/")}
    assert len(lengths) > 500
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_TESTS} == {}


def test_no_folder_of_the_suite_holds_more_than_twenty_files(files: list[str]) -> None:
    counts = Counter(str(Path(name).parent) for name in files if name.startswith("tests/"))
    most = {"tests/kit": 37, "tests/town": 81}  # to be split; till then they grow no further
    assert {folder: count for folder, count in counts.items() if count > most.get(folder, MOST_FILES_OF_TESTS)} == {}


@pytest.mark.parametrize("place", [*PROOFS, *ON_BOTH, *LONGEST_FIRST])
def test_what_the_suite_is_sorted_by_is_there(place: str, files: list[str]) -> None:
    assert any(name.startswith(f"tests/{place}") for name in files)


def _many(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            if named and named[0] in ("self", "cls"):
                named = named[1:]
            count = len(named) + (given.vararg is not None) + (given.kwarg is not None)
            if count > MOST_PARAMETERS:
                yield f"{name}:{node.lineno} {node.name}: {count}"
