"""Central's database in an update: what each version's own command is asked, and what its answers mean."""

import json
from pathlib import Path

import pytest

from tests.updater.scripted import Scripted
from updater import durable
from updater.central import Database
from updater.errors import Refused

OLD = "Usage: central\nError: No such command 'head'."


@pytest.fixture
def here(tmp_path: Path) -> Scripted:
    found = Scripted(tmp_path, "central", backups_folder=tmp_path / "backups")
    (tmp_path / "etc/central.env").write_text("A=1\n")
    return found


@pytest.fixture
def database(here: Scripted) -> Database:
    return Database(here.site)


def release(here: Scripted, version: str = "2.0") -> Path:
    return here.root / "opt/releases" / version


def current(here: Scripted, words: str) -> str:
    return f"{here.root}/opt/current/bin/central {words} --json"


def asked(here: Scripted, words: str) -> str:
    return f"{release(here)}/bin/central {words} --json"


def test_a_new_version_is_tried_on_a_copy_that_the_one_in_service_made(here: Scripted, database: Database) -> None:
    said: list[str] = []
    here.answers = [("check", 'log\n{"revision": "5", "own": "5"}\n'), ("--to", '{"backup": "/b/1"}')]
    durable.write(here.site.state / "migrates", "1.9")
    assert database.takes(release(here), said.append)
    assert here.lines() == [
        current(here, f"backup --to {here.root}/backups"), asked(here, "backup check /b/1 --migrate"),
    ]  # fmt: skip
    assert (said, (here.site.state / "migrates").exists()) == ([], False)
    here.answers[0] = ("check", '{"revision": "5", "own": "6"}')
    assert database.takes(release(here), said.append)
    assert said == ["The tables change with 2.0, from 5 to 6."]
    assert durable.read(here.site.state / "migrates") == "2.0"
    said.clear()
    here.answers[0] = ("check", (1, "Traceback\nthe copy does not restore\n"))
    assert not database.takes(release(here), said.append)
    assert said == ["problem  database: 2.0 can't work with a copy of it: central backup: the copy does not restore"]
    here.answers = [("--to", (1, ""))]
    with pytest.raises(Refused, match=r"^central backup: no reason was said$"):
        database.takes(release(here), said.append)


@pytest.mark.parametrize(
    ("answer", "migrates", "reads"),
    [
        ('{"head": "7"}', True, True),
        ((1, "the tables are newer"), False, False),
        ((2, "Error: Missing argument"), False, False),
        ((2, OLD), False, True),
        ((2, OLD), True, False),
        ((1, OLD), False, False),
    ],
)
def test_a_former_version_reads_tables_that_are_its_own(
    here: Scripted, database: Database, answer: str | tuple[int, str], *, migrates: bool, reads: bool
) -> None:
    here.answers = [("backup head", answer)]
    if migrates:
        durable.write(here.site.state / "migrates", "2.0")
    assert database.reads(release(here)) is reads
    assert here.lines() == [asked(here, "backup head")]


def test_what_was_taken_in_last_is_another_thing_each_time_where_nobody_can_say(
    here: Scripted, database: Database
) -> None:
    here.answers = [("backup head", '{"head": 7}')]
    assert database.accepted() == "7"
    assert here.lines() == [current(here, "backup head")]
    here.answers = [("backup head", (2, OLD))]
    first, second = database.accepted(), database.accepted()
    assert first.startswith("unknown ")
    assert first != second
    here.answers = [("backup head", (1, "no database"))]
    with pytest.raises(Refused, match=r"^central backup: no database$"):
        database.accepted()


def test_a_copy_is_made_only_before_tables_change_and_brought_back_by_who_made_it(
    here: Scripted, database: Database
) -> None:
    here.answers = [("--to", '{"backup": "/b/2"}'), ("bring-back", "{}")]
    durable.write(here.site.state / "saved", "/b/of-before")
    database.save()
    assert here.lines() == []
    with pytest.raises(Refused, match=r"^no copy was made before the update: central bring-back, see backup\.md$"):
        database.restore(release(here))
    durable.write(here.site.state / "migrates", "2.0")
    database.save()
    assert durable.read(here.site.state / "saved") == "/b/2"
    database.restore(release(here))
    assert here.lines() == [current(here, f"backup --to {here.root}/backups"), asked(here, "bring-back /b/2 --really")]
    database.tidy()


@pytest.mark.parametrize("said", ["", "\n", "no json", "[]", "3", '{"head": 1}\nend'])
def test_an_answer_that_cannot_be_read_is_refused(here: Scripted, database: Database, said: str) -> None:
    here.answers = [("backup head", said)]
    with pytest.raises(Refused, match=r"^central backup said nothing that can be read$"):
        database.accepted()


def test_a_reason_is_its_last_line_and_bounded(here: Scripted, database: Database) -> None:
    here.answers = [("backup head", (1, "first\n" + "x" * 301))]
    with pytest.raises(Refused) as refused:
        database.accepted()
    assert str(refused.value) == "central backup: " + "x" * 300


def test_commands_run_with_what_central_s_file_sets_and_as_long_as_a_copy_takes(
    here: Scripted, database: Database
) -> None:
    given: list[dict[str, object]] = []

    def run(*words: str, **how: object) -> object:
        given.append(how)
        return Scripted.run(here, *words)

    object.__setattr__(here.site, "run_as_user", run)
    here.answers = [("backup head", json.dumps({"head": 1}))]
    database.accepted()
    assert given == [{"timeout_s": 6 * 3600.0, "environment": {"A": "1", "CENTRAL_DATA": str(here.root / "var")}}]
