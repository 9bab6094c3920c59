"""Make the next numbered revision of a database: `python -m tools.scaffolds.revision STORE "what it does"`.

Change the table first: what the program's tables have and a database of the newest revision lacks becomes the body of
`upgrade`, to be read and mended by hand. The number that the program names moves on with it, and a used database of the
revision is kept, with which later programs are tested.
"""

import importlib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, create_engine

from common.feature import brought
from tools.scaffolds.tree import ROOT, CannotScaffold, run, tidy

LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database keeps its revisions, its tables, and the number that the program names."""

    migrations: str
    tables: str
    names_revision: str
    keeps_used: str
    version_table: str = "alembic_version"


DATABASES: Final = {
    "kiosk": Database(
        "offline_store/migrations",
        "offline_store.disk.tables",
        "offline_store/disk/migration.py",
        "tests.offline_store.disk.test_migration",
    ),
    "hub": Database(
        "hub/log/migrations", "hub.log.tables", "hub/log/schema.py", "tests.hub.log.test_schema", "hub_alembic_version"
    ),
    "central": Database(
        "central/base/migrations",
        "central.base.tables.base",
        "central/base/database/migration.py",
        "tests.central.base.database.test_migrations",
    ),
}


def make(arguments: list[str]) -> str:
    """Write the revision and say which files are new. Raises CannotScaffold."""
    if len(arguments) != 2 or arguments[0] not in DATABASES or not arguments[1].strip():
        raise CannotScaffold(
            'say which database and what changes: make revision STORE=central NAME="what it does"; '
            f"STORE is one of {', '.join(DATABASES)}",
            is_usage=True,
        )
    database, name = DATABASES[arguments[0]], _sentence(arguments[1])
    config = Config()
    config.set_main_option("script_location", str(ROOT / database.migrations).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_current_head() or "0000"
    number = f"{int(newest) + 1:04}"
    body = _difference(config, database)
    _name_newest(ROOT / database.names_revision, newest, number)
    made = command.revision(config, name, rev_id=number, head="head")
    assert made is not None
    assert not isinstance(made, list)
    written = Path(made.path)
    if body:
        text = written.read_text(encoding="utf-8")
        written.write_text(text.replace("    pass\n", f"{body}\n"), encoding="utf-8")
    tidy(written)
    listed = ", ".join(str(one.relative_to(ROOT)) for one in (written, _keep_used(database.keeps_used, number)))
    found = "read what was found in the tables" if body else "the tables ask for nothing: write what it does"
    return f"revision {number} is in {listed}, and named in {database.names_revision}; {found}, then `make check`"


def _sentence(name: str) -> str:
    """Return the name as the docstring's sentence. Raises CannotScaffold."""
    name = name.strip()
    if len(name) > LONGEST_NAME or not name.isprintable() or not re.search(r"[a-z]", name) or re.search(r'["\\]', name):
        raise CannotScaffold(
            f"NAME is one sentence of English, at most {LONGEST_NAME} characters, without quotation marks",
            is_usage=True,
        )
    return name[0].upper() + name[1:].rstrip(".") + "."


def _difference(config: Config, database: Database) -> str:
    """Give, as the lines of `upgrade`, what the program's tables have beyond a database of the newest revision."""
    metadata = importlib.import_module(database.tables).metadata
    for room in DATABASES:
        brought(room, Table)  # a feature's tables are described once its part is loaded
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/newest.sqlite3")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            options = {
                "compare_type": True,
                "compare_server_default": True,
                "version_table": database.version_table,
                "include_object": is_known,
            }
            context = MigrationContext.configure(connection, opts=options)
            found = produce_migrations(context, metadata).upgrade_ops
        engine.dispose()
    if found is None or found.is_empty():
        return ""
    lines = render_python_code(found, render_as_batch=True, migration_context=context)
    kept = [line for line in lines.splitlines() if "###" not in line]
    return "\n".join(line if line.startswith("    ") else f"    {line}" for line in kept)


def is_known(_: object, __: str | None, kind: str, reflected: bool, own: object) -> bool:
    """Return whether the program knows it: a table of a feature that was taken out stays, and is no difference."""
    return not (kind == "table" and reflected and own is None)


def _name_newest(file: Path, newest: str, number: str) -> None:
    """Have the program name the new revision. Raises CannotScaffold where it doesn't name the newest one there is."""
    told = re.compile(rf'^(REVISION(?:: Final)? = )"{newest}"$', re.MULTILINE)
    text, times = told.subn(rf'\g<1>"{number}"', file.read_text(encoding="utf-8"))
    if times != 1:
        raise CannotScaffold(
            f"{file.relative_to(ROOT)} doesn't name revision {newest}, the newest there is: see that REVISION is right"
        )
    file.write_text(text, encoding="utf-8")


def _keep_used(module: str, number: str) -> Path:
    """Write a used database of the new revision in a program that knows it. Raises CannotScaffold."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip() or "it said nothing"
        raise CannotScaffold(
            f"{said}\nthe revision is written, but no used database of it: mend it, then python -m {module}"
        )
    (kept,) = (ROOT.joinpath(*module.split(".")[:-1]) / "stores").glob(f"{number}.*")
    return kept


if __name__ == "__main__":
    run(make)
