"""The process that opens sealed parts: what becomes of central and of the items when it dies or hangs."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx2
import msgspec
import psutil
import pytest

from central.intake.receiving import finding
from central.intake.unsealing import process as opening
from central.intake.unsealing import unsealing
from central.intake.unsealing.process import LENGTH_BYTES, OpeningFailed, OpeningProcess, SealedItem, Unsealed
from central.keys.keys import KeyRing, base64_text
from common.protocol.envelope import Item
from common.protocol.feed_message import CentralKeyRecord
from tests.central.commands.test_cli import enrol, result, served
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import states, ticket_of
from tests.kit.sender import Sender


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    kid, public = KeyRing(tmp_path).make("sealing")
    return Sender("kiosk-1", "", sealing=CentralKeyRecord(kid, base64_text(public)))


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[OpeningProcess]:
    started = OpeningProcess(tmp_path)
    yield started
    await started.close()


def as_sealed(item: Item) -> SealedItem:
    return SealedItem(item.id, "kiosk-1", item.epoch, item.kind, item.body)


def child_of(parent: psutil.Process) -> psutil.Process | None:
    return next((one for one in parent.children() if "central.intake.unsealing.process" in one.cmdline()), None)


def own_child() -> psutil.Process:
    found = child_of(psutil.Process())
    assert found is not None
    return found


async def test_each_item_is_opened_in_its_place_and_a_key_made_meanwhile_is_found(
    sender: Sender, process: OpeningProcess, tmp_path: Path
) -> None:
    first = as_sealed(ticket_of(sender))
    assert [found.reason for found in await process.open([first])] == [None]
    before = own_child()
    kid, public = KeyRing(tmp_path).make("sealing")
    sender.sealing = CentralKeyRecord(kid, base64_text(public))
    second = as_sealed(ticket_of(sender, "سمر"))
    moved = SealedItem(first.id, first.kiosk, first.epoch, first.kind, second.body)
    found = await process.open([second, moved, first])
    assert [(one.content, one.reason) for one in found] == [
        ('{"person":{"name":"سمر"}}', None),
        (None, "does-not-open"),
        ('{"person":{"name":"ليلى"}}', None),
    ]
    assert own_child() == before


async def test_a_module_that_lies_where_central_was_started_is_not_taken(
    sender: Sender, process: OpeningProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('another msgspec')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [found.reason for found in await process.open([as_sealed(ticket_of(sender))])] == [None]


async def test_after_a_death_the_call_fails_and_the_next_one_starts_another(
    sender: Sender, process: OpeningProcess
) -> None:
    item = as_sealed(ticket_of(sender))
    await process.open([item])
    own_child().kill()
    with pytest.raises(OpeningFailed):
        await process.open([item])
    assert [found.reason for found in await process.open([item])] == [None]


async def test_silence_is_not_waited_for_without_end(
    sender: Sender, process: OpeningProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = as_sealed(ticket_of(sender))
    await process.open([item])
    silent = own_child()
    silent.suspend()
    monkeypatch.setattr(opening, "ANSWER_WITHIN_S", 0.1)
    with pytest.raises(OpeningFailed):
        await process.open([item])
    assert not silent.is_running()


async def test_an_answer_that_cannot_be_read_ends_the_process(
    sender: Sender, process: OpeningProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = as_sealed(ticket_of(sender))
    nonsense = tmp_path / "nonsense"
    for answer in (r"\0\0\0\1\377", r"\0\0\0\1\220"):  # no MessagePack; a list of none
        nonsense.write_text(f"#!/bin/sh\nprintf '{answer}'\ncat >/dev/null\n")
        nonsense.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(nonsense))
        with pytest.raises(OpeningFailed):
            await process.open([item])
        assert not [one for one in psutil.Process().children() if str(nonsense) in one.cmdline()]
    monkeypatch.undo()
    assert [found.reason for found in await process.open([item])] == [None]


def test_it_says_nothing_of_an_answer_that_nobody_reads(sender: Sender, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "central.intake.unsealing.process", str(tmp_path)]
    request = msgspec.msgpack.encode([as_sealed(ticket_of(sender))])
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as alone:
        assert alone.stdout is not None
        alone.stdout.close()
        _, words = alone.communicate(len(request).to_bytes(LENGTH_BYTES) + request, timeout=60)
    assert (alone.returncode, words) == (-signal.SIGPIPE, b"")


async def test_the_stop_signals_of_its_group_leave_the_step_under_way_alone(
    sender: Sender, process: OpeningProcess
) -> None:
    item = as_sealed(ticket_of(sender))
    await process.open([item])
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(own_child().pid, number)
    assert [found.reason for found in await process.open([item])] == [None]


def test_it_ends_with_its_central_also_in_the_middle_of_a_request(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "central.intake.unsealing.process", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as alone:
        out, _ = alone.communicate((1000).to_bytes(LENGTH_BYTES) + b"half", timeout=60)
    assert (alone.returncode, out) == (0, b"")


async def test_items_whose_opening_was_cut_short_stay_waiting(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, process: OpeningProcess
) -> None:
    sender = await stage.enrolled()
    monkeypatch.setattr(unsealing.Unsealer, "wake", lambda _: None)
    await process.open([])
    own_child().kill()
    await stage.deliver(sender, ticket_of(sender))
    with pytest.raises(OpeningFailed):
        await unsealing.unseal_some(stage.engine, stage.ring, process)
    assert await states(stage) == ["waiting"]
    await stage.unseal()
    assert await states(stage) == ["opened"]


async def test_an_item_that_ends_its_reader_twice_is_set_apart_and_the_others_are_opened(
    idle_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = idle_stage
    sender = await stage.enrolled()
    good, bad, last = ticket_of(sender), ticket_of(sender, "سمر"), ticket_of(sender, "نور")
    await stage.deliver(sender, good, bad, last)
    exchange = opening._exchange

    async def ended_by_it(process: asyncio.subprocess.Process, items: Sequence[SealedItem]) -> list[Unsealed]:
        if bad.id in {one.id for one in items}:
            process.kill()
        return await exchange(process, items)

    monkeypatch.setattr(opening, "_exchange", ended_by_it)
    monkeypatch.setattr(unsealing, "RETRY_AFTER_S", 0.0)
    unsealer = unsealing.Unsealer(stage.engine, stage.ring)
    run = asyncio.create_task(unsealer.run())
    async with asyncio.timeout(60):
        while (found := await states(stage)) != ["opened", "unsealable", "opened"]:
            assert "waiting" in found
            await asyncio.sleep(0.02)
    unsealer.stop()
    await run
    named = [(row.item, row.code) for row in await stage.all(finding.listing(also_settled=True)) if row.item == bad.id]
    assert (bad.id, "unsealable-ends-its-reader") in named


async def test_no_item_is_to_blame_where_the_process_fails_without_any(
    sender: Sender, process: OpeningProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = as_sealed(ticket_of(sender))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OpeningFailed):
        await process.open_alone(item)


def test_an_item_that_never_comes_to_an_end_ends_its_process(tmp_path: Path) -> None:
    program = (
        "import io, sys; from pathlib import Path; from central.intake.unsealing import process\n"
        "from central.keys.keys import KeyRing\n"
        "process.CPU_S_AN_ITEM = 0.2\n"
        "process.open_item = lambda item, ring: [0 for _ in iter(int, 1)]\n"
        "process.serve(sys.stdin.buffer, sys.stdout.buffer, KeyRing(Path(sys.argv[1])))\n"
    )
    request = msgspec.msgpack.encode([SealedItem("i", "k", "e", "ticket", "")])
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdin=pipe, stdout=pipe) as alone:
        out, _ = alone.communicate(len(request).to_bytes(LENGTH_BYTES) + request, timeout=60)
    assert (alone.returncode, out) == (-signal.SIGPROF, b"")


async def test_a_silent_process_keeps_no_batch_and_no_stop_waiting(
    idle_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = idle_stage  # whose own unsealer would be the one that is met
    sender = await stage.enrolled()
    unsealer = unsealing.Unsealer(stage.engine, stage.ring)
    held = asyncio.Event()
    exchange = opening._exchange

    async def to_a_silent_one(process: asyncio.subprocess.Process, items: Sequence[SealedItem]) -> list[Unsealed]:
        process.send_signal(signal.SIGSTOP)
        held.set()
        return await exchange(process, items)

    monkeypatch.setattr(opening, "_exchange", to_a_silent_one)
    await stage.deliver(sender, ticket_of(sender))
    run = asyncio.create_task(unsealer.run())
    async with asyncio.timeout(40):
        await held.wait()
        assert await stage.results(sender, sender.ticket()) == [("applied", None)]
        unsealer.stop()
        await run
    assert await states(stage) == ["waiting", None]


async def test_an_interruption_while_the_process_is_started_counts(
    process: OpeningProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = opening._exchange

    async def with_a_silent_one(started: asyncio.subprocess.Process, items: Sequence[SealedItem]) -> list[Unsealed]:
        started.send_signal(signal.SIGSTOP)
        return await exchange(started, items)

    monkeypatch.setattr(opening, "_exchange", with_a_silent_one)
    call = asyncio.create_task(process.open([]))
    await asyncio.sleep(0)  # it is being started, and not there yet
    process.interrupt()
    async with asyncio.timeout(40):
        with pytest.raises(opening.OpeningFailed):
            await call


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_central_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path) as (url, server):
        sender = enrol(url, result(tmp_path, "enrolment-code", "--centre", "homs-main")["code"])
        body = sender.batch([ticket_of(sender)])
        headers = sender.signature("POST", sender.batches_path, body)
        httpx2.post(url + sender.batches_path, content=body, headers=headers).raise_for_status()
        while (left := child_of(psutil.Process(server.pid))) is None:
            httpx2.get(f"{url}/healthz").raise_for_status()
        server.send_signal(number)
        server.communicate(timeout=20)
        left.wait(timeout=20)


async def test_it_steps_behind_the_process_that_answers_kiosks(process: OpeningProcess) -> None:
    await process.open([])
    last = 19  # none steps behind that one
    assert own_child().nice() == min(psutil.Process().nice() + opening.BEHIND_ANSWERS, last)
