"""What the driver says of a paper is what became of it, whatever the printer, the cable or the power does."""

import random

import pytest

from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrintResult, Unknown
from devices.receipt_printer.typeset import composition
from tests.devices.receipt_printer.lying import lying_printer_is_believed
from tests.kit.printers import NAMES, PAPER, Bench


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("process_id", [True, False])
def test_every_profile_prints_one_sheet_and_confirms_it(name: str, process_id: bool) -> None:
    bench = Bench(name, process_id=process_id)
    result = bench.printer.print(PAPER)
    assert isinstance(result, Printed)
    assert 40 < result.millimetres < 150
    assert bench.sheets() == 1
    is_probed_in_vain = not process_id and bench.profile.fence == "probe"
    assert bench.simulator.unknown == ([b"GS ( H"] if is_probed_in_vain else [])


@pytest.mark.parametrize(
    ("fault", "device", "paper"),
    [
        ("near_end", DeviceState.ONLINE, PaperState.LOW),
        ("paper_out", DeviceState.ONLINE, PaperState.OUT),
        ("cover_open", DeviceState.USER_ERROR, PaperState.FULL),
        ("offline", DeviceState.OFFLINE, PaperState.FULL),
        ("cutter", DeviceState.HARDWARE_ERROR, PaperState.JAMMED),
        ("broken", DeviceState.HARDWARE_ERROR, PaperState.FULL),
        ("hot", DeviceState.BUSY, PaperState.FULL),
        ("silent", DeviceState.OFFLINE, PaperState.UNKNOWN),
    ],
)
def test_each_fault_is_a_state_of_its_own(fault: str, device: DeviceState, paper: PaperState) -> None:
    bench = Bench()
    setattr(bench.simulator.faults, fault, True)
    status = bench.printer.status()
    assert (status.device, status.paper) == (device, paper)
    result = bench.printer.print(PAPER)
    assert isinstance(result, Printed if fault == "near_end" else NotPrinted)
    assert bench.sheets() == (1 if fault == "near_end" else 0)


def test_a_silent_printer_is_known_within_two_seconds_and_never_has_paper() -> None:
    bench = Bench()
    bench.simulator.faults.silent = True
    began = bench.clock.now
    assert bench.printer.print(PAPER) == NotPrinted(DeviceState.OFFLINE)
    assert bench.clock.now - began < 2.0
    assert bench.printer.status().paper is PaperState.UNKNOWN


@pytest.mark.parametrize("stuck", [b"\xff" * 40, b"\x12" * 40, b"\x37\x37\x37", b"\x14\x00\x00"])
def test_a_babbling_printer_is_not_believed(stuck: bytes) -> None:
    class Babbler:
        def receive(self, data: bytes) -> bytes:
            return stuck if data else b""

        def tick(self, now: float) -> bytes:
            return b""

    bench = Bench()
    bench.simulator = Babbler()  # type: ignore[assignment]
    assert not bench.printer.status().can_print
    assert isinstance(bench.printer.print(PAPER), NotPrinted)


@pytest.mark.parametrize(("name", "process_id"), [("epson-tm-t20iii", True), ("xprinter-xp80t", False)])
def test_a_power_loss_at_any_tenth_byte_is_never_called_printed(name: str, process_id: bool) -> None:
    whole = Bench(name, process_id=process_id)
    assert isinstance(whole.printer.print(PAPER), Printed)
    sheet = whole.simulator.sheets[0].image.tobytes()
    said = set()
    for dies_at in range(10, whole.simulator.received + 20, 10):
        bench = Bench(name, process_id=process_id)
        bench.simulator.faults.dies_at = dies_at
        result = bench.printer.print(PAPER)
        said.add(type(result))
        out = [each.image.tobytes() for each in bench.simulator.sheets]
        if isinstance(result, Printed):
            assert out == [sheet], f"called printed though the power failed at byte {dies_at}"
        if isinstance(result, NotPrinted):
            assert out == [], f"called not printed though something came out before byte {dies_at}"
    assert Unknown in said
    assert NotPrinted in said


@pytest.mark.parametrize("cut_at", range(100, 3000, 290))
def test_an_unplugged_cable_is_unknown_and_the_next_paper_is_whole(cut_at: int) -> None:
    bench = Bench("generic-80mm")
    bench.printer.status()
    bench.wire.cut_at = len(bench.wire.written) + cut_at
    assert bench.printer.print(PAPER) == Unknown(DeviceState.NO_DEVICE)
    assert bench.printer.status().device in (DeviceState.ONLINE, DeviceState.STARTING)
    # The printer still waits for the rest of a picture: it is filled up before anything else is printed.
    for _ in range(20):
        result = bench.printer.print(PAPER)
        if isinstance(result, Printed):
            break
    assert isinstance(result, Printed)
    assert bench.simulator.sheets[-1].image.tobytes() == _whole_sheet("generic-80mm")


def _whole_sheet(name: str) -> bytes:
    fresh = Bench(name)
    fresh.printer.print(PAPER)
    fresh.sheets()
    return fresh.simulator.sheets[-1].image.tobytes()


@pytest.mark.parametrize("name", ["epson-tm-t20iii", "generic-80mm", "xprinter-xp80t"])
def test_half_a_ticket_in_the_slot_is_cut_off_before_the_next_citizens(name: str) -> None:
    bench = Bench(name)
    job = composition.compose(PAPER, bench.layout, {}).data
    bench.simulator.receive(job[: job.index(b"\x1dv0", 1500)])  # between two commands
    bench.restart()
    bench.printer.begin_afresh()
    assert isinstance(bench.printer.print(PAPER), Printed)
    assert isinstance(bench.printer.print(PAPER), Printed)
    half, *others = [sheet.image.tobytes() for sheet in bench.simulator.sheets]
    whole = _whole_sheet(name)
    assert others == [whole, whole]
    assert whole.startswith(half[:2000])


def test_a_crash_in_the_middle_of_a_picture_does_not_eat_the_next_paper() -> None:
    bench = Bench("pos-5890", process_id=False)
    job = composition.compose(PAPER, bench.layout, {}).data
    picture = job.index(b"\x1dv0")
    bench.simulator.receive(job[: picture + 30])
    bench.restart()
    for _ in range(20):
        result = bench.printer.print(PAPER)
        if isinstance(result, Printed):
            break
    assert isinstance(result, Printed)


def test_stray_status_bytes_in_mid_job_change_nothing() -> None:
    for noise in (b"\x12", b"\x7e", b"\x14\x00\x0c\x0f", b"\x13\x11", b"\x1a\x32\x12\x7e"):
        for at in range(3):  # before the first question, and while the job goes out
            bench = Bench()
            bench.printer.status()
            bench.wire.noise_after = 40 * at + len(bench.wire.written)
            bench.wire.noise = noise
            assert isinstance(bench.printer.print(PAPER), Printed)
            assert bench.printer.status().paper is PaperState.FULL


def test_paper_out_in_mid_job_is_held_and_comes_out_once_after_the_roll_is_changed() -> None:
    for process_id in (True, False):
        bench = Bench(process_id=process_id)
        bench.printer.status()
        bench.simulator.faults.out_after_rows = 200
        began = bench.clock.now
        result = bench.printer.print(PAPER)
        assert result == Unknown(PaperState.OUT, holds_job=True)
        assert bench.clock.now - began < 3.0
        assert bench.printer.settle() is None
        assert bench.printer.print(PAPER) == NotPrinted(PaperState.OUT)
        bench.simulator.faults.paper_out = False
        assert isinstance(bench.printer.settle(1.0), Printed)
        assert len(bench.simulator.sheets) == 1
        assert isinstance(bench.printer.print(PAPER), Printed)
        assert len(bench.simulator.sheets) == 2


@pytest.mark.parametrize("asks", ["next paper", "next picture"])
def test_a_job_that_a_hot_head_holds_comes_out_whole_whoever_asks_meanwhile(
    asks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.printer.status()
    faults = bench.simulator.faults

    def heat(rows: int) -> None:
        faults.hot = faults.hot or rows >= 200

    monkeypatch.setattr(bench.simulator._roll, "_advanced", heat)
    assert bench.printer.print(PAPER) == Unknown(DeviceState.BUSY, holds_job=True)
    if asks == "next paper":
        assert bench.printer.print(PAPER) == NotPrinted(DeviceState.BUSY)
    else:
        bench.printer.want([PAPER])
        assert bench.printer.store_next_graphic() is False
    monkeypatch.undo()
    faults.hot = False
    bench.printer.status()
    assert isinstance(bench.printer.settle(1.0), Printed)
    assert [sheet.image.tobytes() for sheet in bench.simulator.sheets] == [_whole_sheet("epson-tm-t20iii")]


def test_an_empty_roll_that_the_printer_reports_by_itself_is_known_at_once() -> None:
    """Asked only, it would be known half a second after the last byte at the earliest."""

    def seconds(*, says_by_itself: bool) -> float:
        bench = Bench()
        bench.printer.status()
        bench.simulator.faults.out_after_rows = 200
        if not says_by_itself:
            bench.simulator.tick = lambda now: b""  # type: ignore[method-assign]
        began = bench.clock.now
        assert bench.printer.print(PAPER) == Unknown(PaperState.OUT, holds_job=True)
        return bench.clock.now - began

    assert seconds(says_by_itself=True) < seconds(says_by_itself=False) - 0.3


def test_a_held_job_that_died_with_the_power_does_not_block_the_next() -> None:
    bench = Bench()
    bench.printer.status()
    bench.simulator.faults.out_after_rows = 200
    assert bench.printer.print(PAPER) == Unknown(PaperState.OUT, holds_job=True)
    bench.simulator.lose_power()
    assert bench.printer.status().device is DeviceState.OFFLINE
    bench.simulator.faults.paper_out = False
    bench.simulator.gain_power()
    before = len(bench.simulator.sheets)
    assert isinstance(bench.printer.print(PAPER), Printed)
    assert bench.printer.settle() == Unknown(PaperState.UNKNOWN)
    assert len(bench.simulator.sheets) == before + 1


def test_a_held_job_can_be_cancelled() -> None:
    bench = Bench()
    bench.printer.status()
    bench.simulator.faults.out_after_rows = 200
    bench.printer.print(PAPER)
    bench.printer.cancel()
    bench.simulator.faults.paper_out = False
    assert bench.printer.settle() == Unknown(PaperState.UNKNOWN)
    assert isinstance(bench.printer.print(PAPER), Printed)
    half, whole = (sheet.image for sheet in bench.simulator.sheets)
    assert half.height < whole.height / 2
    assert whole.tobytes() == _whole_sheet("epson-tm-t20iii")


def test_a_stalled_peer_costs_two_seconds_and_is_unknown() -> None:
    bench = Bench()
    bench.printer.status()
    real = bench.printer._send

    def stall_then(job: composition.Job) -> PrintResult:
        bench.wire.stalled = True
        return real(job)

    bench.printer._send = stall_then  # type: ignore[method-assign]
    began = bench.clock.now
    assert bench.printer.print(PAPER) == Unknown(DeviceState.OFFLINE)
    assert bench.clock.now - began < 4.0


def test_a_printer_that_babbles_without_an_end_is_not_read_without_an_end() -> None:
    """At the speed of a USB port that was all of a core; what it says is no answer anyway."""

    class Babbler:
        def receive(self, data: bytes) -> bytes:
            return b""

        def tick(self, now: float) -> bytes:
            return bytes(1024)

    bench = Bench()
    bench.simulator = Babbler()  # type: ignore[assignment]
    bench.printer.status()
    bench.wire.baudrate = 10**9
    reads: list[int] = []
    real = bench.wire.read
    bench.wire.read = lambda size, timeout_s: reads.append(1) or real(size, timeout_s)  # type: ignore[func-returns-value,method-assign]
    assert bench.printer.status().device is DeviceState.OFFLINE
    assert len(reads) < 200


def test_a_printer_that_answers_no_fence_is_never_called_printed() -> None:
    class Deaf:
        """Answers DLE EOT only, as some clones do."""

        def __init__(self) -> None:
            self.inner = Bench().simulator

        def receive(self, data: bytes) -> bytes:
            return bytes(byte for byte in self.inner.receive(data) if byte & 0x93 == 0x12)

        def tick(self, now: float) -> bytes:
            return b""

    bench = Bench("xprinter-xp80t")
    bench.simulator = Deaf()  # type: ignore[assignment]
    for _ in range(40):
        result = bench.printer.print(PAPER)
        if isinstance(result, Unknown):
            break
    assert result == Unknown(PaperState.UNKNOWN)
    # Every further job goes out at once: what the printer answers has been found out, once.
    assert [bench.printer.print(PAPER) for _ in range(3)] == [Unknown(PaperState.UNKNOWN)] * 3


def test_a_jam_that_was_cleared_ends_without_switching_the_printer_off() -> None:
    bench = Bench()
    bench.printer.print(PAPER)
    bench.simulator.faults.cutter = True
    assert bench.printer.status().paper is PaperState.JAMMED
    assert isinstance(bench.printer.print(PAPER), NotPrinted)
    bench.simulator.faults.cutter, bench.simulator.faults.waits_for_recovery = False, True
    assert bench.printer.status().paper is PaperState.JAMMED  # asked for a moment ago: the cutter is not kept moving
    bench.clock.now += 6
    assert bench.printer.status().can_print
    assert isinstance(bench.printer.print(PAPER), Printed)


def test_after_a_jam_in_mid_job_the_next_paper_is_a_sheet_of_its_own() -> None:
    bench = Bench()
    bench.printer.status()
    bench.simulator.faults.cutter = True
    job = composition.compose(PAPER, bench.layout, {}).data
    bench.simulator.faults.cutter = False
    bench.simulator.receive(job[: job.rindex(b"\x1dV")])  # all of it, but for the cut
    bench.simulator.faults.waits_for_recovery = True
    bench.restart()
    bench.printer.begin_afresh()
    bench.clock.now += 6
    bench.printer.status()
    assert isinstance(bench.printer.print(PAPER), Printed)
    assert bench.simulator.sheets[-1].image.tobytes() == _whole_sheet("epson-tm-t20iii")


def test_a_cutter_error_after_the_fence_is_not_called_printed() -> None:
    bench = Bench()
    bench.printer.status()
    cut = bench.simulator._HANDLERS[b"\x1dV"]

    def jam(simulator: object, given: bytes, data: bytes) -> None:
        cut(bench.simulator, given, data)
        bench.simulator.faults.cutter = True

    type(bench.simulator)._HANDLERS[b"\x1dV"] = jam
    try:
        assert bench.printer.print(PAPER) == Unknown(PaperState.JAMMED)
    finally:
        type(bench.simulator)._HANDLERS[b"\x1dV"] = cut


def test_a_line_that_says_anything_after_the_power_failed_is_not_believed() -> None:
    """A bounded version of the benchmark's thousands."""
    chance = random.Random(7)
    assert not any(lying_printer_is_believed(chance, number) for number in range(60))
