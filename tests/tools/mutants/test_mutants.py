"""`make mutants`: a fault that a test notices is killed, one that none notices survives, each with its place."""

import ast
import subprocess
from pathlib import Path

import pytest

from tests.tools.scaffolds.copied_tree import CopiedTree
from tools.mutants.__main__ import whole_program
from tools.mutants.mutating import mutants_of
from tools.mutants.sampling import sample

NEW = '''"""Whether somebody is of age."""


def is_of_age(years: int) -> bool:
    """Say it."""
    return years >= 18


def fee(years: int) -> int:
    """Say what it costs."""
    return 5 if years > 60 else 10
'''
TESTS = """from offline_store.of_age import fee, is_of_age


def test_ages() -> None:
    assert is_of_age(18)
    assert not is_of_age(17)
    assert fee(30)
"""


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("a < b", "(a <= b)"),
        ("a is None", "(a is not None)"),
        ("a and b", "(a or b)"),
        ("a + b", "(a - b)"),
        ("not a", "(a)"),
        ("x if a else y", "(y if a else x)"),
        ("True", "(False)"),
        ("7", "(8)"),
    ],
)
def test_an_expression_becomes_another(was: str, now: str) -> None:
    assert (1, was, now, f"x = {now}\n") in list(mutants_of(f"x = {was}\n"))


def test_statements_go_and_lines_keep_their_numbers() -> None:
    text = 'def f(a: int = 3) -> int:\n    """Say 5."""\n    work(\n        "é", a\n    )\n    return a\n'
    found = list(mutants_of(text))
    assert [(one.line, one.now) for one in found if one.now in ("pass", "return None")] == [
        (3, "pass"),
        (6, "return None"),
    ]
    for one in found:
        ast.parse(one.text)
        assert '"""Say 5."""' in one.text


def test_whether_a_struct_can_be_changed_is_left_to_the_type_checker() -> None:
    found = list(
        mutants_of("class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):\n    why: str\n")
    )
    assert ["kw_only=True, forbid_unknown_fields=(False)" in one.text for one in found] == [True]


@pytest.fixture
def tree(tmp_path: Path) -> CopiedTree:
    """A tree with its own history: main, and a module with a test that are not committed yet."""
    tree = CopiedTree(tmp_path)
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", "-A")
    git(tree, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "-q", "-m", "all")
    return tree


def git(tree: CopiedTree, *words: str) -> None:
    subprocess.run(["git", *words], cwd=tree.path, check=True, capture_output=True)


def test_changed_files_are_mutated_and_each_mutant_is_told_with_its_place(tree: CopiedTree) -> None:
    assert "nothing of the program was changed" in tree.make("mutants").stdout
    (tree.path / "offline_store/of_age.py").write_text(NEW, encoding="utf-8")
    (tree.path / "tests/offline_store/test_of_age.py").write_text(TESTS, encoding="utf-8")
    git(tree, "add", "-A")
    told = tree.make("mutants", "SECONDS=80")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert "killed offline_store/of_age.py:6: years >= 18  →  (years > 18)" in lines
    assert "survived offline_store/of_age.py:11: years > 60  →  (years >= 60)" in lines
    assert " killed, " in lines[-1]
    assert (tree.path / "offline_store/of_age.py").read_text(encoding="utf-8") == NEW


def test_the_time_bounds_it_and_what_was_not_tried_is_counted(tree: CopiedTree) -> None:
    (tree.path / "offline_store/of_age.py").write_text(NEW, encoding="utf-8")
    slow = "import time\nfrom offline_store import of_age\ndef test_x():\n    time.sleep(60)\n"
    (tree.path / "tests/offline_store/test_of_age.py").write_text(slow, encoding="utf-8")
    git(tree, "add", "-A")
    told = tree.make("mutants", "SECONDS=2")
    assert told.returncode == 2, "make's own status where its command says 1"
    assert "more SECONDS" in told.stderr


def test_what_only_proofs_reach_is_not_tried(tree: CopiedTree) -> None:
    (tree.path / "demo/of_age.py").write_text(NEW, encoding="utf-8")
    proof = f"import pytest\n{TESTS.replace('offline_store', 'demo')}\npytestmark = pytest.mark.proof\n"
    (tree.path / "tests/end_to_end/test_of_age.py").write_text(proof, encoding="utf-8")
    git(tree, "add", "-A")
    told = tree.make("mutants", "SECONDS=80")
    lines = set(told.stdout.splitlines())
    assert lines == {f"not tried demo/of_age.py:{line}: only proofs reach it" for line in (6, 11)}


def test_a_sample_is_drawn_from_the_whole_program_and_again_by_its_seed(tree: CopiedTree) -> None:
    modules = whole_program()
    assert {Path("offline_store/opening.py"), Path("hub/engine/choice.py")} <= set(modules)
    assert not [module for module in modules if module.parts[0] == "tests"]
    drawn = sample(tree.path, modules, 12, seed=5)
    assert [(module, mutant.line) for module, mutant in sample(tree.path, modules, 12, seed=5)] == [
        (module, mutant.line) for module, mutant in drawn
    ]
    assert len({module for module, _ in drawn}) > 6
    assert len({(module, mutant.text) for module, mutant in drawn}) == 12
    assert drawn != sample(tree.path, modules, 12, seed=6)


def test_where_fewer_faults_can_be_made_than_are_asked_for_all_are_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1 < 2\n", encoding="utf-8")
    (tmp_path / "b.py").write_text('"""Nothing to change."""\n', encoding="utf-8")
    drawn = sample(tmp_path, [Path("a.py"), Path("b.py")], 50, seed=1)
    assert sorted(mutant.now for _, mutant in drawn) == ["(1 <= 2)", "(2)", "(3)"]


def test_a_sample_says_its_seed(tree: CopiedTree) -> None:
    (tree.path / "offline_store/of_age.py").write_text(NEW, encoding="utf-8")
    (tree.path / "tests/offline_store/test_of_age.py").write_text(TESTS, encoding="utf-8")
    git(tree, "add", "-A")
    told = tree.make("mutants", "RANGE=HEAD", "SAMPLE=2", "SEED=7")
    assert told.returncode == 0, told.stderr
    *lines, last = told.stdout.splitlines()
    assert len(lines) == 2
    assert last.endswith("; the same again: SEED=7")


def test_what_is_not_said_right_is_asked_for(tree: CopiedTree) -> None:
    for goals in (
        ("SAMPLE=some",),
        ("SAMPLE=1", "RANGE=HEAD", "SEED=x"),
        ("SECONDS=soon",),
        ("RANGE=--output=x",),
        ("RANGE=nowhere..main",),
    ):
        refused = tree.make("mutants", *goals)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
        assert goals[-1].split("=")[0] in refused.stderr
