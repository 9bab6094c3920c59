"""How a command ends: what it says where, its exit status, and what it leaves of the process."""

import errno
import os
import resource
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.machine import console
from common.machine.console import NobodyHears, emit, run_to_the_end, say, told_to_stop
from common.machine.errors import CannotBeDone, StoreUnavailable


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the process's limits were set to, without setting them for the tests that come after."""
    found: list[Any] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *given: found.append(given))
    monkeypatch.setattr(console, "_replace_closed_streams", lambda: True)
    return found


def ended(command: Callable[[], object], *explain: Any) -> int:
    with pytest.raises(SystemExit) as end:
        run_to_the_end(command, *explain)
    assert isinstance(end.value.code, int)
    return end.value.code


def raising(error: BaseException) -> Callable[[], object]:
    def command() -> None:
        raise error

    return command


def test_a_row_is_one_line_of_json_and_a_result_a_sentence_unless_json_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    emit({"name": "حمص", "n": 1})
    say({"n": 1}, "one", json=False)
    say({"n": 1}, "one", json=True)
    assert capsys.readouterr() == ('{"name":"حمص","n":1}\none\n{"n":1}\n', "")


def test_a_command_that_is_done_ends_with_0_and_leaves_no_core(
    limits: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(lambda: emit({"n": 1})) == 0
    assert limits == [(resource.RLIMIT_CORE, (0, 0))]
    assert capsys.readouterr() == ('{"n":1}\n', "")
    with pytest.raises(SystemExit) as usage:
        run_to_the_end(raising(SystemExit(2)))
    assert usage.value.code == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotBeDone("there is none"), "there is none"),
        (StoreUnavailable("the disk is full"), "the disk is full"),
        (
            UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
            "a word of the command is not UTF-8 text",
        ),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_status_1(
    limits: list[Any], capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    with capture_logs() as logs:
        assert ended(raising(error)) == 1
    assert (capsys.readouterr(), logs) == (("", f"{said}\n"), [])
    assert limits


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left", "/a"), "/a: No space left"),
        (OSError(errno.ENOSPC, "No space left"), "the system: No space left"),
        (OSError("odd"), "the system: odd"),
    ],
)
def test_an_error_of_the_system_names_its_file_and_lets_go_of_the_output(
    limits: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: OSError, said: str
) -> None:
    let_go: list[int] = []
    monkeypatch.setattr(console, "_let_go_of_output", lambda: let_go.append(1))
    assert ended(raising(error)) == 1
    assert (capsys.readouterr().err, let_go, len(limits)) == (f"{said}\n", [1], 1)


def test_of_tasks_that_failed_side_by_side_the_first_fault_is_named(
    limits: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    group = ExceptionGroup("tasks", [ExceptionGroup("of one", [KeyError("secret"), ValueError("other")])])
    with capture_logs() as logs:
        assert ended(raising(group)) == 1
    assert [line["problem"] for line in logs] == ["KeyError"]
    assert capsys.readouterr().err.startswith("an unexpected fault of the program (KeyError)")


def test_a_fault_of_the_program_is_logged_with_its_places_and_said_plainly(
    limits: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "_let_go_of_output", lambda: pytest.fail("the output is fine"))
    with capture_logs() as logs:
        assert ended(raising(KeyError("secret"))) == 1
    said = capsys.readouterr().err
    assert said.startswith("an unexpected fault of the program (KeyError)")
    assert "secret" not in said
    ((event, problem, level),) = [(line["event"], line["problem"], line["log_level"]) for line in logs]
    assert (event, problem, level) == ("command-failed", "KeyError", "error")
    assert any("command" in str(place) for place in logs[0]["at"])
    with capture_logs() as logs:
        assert ended(raising(KeyError("x")), lambda error: f"explained {type(error).__name__}") == 1
    assert (capsys.readouterr().err, logs) == ("explained KeyError\n", [])
    assert limits


def test_without_standard_output_nothing_is_begun(
    limits: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "_replace_closed_streams", lambda: False)
    assert ended(lambda: pytest.fail("it was begun")) == 1
    assert "standard output is closed" in capsys.readouterr().err
    assert limits


def test_a_result_that_nobody_hears_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.EPIPE, "Broken pipe")

    let_go: list[int] = []
    monkeypatch.setattr(console, "_let_go_of_output", lambda: let_go.append(1))
    monkeypatch.setattr("builtins.print", full)
    with pytest.raises(NobodyHears, match="standard output can't be written: Broken pipe"):
        emit({})
    assert let_go == [1]


def test_what_is_printed_is_flushed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[Any] = []
    monkeypatch.setattr("builtins.print", lambda *words, **how: printed.append((words, how.get("flush"))))
    emit({})
    with pytest.raises(SystemExit):
        console._end("no")
    assert printed == [(("{}",), True), (("no",), True)]


def test_closed_streams_are_replaced_from_the_lowest_number_on(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    closed = {0, 2}

    def fstat(number: int) -> None:
        if number in closed:
            raise OSError(errno.EBADF, "closed")

    monkeypatch.setattr(console, "os", SimpleNamespace(
        fstat=fstat, open=lambda *given: opened.append(given), fdopen=lambda *given: given,
        devnull=os.devnull, O_RDWR=os.O_RDWR,
    ))  # fmt: skip
    for out, is_heard in (("out", True), (None, False)):
        streams = SimpleNamespace(stdin=None, stdout=out, stderr=None)
        monkeypatch.setattr(console, "sys", streams)
        assert console._replace_closed_streams() is is_heard
        assert (streams.stdin, streams.stdout, streams.stderr) == ((0, "r"), out or (1, "w"), (2, "w"))
    assert opened == [(os.devnull, os.O_RDWR)] * 4


def test_either_signal_tells_it_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        handlers: dict[int, Any] = {}
        monkeypatch.setattr(signal, "signal", lambda one, handler, into=handlers: into.__setitem__(one, handler))
        stop = told_to_stop()
        assert (set(handlers), stop.is_set()) == ({signal.SIGTERM, signal.SIGINT}, False)
        handlers[number](number, None)
        assert stop.is_set()


def test_the_version_is_said_only_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    option = console.version_option("hub")
    assert (option.is_eager, option.default) == (True, "--version")
    option.callback(False)
    assert capsys.readouterr().out == ""
    with pytest.raises(Exception, match=r"^0$|^$"):
        option.callback(True)
    assert capsys.readouterr().out.startswith("hub ")
