"""`make revision` in a copy of the tree: what it writes passes the tests that hold revisions and tables together."""

from pathlib import Path

import pytest

from hub.log.schema import REVISION
from tests.tools.scaffolds.copied_tree import CopiedTree

TABLES = {
    "kiosk": ("offline_store/disk/tables.py", "tickets", "tests/offline_store/disk/test_migration.py"),
    "hub": ("hub/log/tables.py", "hub_by_hand", "tests/hub/log/test_schema.py"),
    "central": ("central/base/tables/enrolled.py", "kiosks", "tests/central/base/database/test_migrations.py"),
}


@pytest.fixture
def tree(tmp_path: Path) -> CopiedTree:
    return CopiedTree(tmp_path)


def revisions(tree: CopiedTree) -> set[Path]:
    return {*tree.path.glob("*/**/versions/0*.py"), *tree.path.glob("tests/**/stores/0*")}


@pytest.mark.parametrize("store", TABLES)
def test_a_column_becomes_a_revision_that_the_tests_accept(tree: CopiedTree, store: str) -> None:
    tables, table, tests = TABLES[store]
    tree.edit(
        tables, f'    "{table}",\n    metadata,\n', f'    "{table}",\n    metadata,\n    Column("told_to", Text),\n'
    )
    before = revisions(tree)
    made = tree.make("revision", f"STORE={store}", "NAME=who was told, and it isn't asked twice")
    assert made.returncode == 0, made.stderr
    revision, used = sorted(revisions(tree) - before, key=lambda path: path.suffix != ".py")
    assert str(used.relative_to(tree.path)) in made.stdout
    assert 'sa.Column("told_to", sa.Text(), nullable=True)' in revision.read_text(encoding="utf-8")
    assert str(revision.relative_to(tree.path)) in made.stdout
    tree.is_tidy()
    passed = tree.tests(tests, "-k", "not postgres and not servers and not somebody and not who_uses")
    assert passed.returncode == 0, passed.stdout


def test_where_the_tables_ask_for_nothing_the_revision_is_numbered_and_empty(tree: CopiedTree) -> None:
    before = revisions(tree)
    made = tree.make("revision", "STORE=hub", "NAME=Forget what is old")
    assert made.returncode == 0, made.stderr
    assert "write what it does" in made.stdout
    revision, _ = sorted(revisions(tree) - before, key=lambda path: path.suffix != ".py")
    assert revision.read_text(encoding="utf-8").startswith('"""Forget what is old."""\n')
    assert tree.tests("tests/hub/log/test_schema.py").returncode == 0


def test_what_is_not_said_right_is_asked_for_and_nothing_is_written(tree: CopiedTree) -> None:
    before = revisions(tree)
    for goals in (("STORE=moon", "NAME=x"), ("STORE=hub",), ("STORE=hub", 'NAME=a """ b'), ()):
        refused = tree.make("revision", *goals)
        assert refused.returncode == 2
        assert "NAME" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert revisions(tree) == before


def test_a_program_that_names_another_revision_than_the_newest_is_told_of(tree: CopiedTree) -> None:
    tree.edit("hub/log/schema.py", f'REVISION: Final = "{REVISION}"', 'REVISION: Final = "0077"')
    before = revisions(tree)
    refused = tree.make("revision", "STORE=hub", "NAME=Forget what is old")
    assert f"hub/log/schema.py doesn't name revision {REVISION}" in refused.stderr
    assert revisions(tree) == before
