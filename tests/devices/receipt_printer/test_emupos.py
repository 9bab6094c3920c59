"""The independent simulator prints what we send: our table of commands cannot hide a misread manual from it."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
import zxingcpp
from PIL import Image

from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrintResult, ReceiptPrinter, Unknown
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.driver import EscposPrinter
from devices.receipt_printer.opening import open_escpos
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.composition import Job
from devices.settings import DeviceSettings
from tests.kit.printed import holds
from tests.kit.printers import NAMES, PAPER, paper_mm


class Emupos:
    """The running simulator: a port, faults, papers."""

    def __init__(self, folder: Path, api: str) -> None:
        self.port = str(folder / "emupos" / "printer")
        self._client = httpx2.Client(base_url=f"{api}/api/v1/", timeout=5)
        self._folder = folder / "papers"

    def fault(self, name: str, *, on: bool) -> None:
        answer = self._client.request("PUT" if on else "DELETE", f"devices/printer/faults/{name}")
        answer.raise_for_status()

    def papers(self) -> list[Path]:
        return sorted(self._folder.rglob("*.png"), key=lambda path: path.stat().st_mtime_ns)

    def is_up(self) -> bool:
        try:
            return self._client.get("health").is_success and os.path.lexists(self.port)
        except httpx2.HTTPError:
            return False

    def close(self) -> None:
        self._client.close()


def wait_for[T](look: Callable[[], T], seconds: float = 10) -> T:
    until = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    return found


@pytest.fixture(scope="module")
def emupos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emupos]:
    folder = tmp_path_factory.mktemp("emupos")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        api_port = free.getsockname()[1]
    device = {
        "id": "printer",
        "type": "printer",
        "profile": "epson-tm-t20iii",
        "receipts_dir": str(folder / "papers"),
        "job_idle_timeout_ms": 200,
        "connections": [{"serial": {"pty": True}}],
    }
    settings = {"schema": 1, "api": {"host": "127.0.0.1", "port": api_port}, "devices": [device]}
    (folder / "emupos.yaml").write_text(json.dumps(settings), "utf-8")
    command = [str(Path(sys.executable).with_name("emupos")), "run", "--config", str(folder / "emupos.yaml")]
    env = os.environ | {"TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env)
    simulator = Emupos(folder, f"http://127.0.0.1:{api_port}")
    try:
        wait_for(simulator.is_up, 20)
        yield simulator
    finally:
        simulator.close()
        process.terminate()
        process.wait(10)


@pytest.fixture
def printer(emupos: Emupos) -> Iterator[ReceiptPrinter]:
    opened = open_escpos(DeviceSettings("escpos", emupos.port, 115200))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", NAMES)
def test_it_prints_every_profile_and_the_code_is_read_back(emupos: Emupos, name: str) -> None:
    mm = paper_mm(name)
    printer = open_escpos(DeviceSettings("escpos", emupos.port, 115200, profile=name, paper_mm=mm))
    before = len(emupos.papers())
    try:
        assert isinstance(printer.print(PAPER), Printed)
    finally:
        printer.close()
    path = wait_for(lambda: emupos.papers()[before:])[0]
    image = Image.open(io.BytesIO(path.read_bytes())).convert("L")
    code = PAPER.ops[-1]
    padded = Image.new("L", (image.width + 80, image.height + 80), 255)
    padded.paste(image, (40, 40))
    assert [found.text for found in zxingcpp.read_barcodes(padded)] == [code.data]  # type: ignore[union-attr]
    layout = profiles.layout(profiles.load(name), mm)
    ink = image.point([255 if v < 128 else 0 for v in range(256)]).getbbox()
    assert ink is not None
    assert ink[2] <= layout.width_dots
    assert ink[1] < 40
    own = image.crop((0, 0, layout.width_dots, image.height))
    assert holds(own, typesetting.digits("B2·014", layout.profile.dots(12.0), layout.width_dots))


def test_the_native_number_is_twelve_millimetres_high(emupos: Emupos, printer: ReceiptPrinter) -> None:
    from devices.paper import Number, Paper

    before = len(emupos.papers())
    assert isinstance(printer.print(Paper("x", (Number("B2014"),))), Printed)
    path = wait_for(lambda: emupos.papers()[before:])[0]
    ink = Image.open(path).convert("L").point([255 if v < 128 else 0 for v in range(256)]).getbbox()
    assert ink is not None
    assert (ink[3] - ink[1]) * 25.4 / 203 >= 12.0


@pytest.mark.parametrize(
    ("fault", "device", "paper"),
    [
        ("paper-near-end", DeviceState.ONLINE, PaperState.LOW),
        ("paper-out", DeviceState.ONLINE, PaperState.OUT),
        ("cover-open", DeviceState.USER_ERROR, PaperState.FULL),
        ("offline", DeviceState.OFFLINE, PaperState.FULL),
    ],
)
def test_its_faults_are_told_apart(
    emupos: Emupos, printer: ReceiptPrinter, fault: str, device: DeviceState, paper: PaperState
) -> None:
    assert printer.status().can_print
    emupos.fault(fault, on=True)
    try:
        status = printer.status()
        result = printer.print(PAPER)
    finally:
        emupos.fault(fault, on=False)
    assert (status.device, status.paper) == (device, paper)
    assert isinstance(result, NotPrinted) is (fault != "paper-near-end")
    assert wait_for(lambda: printer.status().can_print)


def test_paper_out_before_the_fence_is_held_and_comes_out_once(
    emupos: Emupos, printer: ReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault falls between the status and the job: the job is held, and comes out when the roll is in."""
    assert isinstance(printer, EscposPrinter)
    assert printer.status().can_print
    real = printer._send

    def take_the_roll_and_send(job: Job) -> PrintResult:
        emupos.fault("paper-out", on=True)
        return real(job)

    monkeypatch.setattr(printer, "_send", take_the_roll_and_send)
    before = len(emupos.papers())
    try:
        assert printer.print(PAPER) == Unknown(PaperState.OUT, holds_job=True)
        assert len(emupos.papers()) == before
        assert printer.settle() is None
    finally:
        emupos.fault("paper-out", on=False)
    assert isinstance(printer.settle(5.0), Printed)
    wait_for(lambda: len(emupos.papers()) == before + 1)


def test_only_expected_commands_are_unknown_to_it(emupos: Emupos, printer: ReceiptPrinter) -> None:
    printer.status()
    printer.print(PAPER)
    log = (Path(emupos.port).parent.parent / "log").read_text("utf-8", "replace")
    unknown = set(re.findall(r"1d 28 (?:48|4c) |1b [0-9a-f]{2} |1d [0-9a-f]{2} ", log))
    # GS ( H and GS ( L are asked once whether they are known.
    assert unknown <= {"1d 28 48 ", "1d 28 4c ", "1d 49 ", "1d 28 "}
