"""Every byte that a printer says is told apart by its fixed bits, in any portions, among any noise."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols import DeviceState, PaperState
from devices.receipt_printer import commands
from devices.receipt_printer.dialogue import status
from devices.receipt_printer.dialogue.fence import PaperFence
from devices.receipt_printer.dialogue.status import (
    Automatic,
    Block,
    Event,
    Information,
    PaperReply,
    RealTime,
    StatusReader,
    Stray,
)

# Answers to DLE EOT 1, 2, 3, 4, measured on emupos 0.4.0, and what they mean.
MEASURED = [
    (b"\x12\x12\x12\x12", DeviceState.ONLINE, PaperState.FULL),
    (b"\x12\x12\x12\x1e", DeviceState.ONLINE, PaperState.LOW),
    (b"\x1a\x32\x12\x7e", DeviceState.ONLINE, PaperState.OUT),
    (b"\x1a\x16\x12\x12", DeviceState.USER_ERROR, PaperState.FULL),
    (b"\x1a\x12\x12\x12", DeviceState.OFFLINE, PaperState.FULL),
    (b"\x1a\x52\x1a\x12", DeviceState.HARDWARE_ERROR, PaperState.JAMMED),
    (b"\x1a\x52\x32\x12", DeviceState.HARDWARE_ERROR, PaperState.FULL),
    (b"\x1a\x52\x52\x12", DeviceState.BUSY, PaperState.FULL),
]


@pytest.mark.parametrize(("replies", "device", "paper"), MEASURED)
def test_answers_become_states(replies: bytes, device: DeviceState, paper: PaperState) -> None:
    found = status.from_real_time(replies)
    assert (found.device, found.paper) == (device, paper)
    assert found.can_print is (device is DeviceState.ONLINE and paper is not PaperState.OUT)


@pytest.mark.parametrize(
    ("pushed", "device", "paper"),
    [
        (b"\x10\x00\x00\x0f", DeviceState.ONLINE, PaperState.FULL),
        (b"\x14\x00\x03\x0f", DeviceState.ONLINE, PaperState.LOW),
        (b"\x18\x00\x0f\x0f", DeviceState.ONLINE, PaperState.OUT),
        (b"\x38\x00\x00\x0f", DeviceState.USER_ERROR, PaperState.FULL),
        (b"\x18\x08\x00\x0f", DeviceState.HARDWARE_ERROR, PaperState.JAMMED),
        (b"\x18\x40\x00\x0f", DeviceState.BUSY, PaperState.FULL),
    ],
)
def test_pushed_status_becomes_a_state(pushed: bytes, device: DeviceState, paper: PaperState) -> None:
    found = status.from_automatic(pushed)
    assert (found.device, found.paper) == (device, paper)


STREAM: list[tuple[bytes, Event]] = [
    (b"\x12", RealTime(0x12)),
    (b"\x14\x00\x03\x0f", Automatic(b"\x14\x00\x03\x0f")),
    (b"\x00", PaperReply(0)),
    (b"\x37\x22idle\x00", Block(0x22, b"idle")),
    (b"\x0f", PaperReply(0x0F)),
    (b"\x37\x72\x40AbCd\x00", Block(0x72, b"\x40AbCd")),
    (b"\x5fSN0042\x00", Information(b"SN0042")),
    (b"\x7e", RealTime(0x7E)),
    (b"\x371262144\x00", Block(0x31, b"262144")),
    (b"\x37\x22 a~z\x00", Block(0x22, b" a~z")),  # from the first to the last letter that a block may hold
    (b"\xff", Stray(0xFF)),
]


def test_all_kinds_are_told_apart_in_any_portions() -> None:
    whole = b"".join(data for data, _ in STREAM)
    for size in range(1, len(whole) + 1):
        reader = StatusReader()
        events = [event for at in range(0, len(whole), size) for event in reader.feed(whole[at : at + size])]
        assert events == [event for _, event in STREAM]


def test_flow_control_and_real_time_answers_may_stand_within_others() -> None:
    assert StatusReader().feed(b"\x14\x13\x00\x11\x03\x0f") == [Automatic(b"\x14\x00\x03\x0f")]
    assert StatusReader().feed(b"\x14\x00\x12\x03\x0f") == [RealTime(0x12), Automatic(b"\x14\x00\x03\x0f")]
    assert StatusReader().feed(b"\x37\x22id\x12le\x00") == [RealTime(0x12), Block(0x22, b"idle")]


@given(st.binary(max_size=300), st.integers(1, 20))
def test_any_bytes_leave_a_reader_that_understands_the_next_good_ones(noise: bytes, size: int) -> None:
    reader = StatusReader()
    for at in range(0, len(noise), size):
        reader.feed(noise[at : at + size])
    assert len(reader._block) <= 96
    assert len(reader._automatic) <= 3
    reader.reset()
    assert reader.feed(b"\x37\x22job1\x00\x12") == [Block(0x22, b"job1"), RealTime(0x12)]


def test_mutated_streams_never_crash_the_reader() -> None:
    """A bounded version of the benchmark's million."""
    chance = random.Random(4)
    good = b"".join(data for data, _ in STREAM)
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.randrange(6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        for event in StatusReader().feed(bytes(data)):
            if isinstance(event, Automatic):
                status.from_automatic(event.data)


def test_a_job_asks_for_paper_in_a_number_that_an_earlier_jobs_answers_do_not_fit() -> None:
    numbers = set()
    for _ in range(60):
        fence = PaperFence()
        asked = len(fence.request) // len(commands.PAPER_STATUS)
        numbers.add(asked)
        for told in range(1, 16):
            seen = PaperFence()
            seen.request, seen._questions = fence.request, fence._questions
            for _ in range(told):
                seen.see(PaperReply(0), 5.0)
            assert seen.is_met(6.0) is (told == asked)
    assert len(numbers) > 4
    assert min(numbers) >= 4  # more than the three bytes left of a broken automatic status
