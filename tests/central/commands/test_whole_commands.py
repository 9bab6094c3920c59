"""What each command prints in a town with something of everything, whole: sentences, JSON, refusals, the log of acts.

What was read and found good is in `told.txt` beside this file, a short hash a command (`tests/kit/told.py`);
`TOLD=record .venv/bin/pytest -p no:randomly tests/central/commands/test_whole_commands.py` takes it as it is now.
"""

import asyncio
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import opened_engine
from central.base.tables.people import operations
from central.commands import rollout
from central.commands.cli import app
from central.keys.keys import KeyRing
from central.offices.upkeep import needs
from tests.central.offices.money import DAY
from tests.central.offices.town import NOW, lay_down
from tests.kit import told

pytestmark = pytest.mark.usefixtures("core_alone")

RECORD: Final = told.Record(Path(__file__).with_name("told.txt"))
MAIN, NEW = ("--centre", "homs-main"), ("--centre", "homs-new")
TOMORROW = ("--day", "2026-11-26")
ORDER = "0123456789abcdef0123456789abcdef"
PAYMENT = "01010102-0101-4101-8101-010101010101"
Steps = list[tuple[str, ...]]

LISTED: Steps = [
    *[(name,) for name in ("kiosks", "hubs", "centres", "findings", "quarantine", "clerks", "technicians", "needs")],
    *[(name,) for name in ("enrolment-codes", "messages", "claims", "payments", "rollout", "now", "catalogue")],
    *[(name,) for name in ("settings", "retention", "purge", "time", "inbox", "verify", "recount", "seats", "backup")],
    ("system", "list"), ("operator", "list"), ("findings", "--all"), ("messages", "--state", "failed"),
    ("seats", *MAIN), ("seats", *MAIN, *TOMORROW), ("seats", *NEW, *TOMORROW), ("seats", "propose", *MAIN),
    ("payments", "--day", DAY), ("payments", "--day", "2026-11-24"), ("payments", "--state", "refund-due"),
    ("payments", "--state", "lost"), ("payments", "--day", "soon"), ("payments", "books", "--day", DAY),
    ("rollout", "--kiosks"), ("rollout", "stop"), ("now", *NEW), ("now", "--centre", "none"), ("catalogue", *MAIN),
    ("catalogue", "--kiosk", "k1"), ("catalogue", "--kiosk", "k1", *MAIN), ("settings", "--kiosk", "none"),
    ("visits", *MAIN, "--day", DAY), ("visits", *MAIN, "--day", "soon"), ("opened", "k1", "none"),
    ("inbox", "--after", "0"), ("inbox", "--kiosk", "k1"), ("migrate",), ("migrate", "--json"), ("time", "--json"),
    ("recount", "--json"), ("verify", "--json", "--kiosk", "k1"), ("retention", "--json"),
]  # fmt: skip
DONE: Steps = [
    ("findings", "--settle", "1", "--by", "Rana"), ("findings",), ("findings", "--all"),
    ("findings", "--settle", "1", "--by", "Rana", "--json"), ("findings", "--settle", "99"), ("release",),
    ("release", "none", "--kiosk", "k1"), ("release", "none"), ("release", "--kiosk", "k1"), ("revoke", "k3"),
    ("revoke", "k2", "--json"), ("revoke", "none"), ("restored",), ("restored", "--json"), ("time", "--confirm"),
    ("clerk", " Huda ", *MAIN), ("clerk", "Omar", *MAIN, "--role", "manager"), ("clerks",),
    ("clerks", "withdraw", "Omar", *MAIN), ("clerks", "withdraw", "Huda", *MAIN, "--json"),
    ("technician", " Samer", *NEW, "--role", "technician"), ("technicians",), ("technicians", "withdraw", "Samer"),
    ("enrolment-code", *NEW, "--role", "hub"), ("enrolment-codes", "withdraw", "x0"), ("enrolment-codes",),
    ("enrolment-codes", "confirm", "x1", "https://hub.example:8090"), ("enrolment-codes", "confirm", "x1", "https://b"),
    ("operator", "add", " Sami ", "--role", "reader", *MAIN), ("operator", "list"), ("operator", "withdraw", "Sami"),
    ("operator", "withdraw", "Sami"), ("system", "give", "app", "--may", "visits", "--webhook", "https://app.example/"),
    ("system", "secret", "app"), ("system", "secret", "none"),
    ("system", "give", "b", "--may", "claims"), ("system", "list"), ("system", "withdraw", "app", "--json"),
    ("system", "withdraw", "app"), ("interrupt", "plan-copy", "--reason", "registry-line", *MAIN), ("now", *MAIN),
    ("interrupt", "plan-copy", "--reason", "registry-line", *MAIN), ("works-again", "plan-copy", "--json"),
    ("say", "--kind", "order-ready", "--order", ORDER), ("say", "--kind", "order-ready", "--order", "x"),
    ("retention", "set", "health", "30"), ("retention", "set", "items", "for-ever", "--json"), ("retention",),
    ("purge", "--really"), ("order-code", "--service", "plan-copy"), ("order-code", "--service", "p", "--post"),
    ("publish", "settings", "-", *MAIN), ("publish", "catalogue", "-"), ("publish", "catalogue", "-", *NEW),
    ("publish", "messages", "-"), ("publish", "settings", "-", *MAIN, "--kiosk", "k1"), ("publish", "seats", "-"),
    ("centre-ca", "--renew", "--json"), ("needs",),
]  # fmt: skip
GIVEN: dict[tuple[str, ...], str] = {
    ("publish", "settings", "-", *MAIN): '{"kiosk.help_call": true}',
    ("publish", "catalogue", "-"): '{"services": [{"code": "plan-copy", "offered": false}]}',
    ("publish", "catalogue", "-", *NEW): '{"services": []}',
    ("publish", "messages", "-"): '{"centre": "homs-new", "kinds": []}',
    ("publish", "seats", "-"): '{"centre": "homs-main", "plan": []}',
}
CLAIMED: Steps = [
    ("claim", *MAIN, "--service", "civil-affairs", "--at", "2026-11-26T10:30"), ("claims",),
    ("claim", *MAIN, "--service", "civil-affairs", "--at", "2026-11-26T10:30", "--kind", "booked"),
    ("claim", *MAIN, "--service", "civil-affairs", "--at", "2026-11-26T23:30"), ("claims", *NEW), ("claims", *TOMORROW),
    ("claim", *MAIN, "--service", "civil-affairs", "--kind", "afar"), ("claim", *MAIN, "--service", "civil-affairs"),
    ("claim", *MAIN, "--service", "civil-affairs", "--at", "soon"), ("claim", *MAIN), ("claim",),
    ("claims", "--day", "2026-11-27"), ("seats", *MAIN, *TOMORROW), ("claim", "cancel", "none"),
    ("claim", "cancel", "CLAIM"), ("claim", "cancel", "CLAIM"), ("claims", *MAIN),
]  # fmt: skip
ROLLED: Steps = [
    ("rollout", "advance"), ("rollout", "start", "1.3", "--first", "2", "--from", "2026-11-26T08:00:00"), ("rollout",),
    ("rollout", "--kiosks"), ("rollout", "advance", "--json"), ("rollout", "go-on"), ("rollout", "stop"), ("rollout",),
    ("rollout", "stop", "--json"), ("rollout", "go-on"), ("rollout", "start", "1.4", "--for", "hub", "--json"),
    ("rollout",), ("rollout", "--kiosks"), ("rollout", "start", "9.9"), ("needs",),
]  # fmt: skip
WRITTEN: Steps = [
    ("backup", "--to", "FOLDER/copies", "--settings", "FOLDER/none"), ("backup", "check", "FOLDER/copies"),
    ("backup", "check", "FOLDER/copies", "--migrate"), ("backup", "check", "FOLDER/copies", "--migrate", "--json"),
    ("backup", "key", "--out", "FOLDER/safe"), ("backup", "head"), ("bring-back", "FOLDER/copies"),
    ("bring-back", "FOLDER/copies", "--really", "--key", "FOLDER/safe"), ("bring-back", "FOLDER/copies", "--at", "now"),
    ("report", "--month", "2026-11", "--out", "FOLDER/a.csv", *MAIN, "--language", "en"), ("cat", "FOLDER/a.csv"),
    ("report", "--month", "2026-11", "--out", "FOLDER/b", "--format", "csv"), ("cat", "FOLDER/b"),
    ("report", "--month", "2026-13", "--out", "FOLDER/c.csv"), ("report", "--month", "2026-11", "--out", "x.doc"),
    ("report", "--month", "2026-11", "--out", "FOLDER/c.csv", "--centre", "none"),
    ("report", "--month", "2026-11", "--out", "FOLDER/none/c.csv", *MAIN),
    ("poster", *MAIN, "--out", "FOLDER/p.pdf"), ("poster", "--centre", "none", "--out", "p", "--public-url", "https://c"),
    ("catalogue", "--form", "FOLDER/form.xlsx"), ("import", "FOLDER/a.csv"),
]  # fmt: skip
PAID: Steps = [
    ("operator", "add", "Huda", "--role", "accountant"), ("operator", "add", "Omar", "--role", "administrator"),
    ("operator", "add", "Sami", "--role", "accountant", *MAIN), ("payments", "refund", PAYMENT, "--operator", "Sami"),
    ("payments", "refund", PAYMENT, "--operator", "Nobody"), ("payments", "refund", PAYMENT, "--operator", " Huda "),
    ("payments", "refund", PAYMENT, "--operator", "Huda"), ("payments", "refund", PAYMENT, "--operator", "Omar"),
    ("payments", "refund", "none", "--operator", "Omar"), ("payments", "--state", "refund-due"), ("needs",),
    ("payments", "take-in", "bank", __file__), ("payments", "give-out", "homs-water"),
    ("payments", "give-out", "homs-water", "--again"),
]  # fmt: skip
SCRIPTS: dict[str, Steps] = {
    "listed": LISTED,
    "done": DONE,
    "claimed": CLAIMED,
    "rolled": ROLLED,
    "written": WRITTEN,
    "paid": PAID,
}

_SECRET: Final = re.compile(
    r'"(pin|code(?=":"[A-Z0-9]{3})|token|webhook_secret|password|authenticator|digits)":"([^"]+)"'
)
_ALWAYS_ANOTHER: Final = re.compile(r'[0-9.]+ MB|(?<="bytes":)\d+|-----BEGIN[^"]*|central-\d{8}T\S+?(?=[:"\s])')


@pytest.fixture
def data(tmp_path: Path, prepared_sqlite: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of central's in that town; the clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)
    monkeypatch.setenv("SUDO_USER", "rana")
    folder, pool = tmp_path / "central", tmp_path / "packages" / "pool"
    shutil.copytree(prepared_sqlite.data_dir, folder)
    pool.mkdir(parents=True)
    for name in ("homs-kiosk-1.3_1.3_amd64.deb", "homs-hub-1.4_1.4_amd64.deb"):
        (pool / name).touch()
    monkeypatch.setattr(rollout, "PACKAGES", pool.parent)

    async def fill() -> None:
        url = f"sqlite+aiosqlite:///{folder / 'central.db'}"
        async with opened_engine(url) as engine, engine.begin() as connection:
            await lay_down(connection, KeyRing(folder / "keys"))

    asyncio.run(fill())
    return folder


def _plain(text: str, folder: Path) -> str:
    text = _SECRET.sub(lambda found: f'"{found[1]}":{len(found[2])}', text.replace(str(folder), "FOLDER"))
    return _ALWAYS_ANOTHER.sub("…", text)


async def _acts(folder: Path) -> list[Any]:
    async with opened_engine(f"sqlite+aiosqlite:///{folder / 'central.db'}") as engine, engine.connect() as connection:
        query = select(operations.c.operator, operations.c.act, operations.c.detail).order_by(operations.c.id)
        return [tuple(row) for row in await connection.execute(query)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_command_says_what_was_read_and_found_good(data: Path, tmp_path: Path, script: str) -> None:
    said: list[tuple[str, str]] = []
    claim = ""
    for words in SCRIPTS[script]:
        name = " ".join(words).replace("FOLDER/", "").replace(__file__, "")
        typed = [word.replace("FOLDER", str(tmp_path)).replace("CLAIM", claim) for word in words]
        if words[0] == "cat":
            said.append((name, told.whole(Path(typed[1]).read_text(encoding="utf-8-sig"))))
            continue
        done = CliRunner(env={"COLUMNS": "118", "TERMINAL_WIDTH": "118"}).invoke(
            app, [*typed, "--data", str(data)], input=GIVEN.get(words)
        )
        if found := re.search(r'"claim":"([^"]+)"', done.stdout):
            claim = found[1]
        fault = "" if done.exception is None or done.exit_code == 0 else f"{done.exception!r}"
        said.append((name, told.whole(_plain(f"{done.exit_code} {done.stdout}{done.stderr}{fault}", tmp_path))))
    said.append(("acts", _plain(told.whole(asyncio.run(_acts(data))).replace("\\", ""), tmp_path)))
    RECORD.compare(script, said)
