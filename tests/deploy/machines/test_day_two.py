"""The table of an operator's tasks: each leads to a section, counts its words, and is typed as it stands."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.main import get_command

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.tables.enrolled import kiosks
from central.commands.cli import app as central_app
from hub.commands.cli import cli as hub_app
from kiosk.commands.cli import cli as kiosk_app
from tests.central.commands.people.test_access import run

DEPLOY = Path(__file__).parents[3] / "deploy"
ENDED_BY_A_PERSON = {"central-update", "kiosk-update", "kiosk-setup", "hub-setup"}
KIOSK, HUB = "kiosk-0a0b0c0d", "hub-0a0b0c0d"


@dataclass(frozen=True)
class Task:
    """A line of the table."""

    name: str
    section: str
    page: str
    typed: list[str]
    words: str
    minutes: str


def tasks() -> list[Task]:
    lines = (DEPLOY / "day-two.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    found = []
    for name, _arabic, section, typed, words, minutes, _holds in cells[1:]:
        link = re.fullmatch(r"\[(.*)\]\((\S+)\)", section)
        assert link, name
        found.append(Task(name, link[1], link[2], re.findall(r"`([^`]+)`", typed), words, minutes))
    return found


def test_each_task_leads_to_a_section_and_counts_what_is_typed() -> None:
    assert len(tasks()) >= 20
    for task in tasks():
        headings = re.findall(r"^#+ (.*)$", (DEPLOY / task.page).read_text(encoding="utf-8"), re.MULTILINE)
        assert task.section in headings, task.name
        assert re.fullmatch(r"–|\d+\.\d", task.minutes), task.name
        assert task.words in ("–", str(len(" ".join(task.typed).split()))), task.name


def test_each_program_has_the_commands_that_are_typed() -> None:
    known = {
        name: set(get_command(app).commands)  # type: ignore[attr-defined]
        for name, app in (("central", central_app), ("hub", hub_app), ("kiosk", kiosk_app))
    }
    for line in (line for task in tasks() for line in task.typed):
        program, *words = line.split()
        if program in known:
            assert words[0] in known[program], line
        else:
            assert (DEPLOY / program).is_file(), line


@pytest.fixture
def stands_for(tmp_path: Path) -> dict[str, str]:
    """Return what an operator would put in the place of the words in capitals, and of the files."""
    files = {
        "centres.csv": "code,name_ar,name_en,kiosks\nhoms-new,حمص,Homs,1\n",
        "holidays.csv": "date,opens,closes,name_ar,name_en\n2027-01-01,,,رأس السنة,New Year\n",
        "notices.json": '{"notices":[{"id":"x","from":"2026-01-01","until":"2028-01-01","where":["kiosk"],'
        '"texts":{"ar":"نص","en":"text"}}]}',
        "rotate.json": '{"rotate":["signing"]}',
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    made = {name: str(tmp_path / name) for name in (*files, "sheets.html", "city.pdf", "poster.pdf", "backup.key")}
    words = {"KIOSK": KIOSK, "HUB": HUB, "CENTRE": "homs-main", "NAME": "rana", "MONTH": "2026-11"}
    return made | words | {"COPIES": str(tmp_path / "copies"), "KEY": made["backup.key"], "VERSION": "1.1.0"}


@pytest.mark.proof
def test_every_line_of_centrals_is_typed_as_it_stands(tmp_path: Path, stands_for: dict[str, str]) -> None:
    data = tmp_path / "central"
    (tmp_path / "first.csv").write_text("code,name_ar,name_en,kiosks\nhoms-main,ح,Main,1\n", encoding="utf-8")
    assert run(data, "centres", "add", str(tmp_path / "first.csv")).returncode == 0
    asyncio.run(_enrol(data))
    assert (
        run(data, "backup", "key", "--out", stands_for["KEY"]).returncode == 0
    )  # it lies in the safe since the first day
    code = ""
    for line in [line for task in tasks() for line in task.typed if line.startswith("central ")]:
        words = [stands_for.get(word, code if word == "CODE" else word) for word in line.split()[1:]]
        if words[0] == "poster":
            words += ["--public-url", "https://central.example"]  # which central.env says on an installed machine
        done = run(data, *words)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        if words[0] == "enrolment-code":
            code = re.findall(r"[A-Z2-7]{16}", done.stdout)[-1]
    assert {"sheets.html", "city.pdf", "poster.pdf", "copies"} <= {path.name for path in tmp_path.iterdir()}


async def _enrol(data: Path) -> None:
    """Have a kiosk and a hub that central knows: enrolling them is not what is tried here."""
    row = {"centre": "homs-main", "enrolled_at": "2026-11-25T08:00:00Z", "signing_kid": "x", "enrolment_kid": "x"}
    machines = [(KIOSK, "kiosk", 1), (HUB, "hub", 0)]
    async with opened_engine(load_config(data, None).database_url) as engine, engine.begin() as connection:
        for name, role, digit in machines:
            values = row | {"id": name, "role": role, "digit": digit, "public_key": name}
            await connection.execute(insert(kiosks).values(values))
