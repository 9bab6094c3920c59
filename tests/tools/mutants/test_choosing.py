"""Which tests `make mutants` tries: those that import a module, else those that reach it, the nearest first."""

from pathlib import Path

import pytest

from tools.mutants.choosing import MOST_TEST_FILES, Choosing

FILES = {
    "hall/choice.py": "",
    "hall/door.py": "from hall import choice\n",
    "hall/app.py": "from hall.door import (\n    Door as Way,  # the way in\n)\n",
    "tests/conftest.py": "",
    "tests/hall/__init__.py": "",
    "tests/hall/test_doors.py": "import os, hall.door\n",
    "tests/hall/test_rooms.py": "",
    "tests/walks/conftest.py": "from hall.app import App\n",
    "tests/walks/test_choice.py": "",
    "tests/walks/test_long.py": "",
    "tests/elsewhere/test_other.py": "from other import choice\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose hall is reached over its door, by tests and by the settings of tests."""
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path


def write(tree: Path, name: str, text: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")


def chosen(tree: Path, module: str) -> list[list[str]]:
    return [[name.removeprefix("tests/") for name in tests] for tests in Choosing(tree).chosen(Path(module))]


def test_what_no_test_imports_is_tried_by_those_that_reach_it(tree: Path) -> None:
    assert chosen(tree, "hall/choice.py") == [
        ["hall/test_doors.py", "hall/test_rooms.py", "walks/test_choice.py", "walks/test_long.py"]
    ]


def test_those_that_import_it_come_first(tree: Path) -> None:
    assert chosen(tree, "hall/door.py") == [
        ["hall/test_doors.py"],
        ["walks/test_choice.py", "walks/test_long.py"],
    ]


def test_what_nothing_imports_is_tried_by_the_nearest_room(tree: Path) -> None:
    write(tree, "hall/desk/bell.py", "")
    assert chosen(tree, "hall/desk/bell.py") == [["hall/test_doors.py", "hall/test_rooms.py"]]
    write(tree, "shop/bell.py", "")
    assert chosen(tree, "shop/bell.py") == []


def test_a_few_files_are_tried_at_a_time(tree: Path) -> None:
    for number in range(MOST_TEST_FILES + 3):
        write(tree, f"tests/hall/test_{number:02}.py", "from hall.choice import choose\n")
    assert [len(tests) for tests in chosen(tree, "hall/choice.py")] == [MOST_TEST_FILES, 3]
