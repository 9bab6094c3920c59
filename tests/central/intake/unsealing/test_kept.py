"""A dump, a replica's disk or a stolen backup holds no personal data to read; who may read it is written down."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from central.base.tables.ordered import opened
from central.base.tables.people import operations
from central.commands.cli import app
from central.keys.at_rest import NotOurText, Vault, place_of_item
from central.keys.key_file import KeyFile
from common.machine.errors import CannotBeDone
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of
from tests.kit.sender import Sender

PLACE = place_of_item("kiosk-1", "item-1")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    KeyFile(tmp_path).make()
    return Vault.of(KeyFile(tmp_path))


async def one_opened(stage: Stage) -> Sender:
    sender = await stage.enrolled()
    await stage.deliver(sender, ticket_of(sender))
    await stage.unseal()
    return sender


def test_a_text_opens_in_its_own_place_with_its_own_file_alone(vault: Vault, tmp_path: Path) -> None:
    sealed = vault.seal(PLACE, "ليلى")
    assert "ليلى" not in sealed
    assert vault.open(PLACE, sealed) == "ليلى"
    assert vault.seal(PLACE, "ليلى") != sealed
    (tmp_path / "another").mkdir()
    KeyFile(tmp_path / "another").make()
    another = Vault.of(KeyFile(tmp_path / "another"))
    for opens, place, text in (
        (vault, place_of_item("kiosk-1", "item-2"), sealed),
        (another, PLACE, sealed),
        (vault, PLACE, sealed[:-4]),
        (vault, PLACE, sealed + "!"),
        (vault, PLACE, "ليلى"),
    ):
        with pytest.raises(NotOurText, match="does not open"):
            opens.open(place, text)


async def test_who_reads_it_is_written_down_and_what_is_not_there_is_said(
    stage: Stage,
) -> None:
    sender = await one_opened(stage)
    (row,) = await stage.all(select(opened))
    database = stage.config.database_url

    def typed(item: str) -> Result:
        words = ["opened", sender.kiosk, item, "--data", str(stage.config.data_dir), "--database", database]
        return CliRunner().invoke(app, words)

    read = await asyncio.to_thread(typed, row.item)
    assert json.loads(read.stdout.splitlines()[-1])["content"] == {"person": {"name": "ليلى"}}
    (act,) = await stage.all(select(operations))
    assert (act.operator, act.act) == ("console", "personal-read")
    assert "ليلى" not in act.detail
    refused = await asyncio.to_thread(typed, "another")
    assert isinstance(refused.exception, CannotBeDone)
    assert "nothing opened" in str(refused.exception)
