"""The contract's "Commands", held to the letter where users and scripts go wrong."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.processes import Processes
from tests.end_to_end.conftest import BIN, KioskByCommand, Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with Processes(folder) as processes:
        found = Town(folder, processes)
        found.start_central()
        yield found


@pytest.fixture(scope="module")
def kiosk(town: Town) -> KioskByCommand:
    return town.enrol("one")


def with_streams(kiosk: KioskByCommand, streams: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the kiosk under a shell's redirections."""
    command = [str(BIN / "kiosk"), *words, "--config", str(kiosk.settings)]
    shell = ["bash", "-c", f'"$@" {streams}', "bash", *command]
    return subprocess.run(shell, capture_output=True, text=True, timeout=50, check=False)


def test_an_empty_word_is_answered_like_any_other(kiosk: KioskByCommand) -> None:
    assert kiosk.done("order", "--no-print", "").row == {
        "id": None,
        "outcome": "unreadable",
        "order": None,
        "ticket": None,
    }
    said = kiosk("issue", "--no-print", "--service", "")
    assert (said.status, said.out) == (1, "")
    assert len(said.err.splitlines()) == 1


def test_a_wrong_service_is_said_once_however_many_were_wanted(kiosk: KioskByCommand) -> None:
    said = kiosk("issue", "--no-print", "--service", "nope", "--count", "50")
    assert said.status == 1
    assert said.err.splitlines() == ["there is no service 'nope' at this centre"]


def test_lines_and_a_count_are_wrong_usage_and_so_is_a_language_that_there_is_not(kiosk: KioskByCommand) -> None:
    assert kiosk("issue", "--stdin", "--count", "2", given="clearance\n").status == 2
    assert kiosk("sample", "ticket", "--language", "xx").status == 2


def test_the_end_of_a_line_that_is_too_long_is_no_line_of_its_own(kiosk: KioskByCommand) -> None:
    said = kiosk("issue", "--stdin", "--no-print", given="x" * 4095 + "plan-copy\n\nwater-bill\n")
    assert said.status == 1
    assert [row["service"] for row in said.rows] == ["water-bill"]


def test_closed_and_full_streams_end_in_a_sentence(kiosk: KioskByCommand) -> None:
    for status, streams, words in (
        (0, "<&-", ["issue", "--stdin", "--no-print"]),
        (0, "2>&-", ["issue", "--service", "clearance", "--no-print"]),
        (1, ">&-", ["issue", "--service", "clearance", "--no-print"]),
        (1, ">/dev/full", ["outbox", "list"]),
        (1, ">/dev/full", ["issue", "--help"]),
    ):
        done = with_streams(kiosk, streams, *words)
        assert done.returncode == status, (streams, done.stderr)
        assert "unexpected fault" not in done.stderr
        assert status == 0 or "standard output" in done.stderr or "No space left" in done.stderr
        assert "ignored" not in done.stderr, "left to the interpreter's end"


def test_words_that_are_no_text_end_in_a_sentence(town: Town, kiosk: KioskByCommand) -> None:
    odd = "\udcff"
    said = kiosk("enrol", "--central", town.url, "--code", odd)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "16 letters and digits" in said.err
    assert kiosk.done("order", "--no-print", odd).row["outcome"] == "unreadable"
    assert kiosk("issue", "--no-print", "--service", odd).status == 1


def test_settings_of_another_centre_or_of_no_such_printer_are_refused(kiosk: KioskByCommand) -> None:
    right = kiosk.settings.read_text(encoding="utf-8")
    moved = kiosk.settings.with_name("moved.toml")
    moved.write_text(right.replace('"homs-main"', '"homs-new"'), encoding="utf-8")
    for words in (["issue", "--service", "clearance", "--no-print"], ["order", "--no-print", "SY1:"], ["run"]):
        said = KioskByCommand(moved)(*words)
        assert (said.status, said.out) == (1, ""), words
        assert 'kiosk.centre is "homs-new"; right would be "homs-main"' in said.err
    odd = kiosk.settings.with_name("odd.toml")
    odd.write_text(right + '[devices.printer]\nport = "/dev/x"\nprofile = "nope"\n', encoding="utf-8")
    said = KioskByCommand(odd)("issue", "--service", "clearance")
    assert (said.status, said.out) == (1, "")
    assert "devices.printer.profile is 'nope'; right would be one of: " in said.err


def test_commands_keep_to_the_settings_of_the_feed_too(town: Town) -> None:
    kiosk = town.enrol("early", centre="homs-hamra")
    night = {"kiosk.opens": "03:00", "kiosk.closes": "03:01"}
    town.central("publish", "settings", "-", given=json.dumps(night))
    kiosk.done("forward", "--once")
    said = kiosk("issue", "--service", "clearance", "--no-print")
    town.central("publish", "settings", "-", given=json.dumps(dict.fromkeys(night)))
    kiosk.done("forward", "--once")
    assert kiosk("issue", "--service", "clearance", "--no-print").status == 0
    if datetime.now(ZoneInfo("Asia/Damascus")).hour != 3:
        assert (said.status, said.out) == (1, "")
        assert "clearance is closed now; it opens on " in said.err


def test_json_is_accepted_where_there_is_no_result_too(tmp_path: Path) -> None:
    broken = tmp_path / "kiosk.toml"
    broken.write_text("[kiosk]\n")
    assert KioskByCommand(broken)("run", "--json").status == 1, "understood, and the settings are wrong"


def test_an_export_to_a_folder_that_is_not_there_names_it(kiosk: KioskByCommand, tmp_path: Path) -> None:
    said = kiosk("outbox", "export", str(tmp_path / "no-stick"))
    assert said.status == 1
    assert str(tmp_path / "no-stick") + ":" in said.err


def test_nothing_more_is_given_once_nobody_hears_of_it(town: Town) -> None:
    kiosk = town.enrol("unheard")
    command = [str(BIN / "kiosk"), "issue", "--stdin", "--no-print", "--config", str(kiosk.settings)]
    reader, unread = os.pipe()
    os.close(reader)
    for output in (os.open("/dev/full", os.O_WRONLY), unread):
        said = subprocess.run(
            command, input="plan-copy\n" * 3, stdout=output, stderr=subprocess.PIPE, text=True, timeout=50, check=False
        )
        os.close(output)
        assert said.returncode == 1
        assert said.stderr.startswith("standard output can't be written: ")
    given = [row["number"][-3:] for row in kiosk.done("outbox", "list").rows if row["kind"] == "ticket"]
    assert given == ["001", "002"], "one each, which was durable before it was to be said"


def test_ctrl_c_ends_in_a_sentence_and_status_1(kiosk: KioskByCommand) -> None:
    command = [str(BIN / "kiosk"), "issue", "--stdin", "--no-print", "--config", str(kiosk.settings)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("clearance\n")
        process.stdin.flush()
        given = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert (process.wait(timeout=30), process.stderr.read()) == (1, "stopped before it was done\n")
    assert given["id"] in {row["id"] for row in kiosk.done("outbox", "list").rows}


@pytest.mark.parametrize(("name", "words"), [("kiosk", ["doctor"]), ("central", ["inbox"])])
def test_ctrl_c_while_modules_load_ends_in_a_sentence_too(name: str, words: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", name, *words]  # says which module it has come to
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        fcntl.fcntl(process.stderr, fcntl.F_SETPIPE_SZ, 4096)  # so that it can't have run ahead of who reads it
        next(line for line in process.stderr if line.endswith(" msgspec._core\n"))
        process.send_signal(signal.SIGINT)
        said = [line for line in process.stderr if not line.startswith("import time:")]
    assert process.returncode == 1
    assert [line.removeprefix("central: ") for line in said] == ["stopped before it was done\n"]


def test_lines_are_answered_as_they_come(kiosk: KioskByCommand) -> None:
    command = [str(BIN / "kiosk"), "issue", "--stdin", "--no-print", "--config", str(kiosk.settings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write("clearance\n")
            process.stdin.flush()
            assert '"number"' in process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_delivery_that_central_refused_in_part_says_so(town: Town) -> None:
    first = town.enrol("cloned")
    first.done("issue", "--service", "clearance", "--no-print")  # opens the day
    first.done("forward", "--once")
    shutil.copytree(first.settings.parent, town.folder / "clone")
    clone = KioskByCommand(town.folder / "clone" / first.settings.name)
    for kiosk in (first, clone):
        kiosk.done("issue", "--service", "clearance", "--no-print")
    assert first.done("forward", "--once", "--json").row == {"delivered": 1, "refused": 0}
    said = clone.done("forward", "--once").out
    assert "refused, see" in said
    assert [row["reason"] for row in clone.done("outbox", "dead").rows] == ["conflict: sequence-taken"]


def test_the_waiting_list_names_todays_numbers_in_order_and_is_printed_only_where_there_is_a_printer(
    town: Town,
) -> None:
    kiosk = town.enrol("waiting")
    given = [row["number"] for row in kiosk.done("issue", "--no-print", "--service", "clearance", "--count", "3").rows]
    listed = kiosk.done("waiting-list").rows
    assert [row["number"] for row in listed] == given
    assert all(row["service"] == "clearance" and row["called"] is False for row in listed)
    assert all(datetime.fromisoformat(row["issued_at"]).tzinfo for row in listed)
    refused = kiosk("waiting-list", "--print")
    assert refused.status == 1
    assert "[devices.printer]" in refused.err
