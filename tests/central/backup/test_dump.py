"""The database's own tools: how they are called, what a failure of theirs says, and that half a dump is none."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from central.backup.dump import check_tools, dumped, restored, sqlite_path
from central.backup.errors import BackupError
from central.base.config import CentralConfig, load_config

URL = "postgresql+asyncpg://central:p%40ss@db.example:5433/central?ssl=require&timeout=7&target_session_attrs=primary"
PLAIN = "postgresql://central@db.example:5433/central?connect_timeout=7&sslmode=require&target_session_attrs=primary"


@pytest.fixture
def sqlite(tmp_path: Path) -> CentralConfig:
    return load_config(tmp_path / "central", None)


@pytest.fixture
def postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CentralConfig:
    """PostgreSQL's tools are scripts in `bin`, and nothing else is found."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    return load_config(tmp_path / "central", URL)


def script(config: CentralConfig, name: str, *lines: str) -> Path:
    path = config.data_dir.parent / "bin" / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


def fill(path: str, *words: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE words (word)")
        database.executemany("INSERT INTO words VALUES (?)", [(word,) for word in words])


class BrokenOff(BaseException):
    """As a signal is: no Exception."""


def break_off(reached: int) -> None:
    raise BrokenOff(reached)


def words_in(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [str(word) for (word,) in database.execute("SELECT word FROM words ORDER BY word")]


def test_a_file_s_dump_is_the_database_and_leaves_nothing_behind(sqlite: CentralConfig, tmp_path: Path) -> None:
    fill(sqlite_path(sqlite), "a", "b")
    with dumped(sqlite) as stream:
        content = stream.read()
        assert [path.name.startswith("backup-") for path in sqlite.data_dir.iterdir()].count(True) == 1
    (tmp_path / "copy.db").write_bytes(content)
    assert words_in(str(tmp_path / "copy.db")) == ["a", "b"]
    assert [path.name for path in sqlite.data_dir.iterdir()] == [Path(sqlite_path(sqlite)).name]
    Path(sqlite_path(sqlite)).unlink()
    check_tools(sqlite)
    with restored(sqlite) as target:
        target.write(content)
        assert not Path(sqlite_path(sqlite)).exists(), "not before it is whole"
    assert words_in(sqlite_path(sqlite)) == ["a", "b"]
    assert [path.name for path in sqlite.data_dir.iterdir()] == [Path(sqlite_path(sqlite)).name]


def test_a_dump_that_breaks_off_takes_no_database_s_place(sqlite: CentralConfig) -> None:
    fill(sqlite_path(sqlite), "stays")
    with pytest.raises(BrokenOff), restored(sqlite) as target:
        break_off(target.write(b"half"))
    assert words_in(sqlite_path(sqlite)) == ["stays"]
    assert [path.name for path in sqlite.data_dir.iterdir()] == [Path(sqlite_path(sqlite)).name]


def test_pg_dump_is_asked_without_a_password_where_others_see_it(postgres: CentralConfig) -> None:
    script(postgres, "pg_dump", 'for word in "$@"; do echo "$word"; done', 'echo "$PGPASSWORD"')
    with dumped(postgres) as stream:
        *words, password = stream.read().decode().splitlines()
    assert (words, password) == ([f"--dbname={PLAIN}", "--no-password", "--format=custom"], "p@ss")


def test_pg_restore_takes_the_whole_dump_in_one_transaction(postgres: CentralConfig) -> None:
    heard = postgres.data_dir.parent / "heard"
    lines = (
        f'for word in "$@"; do echo "$word" >> {heard}; done',
        f"while read -r line; do echo $line >> {heard}; done",
    )
    script(postgres, "pg_restore", *lines)
    check_tools(postgres)
    with restored(postgres) as target:
        target.write(b"one\ntwo\n")
    said = heard.read_text(encoding="utf-8").splitlines()
    assert said == [
        f"--dbname={PLAIN}", "--no-password", "--no-owner", "--no-privileges", "--single-transaction",
        "--exit-on-error", "one", "two",
    ]  # fmt: skip


def test_without_a_password_the_environment_s_own_stays(
    postgres: CentralConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "of the service")
    script(postgres, "pg_dump", 'echo "$PGPASSWORD"')
    with dumped(replace(postgres, database_url="postgresql+asyncpg:///central")) as stream:
        assert stream.read() == b"of the service\n"


def test_a_tool_that_is_missing_is_named_with_what_installs_it(postgres: CentralConfig) -> None:
    with pytest.raises(BackupError) as missing:
        check_tools(postgres)
    assert str(missing.value) == "pg_restore is missing: apt install postgresql-client"
    with pytest.raises(BackupError) as missing, dumped(postgres):
        pass
    assert str(missing.value) == "pg_dump is missing on this machine: apt install postgresql-client"


@pytest.mark.parametrize(
    ("said", "told"),
    [("echo ' no such role'; echo more", "no such role"), (":", "no reason given"), (f"echo {'x' * 301}", "x" * 300)],
)
def test_what_fails_at_the_end_is_told_by_its_first_line(postgres: CentralConfig, said: str, told: str) -> None:
    script(postgres, "pg_dump", "echo half", f"{{ {said}; }} >&2", "exit 3")
    with pytest.raises(BackupError) as failed, dumped(postgres) as stream:
        assert stream.read() == b"half\n"
    assert str(failed.value) == f"pg_dump: {told}"


def test_a_tool_that_ends_before_it_has_read_all_is_told_by_its_own_words(postgres: CentralConfig) -> None:
    script(postgres, "pg_restore", "echo 'not a dump' >&2", "exit 1")
    with pytest.raises(BackupError, match=r"^pg_restore: not a dump$"), restored(postgres) as target:
        target.write(bytes(13_000_000))


def test_a_reader_that_gives_up_leaves_no_process_behind(postgres: CentralConfig) -> None:
    script(postgres, "pg_dump", "echo $$", "while :; do :; done")
    with pytest.raises(BrokenOff) as broken, dumped(postgres) as stream:
        break_off(int(stream.readline()))
    with pytest.raises(ProcessLookupError):
        os.kill(broken.value.args[0], 0)
    assert stream.closed
