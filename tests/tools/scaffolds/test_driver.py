"""`make driver` in a copy of the tree: what it writes is registered, passes its tests, and those of `make quick`."""

import re
from pathlib import Path

import pytest

from tests.tools.scaffolds.copied_tree import CopiedTree

LISTS = ("tests/kiosk/settings/test_config.py",)


@pytest.fixture
def tree(tmp_path: Path) -> CopiedTree:
    return CopiedTree(tmp_path)


@pytest.mark.parametrize(
    ("kind", "folder", "name"),
    [
        ("card_reader", "card_reader", "acr122"),
        ("scanner", "code_scanner", "two-eyed"),
        ("printer", "receipt_printer", "aclas-pp7"),
    ],
)
def test_a_new_driver_passes_its_own_tests_and_those_of_its_kind(
    tree: CopiedTree, kind: str, folder: str, name: str
) -> None:
    made = tree.make("driver", f"NAME={name}", f"KIND={kind}")
    assert made.returncode == 0, made.stderr
    own = f"tests/devices/{folder}/test_{name.replace('-', '_')}.py"
    assert own in made.stdout
    tree.is_tidy()
    contract = [f"tests/devices/{folder}/test_{folder}_contract.py"] if kind != "printer" else []
    passed = tree.tests(own, *contract)
    assert passed.returncode == 0, passed.stdout
    listed = tree.tests(*LISTS)
    assert listed.returncode == 0, listed.stdout
    quick = re.search(r"^fast :=(?:.*\\\n)*.*", (tree.path / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert quick
    assert "tests/devices " in quick[0]


def test_the_name_may_stand_as_a_word_of_the_command(tree: CopiedTree) -> None:
    made = tree.make("driver", "omnikey")
    assert made.returncode == 0, made.stderr
    assert (tree.path / "devices/card_reader/omnikey/driver.py").is_file()
    again = tree.make("driver", "omnikey")
    assert "is there already" in again.stderr
    assert again.returncode == 2


def test_what_is_not_said_right_is_asked_for_and_nothing_is_written(tree: CopiedTree) -> None:
    before = (tree.path / "devices/registry.py").read_bytes()
    for goals in ((), ("NAME=../x",), ("NAME=Acr",), ("NAME=acr", "KIND=toaster"), ("NAME=pn532",)):
        refused = tree.make("driver", *goals)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
        assert "name" in refused.stderr.lower()
    assert (tree.path / "devices/registry.py").read_bytes() == before
