"""Each need leads to the page on which one sees more of it: a machine's own, or what copies and retention say below."""

import re
from pathlib import Path

import pytest

from central.base import clock
from central.base.config import load_config
from central.insight.public.texts import LANGUAGES, texts
from central.kiosks.machine import Machine
from central.offices.drawing import FOLDER, draw
from central.offices.operators import Operator
from central.offices.retention.kinds import kinds
from central.offices.upkeep.standing import Kept, Standing
from central.offices.upkeep.todo import KINDS, Todo
from central.server.api.app import create_app

OF_MACHINES = ("centre-silent", "hub-", "kiosk-", "board-")
WITHOUT_A_PAGE = {"certificate", "disk", "doctor", "doctor-old", "set-apart", "authority", "growth"}
MACHINE = Machine(
    id="kiosk-0a", role="kiosk", centre="homs-main", digit=1, number=1, enrolled_at="2026-11-25T08:00:00Z"
)
STANDS = Standing(None, None, [Kept("personal", 90, None), Kept("items", None, None)])


def of(kind: str) -> Todo:
    return Todo(kind=kind, machine=MACHINE if kind.startswith(OF_MACHINES) else None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_need_leads_to_a_page_that_there_is(tmp_path: Path, kind: str) -> None:
    link = of(kind).link
    assert (link is None) == (kind in WITHOUT_A_PAGE)
    if link is None:
        return
    drawn = draw(
        "needs",
        "ar",
        Operator("Rana", "reader"),
        rows=[(link, dict.fromkeys(("where", "what", "since", "do")))],
        stands=STANDS,
        now=clock.now(),
    )
    (href,) = re.findall(r'<td><a href="([^"]+)"', drawn.decode())
    if href[0] == "#":
        assert f'id="{href[1:]}"' in drawn.decode()
    else:
        paths = [one.path.replace("{kiosk:str}", MACHINE.id) for one in create_app(load_config(tmp_path, None)).routes]
        assert href.partition("?")[0] in paths


def test_a_stopped_roll_out_leads_to_the_machine_that_stopped_it() -> None:
    assert Todo(kind="rollout-stopped", about=[MACHINE]).link == f"kiosks/{MACHINE.id}"
    assert Todo(kind="rollout-stopped").link == "fleet"


def test_each_kind_of_data_has_a_name_in_each_language() -> None:
    for language in LANGUAGES:
        assert {f"retained.{kind}" for kind in kinds()} <= set(texts(language, FOLDER))
