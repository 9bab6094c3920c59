"""What an operator gives, looks up and takes back: codes, technicians, clerks, and what kiosks go by."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.people import operations
from central.insight.public.texts import texts
from central.offices.drawing import FOLDER
from central.offices.operations import who_says
from tests.kit.loaded_commands import COMMANDS

MAIN = ("--centre", "homs-main")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "central"


def run(data: Path, *words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    return COMMANDS.run("central", *words, "--data", str(data), given=text, timeout_s=50)


def rows(data: Path, *words: str, text: str = "") -> list[dict[str, Any]]:
    done = run(data, *words, text=text)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(data: Path, *words: str, text: str = "") -> str:
    done = run(data, *words, text=text)
    assert (done.returncode in (1, 2), done.stdout) == (True, "")
    return done.stderr


def add_centre(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "centres.csv"
    table.write_text("code,name_ar,name_en,kiosks\nhoms-new,حمص,Homs,0\n", encoding="utf-8")
    rows(data, "centres", "add", str(table))


def test_codes_are_listed_and_withdrawn_by_themselves_or_by_their_id(data: Path) -> None:
    first, second = (rows(data, "enrolment-code", *MAIN)[0]["code"] for _ in range(2))
    listed = rows(data, "enrolment-codes")
    assert [(one["centre"], one["role"]) for one in listed] == [("homs-main", "kiosk")] * 2
    assert first not in json.dumps(listed)
    typed = f"{first[:4]}-{first[4:].lower()}"
    assert rows(data, "enrolment-codes", "withdraw", typed, "--json") == [{"centre": "homs-main", "withdrawn": True}]
    (left,) = rows(data, "enrolment-codes")
    rows(data, "enrolment-codes", "withdraw", left["id"], "--json")
    assert rows(data, "enrolment-codes") == []
    assert "no such code is open" in refused(data, "enrolment-codes", "withdraw", second)


def test_a_technician_of_several_centres_has_one_pin_and_loses_it_in_all(data: Path, tmp_path: Path) -> None:
    add_centre(data, tmp_path)
    done = run(data, "technician", "Rana", *MAIN, "--centre", "homs-new", "--role", "technician")
    assert (set(json.loads(done.stdout)), done.stderr) == ({"pin"}, "Rana, technician: a new name\n")
    assert len(json.loads(done.stdout)["pin"]) == 8
    rows(data, "technician", "Samer", *MAIN, "--role", "manager")
    again = run(data, "technician", "Rana ", *MAIN, "--centre", "homs-new", "--role", "technician")
    assert (again.stdout != done.stdout, again.stderr) == (True, "Rana, technician: another PIN\n")
    listed = [(one["name"], one["centre"], one["role"]) for one in rows(data, "technicians")]
    assert listed == [
        ("Rana", "homs-main", "technician"), ("Rana", "homs-new", "technician"), ("Samer", "homs-main", "manager")
    ]  # fmt: skip
    assert rows(data, "technicians", "withdraw", "Rana", "--centre", "homs-new", "--json")[0]["centres"] == ["homs-new"]
    assert rows(data, "technicians", "withdraw", " Rana", "--json") == [{"name": "Rana", "centres": ["homs-main"]}]
    assert [one["name"] for one in rows(data, "technicians")] == ["Samer"]
    assert "has no PIN there" in refused(data, "technicians", "withdraw", "Rana")


@pytest.mark.parametrize(("role", "digits"), [((), 8), (("--role", "manager"), 10)])
def test_a_new_clerk_has_a_pin_which_is_shown_once(data: Path, role: tuple[str, ...], digits: int) -> None:
    (given,) = rows(data, "clerk", "Rima", *MAIN, *role)
    assert set(given) == {"pin"}
    assert len(given["pin"]) == digits
    assert given["pin"].isdecimal()


def test_clerks_are_listed_and_withdrawn(data: Path) -> None:
    rows(data, "clerk", "Rima", *MAIN)
    assert rows(data, "clerks") == [{"name": "Rima", "centre": "homs-main", "role": "clerk"}]
    assert run(data, "clerk", " Rima", *MAIN).stderr == "Rima, clerk: another PIN\n"
    assert rows(data, "clerks", "withdraw", "Rima ", *MAIN, "--json") == [{"name": "Rima", "centre": "homs-main"}]
    assert rows(data, "clerks") == []
    assert "has no clerk 'Rima'" in refused(data, "clerks", "withdraw", "Rima", *MAIN)


def test_what_is_in_force_is_printed_as_it_can_be_published_again(data: Path, tmp_path: Path) -> None:
    add_centre(data, tmp_path)
    assert "no catalogue was published" in refused(data, "catalogue")
    for_all, for_one = ({"services": [{"code": code, "offered": False}]} for code in ("civil-affairs", "plan-copy"))
    said = run(data, "publish", "catalogue", "-", text=json.dumps(for_all))
    assert "takes the place of every catalogue before it" in said.stdout
    rows(data, "publish", "catalogue", "-", "--json", "--centre", "homs-new", text=json.dumps(for_one))
    assert rows(data, "catalogue") == rows(data, "catalogue", *MAIN) == [for_all]
    done = run(data, "catalogue", "--centre", "homs-new")
    assert json.loads(done.stdout) == for_one
    assert "published for homs-new" in done.stderr
    rows(data, "publish", "catalogue", "-", "--json", text=done.stdout)
    assert rows(data, "catalogue", *MAIN) == [for_one]


def test_settings_in_force_are_the_newest_of_each_name(data: Path) -> None:
    assert rows(data, "settings") == [{}]
    for values in ({"kiosk.opens": "09:00", "kiosk.closes": "13:00"}, {"kiosk.closes": None}):
        rows(data, "publish", "settings", "-", "--json", text=json.dumps(values))
    rows(data, "publish", "settings", "-", "--json", *MAIN, text=json.dumps({"kiosk.opens": "10:00"}))
    assert rows(data, "settings") == [{"kiosk.opens": "09:00"}]
    assert rows(data, "settings", *MAIN) == [{"kiosk.opens": "10:00"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["technician", "Rana", "--role", "manager", "--centre", "homs-mian"], "there is no centre 'homs-mian'"),
        (["clerk", "Rima", "--centre", "homs-mian"], "there is no centre 'homs-mian'"),
        (["publish", "settings", "-", "--centre", "homs-mian"], "there is no centre 'homs-mian'"),
        (["publish", "settings", "-", "--kiosk", "kiosk-0"], "--kiosk: found 'kiosk-0', which isn't enrolled here"),
        (["catalogue", "--kiosk", "kiosk-0"], "--kiosk: found 'kiosk-0'"),
        (["settings", "--kiosk", "kiosk-0", *MAIN], "say either --centre or --kiosk"),
    ],
    ids=str,
)
def test_a_slip_in_a_name_is_named_and_reaches_nobody(data: Path, words: list[str], said: str) -> None:
    assert said in refused(data, *words, text="{}")


def test_operators_are_appointed_listed_and_withdrawn(data: Path) -> None:
    (made,) = rows(data, "operator", "add", "Rana", "--role", "manager", *MAIN, "--json")
    assert made["authenticator"].startswith("otpauth://totp/")
    (listed,) = rows(data, "operator", "list")
    assert (listed["name"], listed["role"]) == ("Rana", "manager")
    assert made["password"] not in json.dumps(listed)
    assert rows(data, "operator", "withdraw", "Rana", "--json") == [{"name": "Rana", "withdrawn": True}]
    assert rows(data, "operator", "list") == []
    assert "there is no operator" in refused(data, "operator", "withdraw", "Rana")


def acts(data: Path) -> list[tuple[str, str, dict[str, str]]]:
    async def read() -> list[tuple[str, str, dict[str, str]]]:
        config = load_config(data, None)
        async with opened_engine(config.database_url) as engine, reading(engine) as connection:
            rows = await connection.execute(select(operations).order_by(operations.c.id))
            return [(row.operator, row.act, json.loads(row.detail)) for row in rows]

    return asyncio.run(read())


def test_the_user_behind_sudo_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "rana")
    assert who_says() == {"user": "rana"}
    monkeypatch.delenv("SUDO_USER")
    assert who_says() == {}


def test_what_is_done_at_the_console_stands_in_the_log_of_acts(data: Path, tmp_path: Path) -> None:
    add_centre(data, tmp_path)
    rows(data, "enrolment-code", *MAIN)
    rows(data, "technician", "Samer", *MAIN, "--role", "manager")
    rows(data, "technicians", "withdraw", "Samer", "--json")
    rows(data, "clerk", "Huda", *MAIN)
    rows(data, "clerks", "withdraw", "Huda", *MAIN, "--json")
    rows(data, "publish", "settings", "-", "--json", *MAIN, text="{}")
    rows(data, "rollout", "start", "1.2.0", "--json")
    refused(data, "rollout", "stop")
    rows(data, "restored", "--json")
    rows(data, "centre-ca", "--renew", "--json")
    refused(data, "revoke", "kiosk-00000000")
    refused(data, "release", "nothing")
    by = who_says()
    found = acts(data)
    assert {operator for operator, _, _ in found} == {"console"}
    assert [(act, detail) for _, act, detail in found] == [
        ("centres-added", {"centres": "1", "file": "centres.csv"} | by),
        ("code-made", {"centre": "homs-main", "role": "kiosk"} | by),
        ("technician-appointed", {"name": "Samer", "centre": "homs-main", "role": "manager"} | by),
        ("technician-withdrawn", {"name": "Samer", "centre": "*"} | by),
        ("clerk-appointed", {"name": "Huda", "centre": "homs-main", "role": "clerk"} | by),
        ("clerk-withdrawn", {"name": "Huda", "centre": "homs-main"} | by),
        ("published", {"kind": "settings", "centre": "homs-main"} | by),
        ("rollout-started", {"version": "1.2.0", "first": "3"} | by),
        ("restored", by),
        ("authority-renewed", by),
    ], "what was refused was not done"
    for language in ("ar", "en"):
        assert not [act for _, act, _ in found if f"act.{act}" not in texts(language, FOLDER)]


def test_who_gets_another_pin_keeps_the_role_and_a_new_name_is_said_to_be_one(data: Path) -> None:
    first = run(data, "clerk", "Mona", *MAIN, "--role", "manager")
    again = run(data, "clerk", "Mona", *MAIN)
    other = run(data, "clerk", "Mnoa", *MAIN)
    assert [done.stderr for done in (first, again, other)] == [
        "Mona, manager: a new name\n",
        "Mona, manager: another PIN\n",
        "Mnoa, clerk: a new name\n",
    ]
    assert len(again.stdout) == len(first.stdout) > len(other.stdout)
    assert run(data, "clerk", "Mona", *MAIN, "--role", "clerk").stderr == "Mona, clerk: another PIN\n"


def test_sheets_that_are_there_are_not_written_over_and_no_code_is_made(data: Path, tmp_path: Path) -> None:
    table, sheets = tmp_path / "centres.csv", tmp_path / "sheets.html"
    table.write_text("code,name_ar,name_en,kiosks\nhoms-new,حمص,Homs,1\n", encoding="utf-8")
    rows(data, "centres", "add", str(table), "--sheets", str(sheets))
    before = sheets.read_bytes()
    table.write_text("code,name_ar,name_en,kiosks\nhoms-new,حمص,Homs,2\n", encoding="utf-8")
    assert "sheets.html is there already" in refused(data, "centres", "add", str(table), "--sheets", str(sheets))
    assert sheets.read_bytes() == before
    assert len(rows(data, "enrolment-codes")) == 1
    rows(data, "centres", "add", str(table), "--sheets", str(tmp_path / "more.html"))
    assert len(rows(data, "centres", "add", str(table), "--sheets", str(tmp_path / "none.html"))) == 1
    assert {path.name for path in tmp_path.glob("*.html")} == {"sheets.html", "more.html"}


def test_a_name_that_nobody_has_is_refused_with_where_names_stand(data: Path) -> None:
    assert "see `central kiosks` and `central hubs`" in refused(data, "revoke", "kiosk-00000000")
    assert rows(data, "hubs") == []
    assert "`central centres add` makes one" in refused(data, "enrolment-code", "--centre", "homs-mian")
