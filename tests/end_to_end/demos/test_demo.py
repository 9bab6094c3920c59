"""`kiosk demo` without a display: real touches, scans and papers; and what is left when everything is killed."""

import json
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from PIL import Image

from common.protocol.codes.signed_code import issuer_of
from demo.processes import Processes
from tests.end_to_end.conftest import BIN, run
from tests.end_to_end.demos.demo_run import code_of, codes_on, demo, offscreen, processes_in


@pytest.mark.timeout(240)
def test_a_citizen_takes_a_ticket_and_hands_in_an_order(tmp_path: Path) -> None:
    summary = demo(tmp_path)
    assert summary["numbers"] == ["A1001"]
    assert summary["outcomes"] == ["accepted"]
    ids = summary["tickets"] + summary["orders"]
    assert len(ids) == 2
    assert sorted(summary["applied"]) == sorted(ids)
    assert summary["called"] == summary["served"] == summary["numbers"], "called, come, done, and central has it"
    to_bill = ["bill_or_number", "find_bill", "bill_number", "bill", "pay_choose", "pay_code", "payment"]
    screens = ["start", "ticket", "start", "hold_code", "result", "start", *to_bill, "start"]
    assert summary["seen"]["screens"] == screens
    assert summary["seen"]["touches_lost"] == 0
    *papers, receipt = [codes_on(paper) for paper in summary["papers"]]
    assert papers == [[code_of(summary["tickets"][0])], [summary["orders"][0]]]
    assert [issuer_of(code) for code in receipt] == ["receipts"]
    assert summary["seen"]["receipt"]
    (log,) = tmp_path.glob("var/demo/*/central.log")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    told = [one["status"] for one in lines if one.get("route") == "/v1/payments/{payer}/{address}"]
    assert told == [200], "the wallet says by itself that it was paid"
    assert "خط السجل المدني" in Path(summary["stopped_page"]).read_text(encoding="utf-8"), "seen by anybody outside"
    assert summary["written"] == "طلبك …789 جاهز في المركز الرئيسي. ليست لك؟ تجاهلها."
    texts = summary["seen"]["texts"]
    stopped, works_again = (text for name, text in texts.items() if name.endswith(("-stopped", "-works-again")))
    assert any("خط السجل المدني" in text for text in stopped)
    assert not any("خط السجل المدني" in text for text in works_again)
    for picture in summary["seen"]["pictures"]:
        with Image.open(picture) as drawn:
            assert drawn.size == (1080, 1920)
            assert len(drawn.getcolors(1 << 20) or []) > 20, "an empty screen"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("fault", "trouble"), [("printer.paper-out", "paper_out"), ("printer.offline", "printer_lost")]
)
def test_a_printer_that_fails_keeps_the_number_and_prints_one_copy_when_mended(
    tmp_path: Path, fault: str, trouble: str
) -> None:
    summary = demo(tmp_path, "--fault", fault)
    assert summary["seen"]["trouble"] == trouble
    assert summary["seen"]["screens"][:3] == ["start", "screen_ticket", "ticket"]
    assert summary["seen"]["reprinted"] is True
    assert summary["numbers"] == ["A1001"], "the same number, not another"
    assert [codes_on(paper) for paper in summary["papers"]] == [
        [code_of(summary["tickets"][0])],
        [summary["orders"][0]],
    ]
    assert len(summary["applied"]) == 2


@pytest.mark.timeout(240)
def test_central_away_costs_the_citizen_nothing(tmp_path: Path) -> None:
    summary = demo(tmp_path, "--fault", "central.down")
    assert summary["seen"]["screens"] == ["start", "ticket", "start", "hold_code", "result", "start"]
    assert len(summary["applied"]) == 2


@pytest.mark.timeout(240)
def test_what_was_shown_reaches_central_after_every_process_was_killed(tmp_path: Path) -> None:
    """The demo is killed with all its processes the moment it says that a number was shown."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = offscreen() | {"TMPDIR": str(temporary)}
    running = subprocess.Popen([str(BIN / "kiosk"), "demo"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=env)
    assert running.stdout is not None
    shown = next(line for line in running.stdout if line.startswith("touched"))
    number = shown.split("number ")[1].split(",")[0]
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    # Central's process for sealed parts may have been loading still: it ends once it reads that there is nobody.
    _, alive = psutil.wait_procs(processes_in(tmp_path), timeout=40)
    assert alive == [], "children that outlived the demo"
    assert list(temporary.iterdir()) == [], "what nobody will ever take away"

    (folder,) = (tmp_path / "var" / "demo").iterdir()
    settings = folder / "kiosk.toml"
    url = next(line for line in settings.read_text().splitlines() if line.startswith("url")).split('"')[1]
    with Processes(tmp_path) as processes:
        serve = ["serve", "--data", str(folder / "central"), "--port", url.rsplit(":", 1)[1], "--json"]
        processes.start_and_read_line("central", [str(BIN / "central"), *serve])
        sent = run("kiosk", "forward", "--once", "--config", str(settings))
        assert sent.status == 0, sent.err
        applied = {row["id"] for row in run("central", "inbox", "--data", str(folder / "central")).rows}
    known = [row for row in run("kiosk", "outbox", "list", "--all", "--config", str(settings)).rows if "number" in row]
    assert [row["number"] for row in known] == [number]
    assert known[0]["id"] in applied


@pytest.mark.timeout(240)
def test_a_demo_that_is_told_to_stop_leaves_nothing_running(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [str(BIN / "kiosk"), "demo"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=offscreen()
    )
    assert running.stdout is not None
    next(line for line in running.stdout if line.startswith("touched"))
    assert len(processes_in(tmp_path)) >= 3, "simulator, central, forwarder"
    running.send_signal(signal.SIGINT)  # SIGTERM takes the same way
    rest = running.stdout.read()
    running.wait()
    running.stdout.close()
    assert "Numbers given: A1001" in rest
    assert running.returncode == 0
    assert processes_in(tmp_path) == []


@pytest.mark.timeout(240)
def test_a_process_that_dies_ends_the_demo_with_a_word_and_all_others(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [str(BIN / "kiosk"), "demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=offscreen(),
    )
    assert running.stdout is not None
    next(line for line in running.stdout if line.startswith("touched"))
    (forwarder,) = [one for one in processes_in(tmp_path) if f"{BIN / 'kiosk'} forward" in " ".join(one.cmdline())]
    forwarder.kill()
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "forward has ended by itself" in err
    assert "Traceback" not in err
    assert processes_in(tmp_path) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("fault", ["hub.down", "hub.killed", "counter.double-press"])
def test_whatever_befalls_the_hub_each_number_is_called_once_and_central_has_it(tmp_path: Path, fault: str) -> None:
    summary = demo(tmp_path, "--fault", fault)
    assert summary["called"] == summary["served"] == summary["numbers"] == ["A1001"]
    assert len(summary["applied"]) == 2
