"""Every bit of a printer's answers, one at a time and together; and what proves that a job was printed."""

import pytest

from devices.protocols import DeviceState, PaperState, PrinterStatus
from devices.receipt_printer import commands
from devices.receipt_printer.dialogue.fence import NoFence, PaperFence, ProcessFence
from devices.receipt_printer.dialogue.status import (
    Automatic,
    Block,
    Event,
    Information,
    PaperReply,
    RealTime,
    StatusReader,
    Stray,
    from_automatic,
    from_real_time,
    reason,
)

FULL, LOW, OUT, JAMMED = PaperState.FULL, PaperState.LOW, PaperState.OUT, PaperState.JAMMED
FINE = PrinterStatus(DeviceState.ONLINE, FULL)
COVER = PrinterStatus(DeviceState.USER_ERROR, FULL, "cover")
BUTTON = PrinterStatus(DeviceState.USER_ERROR, FULL, "feed button")
CUTTER = PrinterStatus(DeviceState.HARDWARE_ERROR, JAMMED, "cutter")
MECHANICAL = PrinterStatus(DeviceState.HARDWARE_ERROR, JAMMED, "mechanical")
BROKEN = PrinterStatus(DeviceState.HARDWARE_ERROR, FULL, "unrecoverable")
HOT = PrinterStatus(DeviceState.BUSY, FULL, "hot")
OFFLINE = PrinterStatus(DeviceState.OFFLINE, FULL, "switched offline")
EMPTY, NEARLY = PrinterStatus(DeviceState.ONLINE, OUT), PrinterStatus(DeviceState.ONLINE, LOW)

REAL_TIME = {
    (0, 0x08): OFFLINE, (0, 0x40): BUTTON, (1, 0x04): COVER, (1, 0x08): BUTTON, (1, 0x20): EMPTY, (2, 0x04): MECHANICAL,
    (2, 0x08): CUTTER, (2, 0x20): BROKEN, (2, 0x40): HOT, (3, 0x04): NEARLY, (3, 0x08): NEARLY, (3, 0x20): EMPTY,
    (3, 0x40): EMPTY,
}  # fmt: skip
AUTOMATIC = {
    (0, 0x08): OFFLINE, (0, 0x20): COVER, (0, 0x40): BUTTON, (1, 0x04): MECHANICAL, (1, 0x08): CUTTER,
    (1, 0x20): BROKEN, (1, 0x40): HOT, (2, 0x01): NEARLY, (2, 0x02): NEARLY, (2, 0x04): EMPTY, (2, 0x08): EMPTY,
}  # fmt: skip


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("bit", range(8))
def test_each_bit_means_one_thing(place: int, bit: int) -> None:
    replies = [0, 0, 0, 0]
    replies[place] = 1 << bit
    assert from_real_time(replies) == REAL_TIME.get((place, 1 << bit), FINE)
    assert from_automatic(bytes(replies)) == AUTOMATIC.get((place, 1 << bit), FINE)


@pytest.mark.parametrize(
    ("replies", "told", "why"),
    [
        ((0x08, 0x24, 0x6C, 0x6C), PrinterStatus(DeviceState.HARDWARE_ERROR, OUT, "unrecoverable"), OUT),
        ((0x08, 0x24, 0x4C, 0x6C), CUTTER, JAMMED),
        ((0x08, 0x24, 0x44, 0x6C), MECHANICAL, JAMMED),
        ((0x08, 0x2C, 0x40, 0x6C), PrinterStatus(DeviceState.USER_ERROR, OUT, "cover"), DeviceState.USER_ERROR),
        ((0x48, 0x20, 0x40, 0x6C), PrinterStatus(DeviceState.USER_ERROR, OUT, "feed button"), DeviceState.USER_ERROR),
        ((0x08, 0x00, 0x40, 0x0C), PrinterStatus(DeviceState.BUSY, LOW, "hot"), DeviceState.BUSY),
        ((0x08, 0x20, 0x00, 0x0C), EMPTY, OUT),
        ((0x08, 0x00, 0x00, 0x0C), PrinterStatus(DeviceState.OFFLINE, LOW, "switched offline"), DeviceState.OFFLINE),
        ((0x00, 0x00, 0x20, 0x0C), PrinterStatus(DeviceState.HARDWARE_ERROR, LOW, "unrecoverable"),
         DeviceState.HARDWARE_ERROR),
    ],
)  # fmt: skip
def test_of_several_bits_the_worst_is_told_and_what_a_person_can_do_is_the_reason(
    replies: tuple[int, ...], told: PrinterStatus, why: DeviceState | PaperState
) -> None:
    assert from_real_time(replies) == told
    assert reason(told) is why


def test_a_block_is_as_long_as_a_list_of_forty_keys_and_no_longer() -> None:
    longest = b"A" * 95
    assert StatusReader().feed(b"\x37" + longest + b"\x00") == [Block(0x41, longest[1:])]
    told = StatusReader().feed(b"\x37" + longest + b"A")
    assert told == [Stray(0x37), PaperReply(0x41) if not 0x41 & 0x90 else Stray(0x41)]
    assert StatusReader().feed(b"\x5fS1\x00") == [Information(b"S1")]
    assert StatusReader().feed(b"\x37\x00\x5f\x00") == [Stray(0x37), Information(b"")]
    assert StatusReader().feed(b"\x37A\x16B\x00") == [RealTime(0x16), Block(0x41, b"B")]
    for broken in (0x1F, 0x7F):
        assert StatusReader().feed(bytes((0x37, broken)))[0] == Stray(0x37)
    assert StatusReader().feed(b"\x37\x20\x7e\x00") == [Block(0x20, b"\x7e")]


def test_four_bytes_are_an_automatic_status_and_half_of_one_is_forgotten() -> None:
    reader = StatusReader()
    assert reader.feed(b"\x10\x11\x00\x13\x00") == []
    assert reader.feed(b"\x12\x0f") == [RealTime(0x12), Automatic(b"\x10\x00\x00\x0f")]
    assert reader.feed(b"\x10\x00\x90") == [Stray(0x10), Stray(0x90)]
    reader.feed(b"\x10\x00")
    reader.reset()
    assert reader.feed(b"\x00\x03") == [PaperReply(0), PaperReply(3)]
    reader.feed(b"\x37AB")
    reader.reset()
    assert reader.feed(b"\x00") == [PaperReply(0)]


def test_a_printer_that_names_the_job_has_proved_it_by_that_name_alone() -> None:
    fence = ProcessFence()
    assert fence.request == commands.process_id(fence.identifier)
    assert len(fence.identifier) == 4
    assert all(0x30 <= letter < 0x70 for letter in fence.identifier)
    others: list[Event] = [
        Block(0x22, b"\x00" + fence.identifier[1:]),
        Block(0x31, fence.identifier),
        PaperReply(0),
        Stray(0x22),
    ]
    for event in others:
        fence.see(event, 0.0)
        assert not fence.is_met(0.0)
    fence.see(Block(0x22, fence.identifier), 0.0)
    assert fence.is_met(0.0)


@pytest.mark.parametrize("drawn", [0, 7])
def test_a_printer_that_only_tells_its_paper_has_proved_a_job_by_just_so_many_like_answers(
    monkeypatch: pytest.MonkeyPatch, drawn: int
) -> None:
    asked: list[int] = []

    def randbelow(most: int) -> int:
        asked.append(most)
        return drawn

    monkeypatch.setattr("secrets.randbelow", randbelow)
    count = 4 + drawn
    assert PaperFence().request == commands.PAPER_STATUS * count
    assert asked == [8]
    for value, is_proof in ((0x00, True), (0x03, True), (0x0C, False), (0x01, False)):
        fence = PaperFence()
        for number in range(count):
            fence.see(PaperReply(value), 5.0)
            assert fence.is_met(6.0) is (is_proof and number == count - 1)
        assert not fence.is_met(5.039), "it has been quiet for too short a time"
        assert fence.is_met(5.041) is is_proof
        fence.see(PaperReply(value), 7.0)
        assert not fence.is_met(8.0), "one answer that nobody asked for"
    for spoilt in (Stray(0xFF), PaperReply(0x03)):
        fence = PaperFence()
        for _ in range(count - isinstance(spoilt, PaperReply)):
            fence.see(PaperReply(0x00), 5.0)
        fence.see(spoilt, 5.0)
        fence.see(RealTime(0x12), 5.0)
        assert not fence.is_met(6.0)


def test_a_printer_that_answers_neither_proves_nothing() -> None:
    fence = NoFence()
    fence.see(PaperReply(0), 0.0)
    assert (fence.is_met(9.0), fence.request, fence.proves_paper) == (False, b"", False)
    assert (ProcessFence.proves_paper, PaperFence.proves_paper) == (True, False)
