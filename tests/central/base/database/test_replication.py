"""Nobody is told that something is done which one machine alone has: each writing path, with its wait cancelled."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import msgspec
import pytest
from sqlalchemy import func, select

from central.base.database.replication import NotReplicatedError
from central.base.tables.enrolled import kiosks
from central.base.tables.ordered import opened
from central.base.tables.received import inbox
from central.base.tables.told import feed
from central.intake.unsealing import unsealing
from central.kiosks import enrolment
from tests.central.absent_replica import AbsentReplica
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender

pytestmark = pytest.mark.parametrize("config", ["postgresql"], indirect=True)


@pytest.fixture
async def replica(stage: Stage) -> AsyncIterator[AbsentReplica]:
    absent = _replica_of(stage)
    yield absent
    await absent.forgo()


def _replica_of(stage: Stage) -> AbsentReplica:
    return AbsentReplica(stage.config.database_url.replace("+asyncpg", ""))


async def test_a_batch_whose_wait_was_cancelled_is_answered_503_and_taken_as_duplicate_later(
    stage: Stage, replica: AbsentReplica
) -> None:
    sender = await stage.enrolled()
    body = sender.batch([sender.ticket(), sender.ticket()])
    await replica.demand()
    response = await replica.during(stage.post(sender, body))
    assert not isinstance(response, BaseException)
    assert response.status_code == 503
    assert "Signature" not in response.headers
    # The very case that lies: PostgreSQL has both rows, on one machine.
    assert await _count(stage, inbox) == 2
    again = await replica.during(stage.post(sender, body))
    assert not isinstance(again, BaseException)
    assert again.status_code == 503, "the items are here, but still on one machine"
    await replica.forgo()
    answer = msgspec.json.decode((await stage.post(sender, body)).content)
    assert [one["result"] for one in answer["results"]] == ["duplicate", "duplicate"]


async def test_a_batch_that_one_statement_takes_stands_under_the_same_guard(
    stage: Stage, replica: AbsentReplica
) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, sender.ticket())
    body = sender.batch([sender.ticket(), sender.ticket()])
    await replica.demand()
    response = await replica.during(stage.post(sender, body))
    assert not isinstance(response, BaseException)
    assert response.status_code == 503
    assert await _count(stage, inbox) == 3
    await replica.forgo()
    answer = msgspec.json.decode((await stage.post(sender, body)).content)
    assert [one["result"] for one in answer["results"]] == ["duplicate", "duplicate"]


async def test_an_enrolment_whose_wait_was_cancelled_gives_no_place_until_a_replica_has_it(
    stage: Stage, replica: AbsentReplica
) -> None:
    sender, code = Sender("", URL), await stage.code()
    await replica.demand()
    response = await replica.during(stage.try_enrol(sender, code))
    assert not isinstance(response, BaseException)
    assert response.status_code == 503
    await replica.forgo()
    response = await stage.try_enrol(sender, code)
    assert response.status_code == 200
    assert await _count(stage, kiosks) == 1


@pytest.mark.parametrize("kind", ["business-day", "central-keys"])
async def test_a_message_or_rotation_whose_wait_was_cancelled_is_not_said_to_be_published(
    stage: Stage, replica: AbsentReplica, kind: str
) -> None:
    content = {"date": "2026-11-27"} if kind == "business-day" else {"rotate": ["signing"]}
    before = await _count(stage, feed)
    await replica.demand()
    assert isinstance(await replica.during(stage.publish(kind, content)), NotReplicatedError)
    await replica.forgo()
    assert await _count(stage, feed) == before + 1


async def test_a_revocation_is_said_to_be_done_only_when_a_replica_has_it_also_the_second_time(
    stage: Stage, replica: AbsentReplica
) -> None:
    sender = await stage.enrolled()
    await replica.demand()

    async def revoke() -> bool:
        async with stage.engine.begin() as connection:
            return await enrolment.revoke(connection, sender.kiosk)

    assert isinstance(await replica.during(revoke()), NotReplicatedError)
    assert isinstance(await replica.during(revoke()), NotReplicatedError)
    await replica.forgo()
    assert await revoke()


async def test_what_was_unsealed_stands_under_the_same_guard(idle_stage: Stage) -> None:
    stage, replica = idle_stage, _replica_of(idle_stage)
    sender = await stage.enrolled()
    await stage.deliver(sender, sender.order("SY1:no-code", None))
    await replica.demand()
    step = unsealing.unseal_some(stage.engine, stage.ring, stage.opening)
    outcome = await replica.during(step)
    await replica.forgo()
    assert isinstance(outcome, NotReplicatedError)
    assert await _count(stage, opened) == 1


def test_a_command_whose_wait_was_cancelled_ends_with_a_sentence(stage: Stage, replica: AbsentReplica) -> None:
    asyncio.run(replica.demand())
    url = stage.config.database_url.replace("+asyncpg", "")
    command = [sys.executable, "-m", "central", "technician", "Rana", "--centre", "homs-main", "--role", "technician"]
    with subprocess.Popen(
        [*command, "--data", stage.config.data_dir, "--database", url], stdout=-1, stderr=-1, text=True
    ) as process:
        asyncio.run(replica.during(asyncio.to_thread(process.wait)))
        out, error = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "on one machine only" in error
    assert "Traceback" not in error


async def _count(stage: Stage, table: object) -> int:
    (row,) = await stage.all(select(func.count()).select_from(table))  # type: ignore[arg-type]
    return int(row[0])
