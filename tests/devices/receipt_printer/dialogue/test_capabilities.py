"""What is learned of a printer at its first answers, and how one that swallows bytes is brought back."""

from typing import Any, cast

import msgspec
import pytest

from devices.receipt_printer import commands
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.dialogue.capabilities import Capabilities
from devices.receipt_printer.dialogue.fence import NoFence, PaperFence, ProcessFence
from devices.receipt_printer.dialogue.graphics import StoredGraphics
from devices.receipt_printer.dialogue.link import Survey
from devices.receipt_printer.typeset.composition import Graphic, StoredKey
from devices.receipt_printer.typeset.typesetting import Picture

BOTH = msgspec.structs.replace(profiles.load("epson-tm-t20iii"), nv_graphics=True, ram_graphics=True, fence="probe")
PLAIN = msgspec.structs.replace(BOTH, nv_graphics=False, ram_graphics=False)
PROBE = commands.process_id(b"idle")
ZEROS = ("write", bytes(1024))


class Link:
    """Answers a survey as told and lists of keys by memory; keeps what it was asked and sent."""

    def __init__(self, found: Survey | None, flash: Any = frozenset(), ram: Any = frozenset()) -> None:
        self.found, self.keys = found, {True: flash, False: ram}
        self.did: list[tuple[Any, ...]] = []

    def survey(self, questions: bytes, timeout_s: float) -> Survey | None:
        self.did.append(("survey", questions, timeout_s))
        return self.found

    def ask_keys(self, *, lasting: bool, timeout_s: float) -> frozenset[bytes] | None:
        self.did.append(("keys", lasting, timeout_s))
        return cast("frozenset[bytes] | None", self.keys[lasting])

    def write(self, data: bytes) -> None:
        self.did.append(("write", data))


def known(profile: profiles.Profile = BOTH) -> Capabilities:
    return Capabilities(profile, StoredGraphics())


def make(capabilities: Capabilities, link: Link) -> bool:
    return capabilities.make(cast("Any", link))


@pytest.mark.parametrize(
    ("profile", "asked", "memories"),
    [
        (BOTH, PROBE + commands.SERIAL_NUMBER, (True, False)),
        (msgspec.structs.replace(BOTH, nv_graphics=False), PROBE + commands.SERIAL_NUMBER, (False,)),
        (msgspec.structs.replace(BOTH, ram_graphics=False, fence="process-id"),
         PROBE + commands.SERIAL_NUMBER, (True,)),
        (msgspec.structs.replace(BOTH, fence="paper-status"), commands.SERIAL_NUMBER, (True, False)),
        (PLAIN, PROBE, ()),
        (msgspec.structs.replace(PLAIN, fence="paper-status"), b"", ()),
    ],
)  # fmt: skip
def test_a_printer_is_asked_what_its_profile_lets_hope_for(
    profile: profiles.Profile, asked: bytes, memories: tuple[bool, ...]
) -> None:
    capabilities, link = known(profile), Link(Survey(None, "S1"))
    assert (capabilities.is_made, capabilities.half_sent, capabilities.memories) == (False, False, ())
    assert make(capabilities, link) is True
    assert link.did == [("survey", asked, 1.0), *(("keys", memory, 0.3) for memory in memories)]
    assert (capabilities.is_made, capabilities.serial, capabilities.memories) == (True, "S1", memories)
    assert capabilities.new_fence is PaperFence


@pytest.mark.parametrize(
    ("process_id", "fence"), [(b"idle", ProcessFence), (b"idlf", PaperFence), (b"", PaperFence), (None, PaperFence)]
)
def test_the_fence_is_the_one_that_it_answers(process_id: bytes | None, fence: type) -> None:
    capabilities = known()
    assert make(capabilities, Link(Survey(process_id), None, None))
    assert (capabilities.new_fence, capabilities.memories) == (fence, ())


def test_what_it_keeps_is_asked_for_in_the_memories_that_it_told_of() -> None:
    graphics = StoredGraphics()
    flash, ram = (Graphic(Picture(8, 1, dots)) for dots in (b"\x01", b"\x02"))
    capabilities = Capabilities(BOTH, graphics)
    keys = [graphics.reserve("S1", each, frozenset()) for each in (flash, ram)]
    for key, each in zip(keys, (flash, ram), strict=True):
        graphics.confirm("S1", key, each)
    both = frozenset(keys)
    assert make(capabilities, Link(Survey(None, "S1"), None, both))
    link = Link(None, both, frozenset(keys[1:]))
    found = {ram.digest: StoredKey(keys[1], lasting=False)}
    assert capabilities.ask_stored(cast("Any", link)) == found == capabilities.stored
    assert link.did == [("keys", False, 0.3)], "flash is not asked for: it said nothing of it"
    assert make(capabilities, Link(Survey(None, "S1"), both, both))
    assert capabilities.stored == {}, "until it is asked for again"
    found = {flash.digest: StoredKey(keys[0], lasting=True)}
    assert capabilities.ask_stored(cast("Any", Link(None, frozenset(keys[:1]), None))) == found


@pytest.mark.parametrize("can_cancel", [True, False])
def test_a_printer_that_answers_nothing_is_filled_up_with_zeros_and_then_called_one_without_fence(
    can_cancel: bool,
) -> None:
    capabilities = known(msgspec.structs.replace(BOTH, can_cancel=can_cancel))
    capabilities.cut_short()
    cleared = [("write", commands.CANCEL_JOB)] * can_cancel + [("write", commands.INITIALIZE)]
    asked = ("survey", PROBE + commands.SERIAL_NUMBER, 1.0)
    link, turns = Link(None), 0
    while make(capabilities, link) is False:
        turns += 1
        assert (capabilities.is_made, capabilities.half_sent) == (False, True)
        assert link.did == [*cleared, asked, ZEROS]
        link.did.clear()
    assert turns * 1024 >= 24_000 + 64 > (turns - 1) * 1024, "the longest command is ended, with no zero too many"
    assert link.did == [*cleared, asked]
    assert (capabilities.is_made, capabilities.half_sent, capabilities.new_fence) == (True, False, NoFence)
    capabilities.cut_short()
    assert make(capabilities, link) is False, "what is cut short again is filled up again"


def test_one_that_answers_after_some_zeros_is_known_and_no_longer_cleared() -> None:
    capabilities, link = known(PLAIN), Link(None)
    capabilities.cut_short()
    assert make(capabilities, link) is False
    link.found = Survey(b"idle")
    link.did.clear()
    assert make(capabilities, link) is True
    assert link.did[-1] == ("survey", PROBE, 1.0)
    link.did.clear()
    assert make(capabilities, link) is True
    assert link.did == [("survey", PROBE, 1.0)]
