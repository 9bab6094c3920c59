"""Fifty kiosks, a good version and a bad one; what each says is what the kiosk's health report says."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, update

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import health
from central.kiosks.rollout import rollout
from central.kiosks.rollout.plan import Standing, Went, next_step
from central.kiosks.rollout.rollout import RolloutRefused
from common.protocol.queue.call import WaitingList
from tests.central.conftest import Stage
from tests.kit.sender import Sender

FLEET = 50


class Fleet:
    """Fifty kiosks in ten centres; those that were told install at night, and say how it went."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.runs = {f"kiosk-{number:02}": "1.0.0" for number in range(FLEET)}
        self.tried: list[str] = []

    async def enrol(self) -> None:
        async with self.stage.engine.begin() as connection:
            for number, kiosk in enumerate(self.runs):
                row = {"id": kiosk, "centre": f"c{number % 10}", "digit": 1 + number // 10, "public_key": kiosk}
                row |= {"enrolled_at": clock.as_text(clock.now()), "signing_kid": "x", "enrolment_kid": "x"}
                known = {name: value for name, value in row.items() if name in kiosks.c}
                await connection.execute(insert(kiosks).values(**known, role="kiosk"))
                report = msgspec.json.encode({"version": "1.0.0"}).decode()
                await connection.execute(
                    insert(health).values(kiosk=kiosk, report=report, at=clock.as_text(clock.now()))
                )

    async def night(self, version: str, *, bad: bool = False) -> list[str]:
        """Let everybody who was told try the version; return who they were."""
        async with self.stage.engine.begin() as connection:
            told = [one.kiosk for one in await rollout.standings(connection) if one.went is Went.WAITING]
        for kiosk in told:
            self.tried.append(kiosk)
            report: dict[str, Any] = {"version": "1.0.0" if bad else version}
            self.runs[kiosk] = report["version"]
            outcome = {"version": version, "outcome": "failed" if bad else "installed", "why": "no start screen"}
            await self._reports(kiosk, report | {"update": outcome})
        return told

    async def _reports(self, kiosk: str, report: dict[str, Any]) -> None:
        async with self.stage.engine.begin() as connection:
            values = {"report": msgspec.json.encode(report).decode(), "at": clock.as_text(clock.now())}
            await connection.execute(update(health).where(health.c.kiosk == kiosk).values(values))

    async def advance(self, **more: bool) -> Any:
        async with self.stage.engine.begin() as connection:
            return await rollout.advance(connection, **more)

    async def start(self, version: str) -> None:
        async with self.stage.engine.begin() as connection:
            await rollout.start(connection, version, 2, None)


@pytest.fixture
async def fleet(stage: Stage) -> Fleet:
    made = Fleet(stage)
    await made.enrol()
    return made


async def test_a_good_version_reaches_all_in_stages(fleet: Fleet) -> None:
    await fleet.start("1.1.0")
    stages = []
    for _ in range(10):
        stages.append(len(await fleet.night("1.1.0")))
        assert not (await fleet.advance()).stop
        if not stages[-1]:
            break
    assert stages == [2, 8, 40, 0]
    assert set(fleet.runs.values()) == {"1.1.0"}
    async with fleet.stage.engine.begin() as connection:
        found = await rollout.described(connection)
    assert found is not None
    assert (found["state"], found["done"]) == ("done", FLEET)


async def test_a_bad_version_is_stopped_at_the_first_ones_and_taken_back(fleet: Fleet) -> None:
    await fleet.start("1.1.0")
    assert len(await fleet.night("1.1.0", bad=True)) == 2
    step = await fleet.advance()
    assert step.stop is not None
    assert "no start screen" in step.stop
    for _ in range(3):
        await fleet.advance()
        assert await fleet.night("1.1.0", bad=True) in ([], fleet.tried[:2])
    assert set(fleet.tried) == set(fleet.tried[:2]), "others were told of a version that failed"
    async with fleet.stage.engine.begin() as connection:
        found = await rollout.described(connection)
        assert found is not None
        assert (found["state"], found["untold"]) == ("stopped", FLEET - 2)
        with pytest.raises(RolloutRefused, match="no roll-out is on its way"):
            await rollout.stop(connection, "again")
    await fleet.start("1.1.1")
    assert len(await fleet.night("1.1.1")) == 2


async def test_the_first_ones_stand_in_different_centres_and_the_silent_ones_are_told_last() -> None:
    fleet = [Standing(f"k{number}", f"c{number // 2}", Went.UNTOLD, quiet=number < 2) for number in range(6)]
    first = next_step(fleet, 2).tell
    assert first == ["k2", "k4"]
    done = [Standing(one.kiosk, one.centre, Went.DONE if not one.quiet else Went.UNTOLD, one.quiet) for one in fleet]
    assert next_step(done, 2).tell == ["k0", "k1"]


async def test_a_silent_one_holds_the_next_stage_until_somebody_says_go_on(fleet: Fleet) -> None:
    await fleet.start("1.1.0")
    assert (await fleet.advance()).tell == []
    assert len((await fleet.advance(go_on=True)).tell) == 8


@pytest.mark.parametrize(("quiet", "told"), [(False, ["elsewhere"]), (True, ["elsewhere", "leads"])])
def test_gone_on_with_a_centre_is_not_told_of_both_hubs_while_one_of_them_may_be_at_it(
    quiet: bool, told: list[str]
) -> None:
    hubs = [
        Standing("follows", "c1", Went.WAITING, quiet=quiet),
        Standing("leads", "c1", Went.UNTOLD, leads=True),
        Standing("elsewhere", "c2", Went.UNTOLD),
    ]
    assert sorted(next_step(hubs, 1, go_on=True, one_a_centre=True).tell) == told


async def test_who_runs_a_newer_version_is_waited_for_no_more_and_proves_nothing(fleet: Fleet) -> None:
    await fleet.start("1.2.0")
    async with fleet.stage.engine.begin() as connection:
        told = [one.kiosk for one in await rollout.standings(connection) if one.went is Went.WAITING]
    await fleet._reports(told[0], {"version": "1.10.0"})  # from a stick; it takes no older one
    assert (await fleet.advance()).tell == []
    await fleet._reports(told[1], {"version": "1.2.0"})
    assert len((await fleet.advance()).tell) == 4
    for kiosk in fleet.runs:  # central was set back to a copy of when this version was on its way
        await fleet._reports(kiosk, {"version": "1.10.0"})
    assert (await fleet.advance()).over


@pytest.mark.parametrize("version", ["", "v1.0", "1.0 --back", "-1", "1/2", "1" * 80])
async def test_what_is_no_version_is_refused(stage: Stage, version: str) -> None:
    async with stage.engine.begin() as connection:
        with pytest.raises(RolloutRefused, match="VERSION: found"):
            await rollout.start(connection, version, 1, None)


async def test_a_kiosk_is_told_by_its_feed_and_told_to_stay_when_it_stops(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, health={"version": "1.0.0"})
    async with stage.engine.begin() as connection:
        await rollout.start(connection, "1.1.0", 1, None)
    assert (await _settings(stage, sender))["update.version"] == "1.1.0"
    async with stage.engine.begin() as connection:
        await rollout.stop(connection, "by hand")
    assert (await _settings(stage, sender)).get("update.version") is None


async def test_hubs_are_told_one_of_a_centre_at_a_time_and_who_leads_last(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    leads, follows, elsewhere = [await stage.enrolled_hub(centre) for centre in ("homs-main", "homs-main", "homs-new")]
    hubs = {hub.kiosk: "1.0.0" for hub in (leads, follows, elsewhere)}
    senders = {hub.kiosk: hub for hub in (leads, follows, elsewhere)}
    told: list[set[str]] = []
    for sender in (kiosk, *senders.values()):
        await stage.deliver(sender, health={"version": "1.0.0"})
    await stage.deliver(leads, waiting=WaitingList(clock.as_text(clock.now()), "2026-11-25", 1, {}))
    async with stage.engine.begin() as connection:
        await rollout.start(connection, "1.1.0", 1000, None, role="hub")
    while len(told) < 4:
        wanted = {hub for hub in hubs if (await _settings(stage, senders[hub])).get("update.version") == "1.1.0"}
        told.append(wanted)
        for hub in wanted:
            await stage.deliver(senders[hub], health={"version": "1.1.0"})
        async with stage.engine.begin() as connection:
            if (await rollout.advance(connection)).over:
                break
    assert told == [{follows.kiosk, elsewhere.kiosk}, set(hubs)]
    assert "update.version" not in await _settings(stage, kiosk)
    async with stage.engine.begin() as connection:
        found = await rollout.described(connection)
    assert found is not None
    assert (found["for"], found["state"], found["done"]) == ("hub", "done", 3)


async def test_started_again_it_goes_on_once_the_machine_that_stopped_it_has_the_version(fleet: Fleet) -> None:
    await fleet.start("1.1.0")
    failed = await fleet.night("1.1.0", bad=True)
    await fleet.advance()
    await fleet.start("1.1.0")
    assert (await fleet.advance()).stop is not None, "what failed there is not tried again by itself"
    for kiosk in failed:  # by hand
        fleet.runs[kiosk] = "1.1.0"
        await fleet._reports(kiosk, {"version": "1.1.0", "update": {"version": "1.1.0", "outcome": "failed"}})
    await fleet.start("1.1.0")
    assert (await fleet.advance()).stop is None
    assert await fleet.night("1.1.0") != failed


async def test_a_hub_that_failed_stops_it_and_its_centre_keeps_the_one_that_leads(stage: Stage) -> None:
    leads, follows = await stage.enrolled_hub(), await stage.enrolled_hub()
    for hub in (leads, follows):
        await stage.deliver(hub, health={"version": "1.0.0"})
    await stage.deliver(leads, waiting=WaitingList(clock.as_text(clock.now()), "2026-11-25", 1, {}))
    async with stage.engine.begin() as connection:
        await rollout.start(connection, "1.1.0", 3, None, role="hub")
    went = {"version": "1.1.0", "outcome": "failed", "why": "its doctor says no"}
    await stage.deliver(follows, health={"version": "1.0.0", "update": went})
    async with stage.engine.begin() as connection:
        step = await rollout.advance(connection)
    assert step.stop == "hub 2 of Main centre: its doctor says no"
    for hub in (leads, follows):
        assert (await _settings(stage, hub)).get("update.version") is None


async def _settings(stage: Stage, sender: Sender) -> dict[str, Any]:
    """Return what a kiosk that knows nothing yet is told of its settings."""
    found: dict[str, Any] = {}
    for message in (await stage.feed(sender)).messages:
        if message.kind == "settings":
            found |= msgspec.json.decode(message.body)
    return found
