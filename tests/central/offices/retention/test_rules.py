"""`central retention`: nothing goes without a rule, and nothing but by --really."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from central.base.tables.received import health_history
from central.offices import operations
from central.offices.retention import rules, sweep
from central.offices.retention.keeping import keep
from central.offices.retention.kinds import Retained, kinds
from common.feature import brought
from tests.central.commands.test_cli import run
from tests.central.conftest import Stage

OF_FEATURES = {one.name: list(one.words.values()) for one in brought("central", Retained)}
COUNTED = {
    "personal": ["opened parts", "personal blocks of orders"],
    "items": ["contents of items", "evidences of batches"],
    "feed": ["replaced messages"],
    "health": ["earlier reports"],
    "claims": ["appointments and numbers from afar", "of their seats", "seats of days", "changes of seats by hand"],
    "messages": ["messages to citizens", "telephone numbers", "tickets watched"],
    "payments": [
        "payments", "events of payments", "marks of payments", "steps of refunds", "bills", "lines of payers' books",
        "words of payers on these lines", "lines of billers' books", "debts of files", "marks that were written out",
    ],
    **OF_FEATURES,
}  # fmt: skip


def test_without_a_rule_everything_is_kept_and_a_rule_deletes_nothing_by_itself(tmp_path: Path) -> None:
    said = [json.loads(line) for line in run(tmp_path, "retention", "--json").stdout.splitlines()]
    assert [one["days"] for one in said if one["kind"] == "payments"] == [3653]  # as law has it, unless the city says
    assert [one for one in said if one["kind"] != "payments"] == [
        {"kind": kind, "days": None} for kind in kinds() if kind != "payments"
    ]
    assert run(tmp_path, "retention", "set", "items", "400").stdout == "items: kept 400 days\n"
    assert run(tmp_path, "retention", "set", "feed", "90").returncode == 0
    assert run(tmp_path, "retention", "set", "feed", "for-ever").stdout == "feed: kept for ever\n"
    (items,) = [line for line in run(tmp_path, "retention").stdout.splitlines() if line.startswith("items")]
    assert items == "items: kept 400 days; 0 contents of items, 0 evidences of batches would be deleted; say --really"
    (done,) = [
        one
        for one in map(json.loads, run(tmp_path, "retention", "--really", "--json").stdout.splitlines())
        if one["days"] and one["kind"] != "payments"
    ]
    assert (done["kind"], done["contents"], done["evidence"], done["deleted"]) == ("items", 0, 0, True)
    with sqlite3.connect(tmp_path / "central.db") as connection:
        acts = [act for (act,) in connection.execute("SELECT act FROM operations")]
    connection.close()
    assert acts == ["retention-set"] * 3


def test_each_kind_is_counted_and_deleted_in_words(tmp_path: Path) -> None:
    for kind in kinds():
        assert run(tmp_path, "retention", "set", kind, "4000").returncode == 0
    for words, verb in (((), "would be deleted; say --really"), (("--really",), "deleted")):
        done = run(tmp_path, "retention", *words)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            f"{kind}: kept 4000 days; {', '.join(f'0 {one}' for one in ones)} {verb}" for kind, ones in COUNTED.items()
        ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("items", "3"), "items: found 3 days, expected from 31 to 36500"),
        (("personal", "36501"), "expected from 1 to 36500"),
        (("items", "-5"), "-5"),
        (("items", "soon"), "DAYS: found 'soon', expected a number of days or for-ever"),
        (("orders", "30"), "orders"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(tmp_path: Path, words: tuple[str, str], said: str) -> None:
    done = run(tmp_path, "retention", "set", *words)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize("step", [2, 2000])
async def test_of_what_a_kiosk_said_of_itself_the_last_stays(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(sweep, "STEP_ROWS", step)
    rows = [
        {"kiosk": kiosk, "at": f"2026-01-{day:02}T00:00:00.000000Z", "state": "{}"}
        for kiosk in ("kiosk-1", "kiosk-2")
        for day in range(1, 6)
    ]
    young = {"kiosk": "kiosk-2", "at": "2999-01-01T00:00:00.000000Z", "state": "{}"}
    async with stage.engine.begin() as connection:
        await connection.execute(insert(health_history), [*rows, young])
    over = await keep(stage.engine, "health", 30, really=True, operator=operations.CONSOLE)
    assert over.counts == {"reports": 9}
    kept = {(row.kiosk, row.at) for row in await stage.all(select(health_history))}
    assert kept == {("kiosk-1", rows[4]["at"]), ("kiosk-2", young["at"])}


def test_an_item_without_its_content_is_listed_and_recounted_as_such(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    connection = sqlite3.connect(tmp_path / "central.db")
    columns = "id, kiosk, epoch, seq, kind, wall_time, boot_id, body, hash, result, batch"
    values = "?, 'k', 'e', ?, 'audit', '', '', ?, '', 'applied', 1"
    row = f"INSERT INTO inbox ({columns}) VALUES ({values})"
    with connection:
        connection.executemany(row, [("a", 1, ""), ("b", 2, "e30=")])
    connection.close()
    listed = [json.loads(line) for line in run(tmp_path, "inbox").stdout.splitlines()]
    item = {"kiosk": "k", "kind": "audit"}
    assert listed == [{"id": "a", **item, "seq": 1, "gone": True}, {"id": "b", **item, "seq": 2}]
    done = run(tmp_path, "recount")
    assert "of 1 items whose content was deleted by rule stayed as it was" in done.stdout, done.stderr


async def test_payments_go_by_a_shipped_rule_that_stays_one_after_something_went(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        assert (await rules.read(connection))["payments"] == 3653
        await rules.note_gone(connection, "payments", "2016-01-01T00:00:00.000000Z")
        assert (await rules.read(connection))["payments"] == 3653
        await rules.set_days(connection, "payments", None, "console")
        assert "payments" not in await rules.read(connection)
        await rules.note_gone(connection, "payments", "2017-01-01T00:00:00.000000Z")
        assert "payments" not in await rules.read(connection)
