"""The demo's children: how they are started, heard, ended and killed; made-up ones, no process."""

import io
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from demo import processes as played
from demo.processes import DemoFailed, Processes, wait_until

WORDS = ["serve", "--json"]


class Child:
    """A process that does what a test has it do."""

    def __init__(self, said: str, words: Any, **how: Any) -> None:
        self.words, self.how, self.pid = words, how, 42
        self.did: list[Any] = []
        self.status: int | None = None
        self.hangs = False
        self.stdout = io.StringIO(said) if how["stdout"] is subprocess.PIPE else None

    def poll(self) -> int | None:
        return self.status

    def terminate(self) -> None:
        self.did.append("terminate")

    def kill(self) -> None:
        self.did.append("kill")
        self.hangs = False

    def send_signal(self, number: signal.Signals) -> None:
        self.did.append(number)

    def wait(self, timeout: float | None = None) -> None:
        self.did.append(("wait", timeout))
        if self.hangs:
            raise subprocess.TimeoutExpired("x", timeout or 0)


class Family:
    """All children that were started, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, logs: Path) -> None:
        self.said = ""
        self.children: list[Child] = []
        monkeypatch.setattr(subprocess, "Popen", self._start)
        self.processes = Processes(logs)

    def _start(self, words: Any, **how: Any) -> Child:
        self.children.append(Child(self.said, words, **how))
        return self.children[-1]


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Family]:
    made = Family(monkeypatch, tmp_path)
    with made.processes:
        yield made


def test_a_child_writes_into_its_log_and_dies_with_the_demo(family: Family, tmp_path: Path) -> None:
    family.processes.start("hub", WORDS, env={"A": "b"})
    (child,) = family.children
    how = child.how
    assert (child.words, how["stdin"], how["text"], how["start_new_session"]) == (WORDS, subprocess.DEVNULL, True, True)
    assert (how["env"]["A"], "PATH" in how["env"], how["stdout"] is how["stderr"]) == ("b", True, True)
    assert how["preexec_fn"] is played._die_with_parent
    assert Path(how["stdout"].name) == tmp_path / "hub.log"
    processes = family.processes
    assert (processes.is_running("hub"), processes.pid("hub"), processes.ended()) == (True, 42, None)
    family.processes.signal("hub", signal.SIGSTOP)
    assert child.did == [signal.SIGSTOP]
    child.status = 0
    assert (family.processes.is_running("hub"), family.processes.ended()) == (False, "hub")
    assert not family.processes.is_running("central")


def test_the_first_line_of_a_child_says_that_it_is_ready(family: Family, tmp_path: Path) -> None:
    family.said = '{"url": "x"}\nmore\n'
    assert family.processes.start_and_read_line("central", WORDS) == '{"url": "x"}\n'
    assert Path(family.children[0].how["stderr"].name) == tmp_path / "central.log"
    family.said = ""
    with pytest.raises(DemoFailed, match=rf"^app did not start; its log is {tmp_path}/app\.log$"):
        family.processes.start_and_read_line("app", WORDS)


def test_a_child_is_ended_politely_also_one_that_hangs_and_then_by_force(family: Family) -> None:
    family.said = "line\n"
    for name in ("a", "b"):
        family.processes.start_and_read_line(name, WORDS)
    polite, stubborn = family.children
    stubborn.hangs = True
    family.processes.stop("a")
    family.processes.stop("b")
    assert polite.did == ["terminate", signal.SIGCONT, ("wait", 8.0)]
    assert stubborn.did == ["terminate", signal.SIGCONT, ("wait", 8.0), "kill", ("wait", None)]
    assert all(child.stdout is not None and child.stdout.closed for child in family.children)
    assert not family.processes.is_running("a")


def test_a_child_is_killed_at_once(family: Family) -> None:
    family.said = "line\n"
    family.processes.start_and_read_line("a", WORDS)
    family.processes.kill("a")
    (child,) = family.children
    assert (child.did, child.stdout is not None and child.stdout.closed) == (["kill", ("wait", None)], True)
    assert not family.processes.is_running("a")


def test_when_the_block_is_left_all_end_the_last_first_and_their_logs_are_closed(family: Family) -> None:
    order: list[str] = []
    with family.processes as processes:
        for name in ("a", "b", "c"):
            processes.start(name, WORDS)

            def ended(name: str = name) -> None:
                order.append(name)
                if name == "b":
                    raise ProcessLookupError

            family.children[-1].terminate = ended  # type: ignore[method-assign]
    assert order == ["c", "b", "a"]
    assert all(child.how["stdout"].closed for child in family.children)


def test_a_command_says_what_it_printed_or_why_it_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []
    done = SimpleNamespace(returncode=0, stdout="said\n", stderr="")

    def run(words: Any, **how: Any) -> Any:
        asked.append((words, how))
        if done.returncode is None:
            raise subprocess.TimeoutExpired(words, 1)
        return done

    monkeypatch.setattr(subprocess, "run", run)
    processes = Processes(tmp_path)
    assert (processes.run(["a", "b"]), processes.run(["a"], given="x", timeout_s=7)) == ("said\n", "said\n")
    usual = {"capture_output": True, "text": True, "check": False}
    assert asked == [(["a", "b"], usual | {"input": "", "timeout": 60}), (["a"], usual | {"input": "x", "timeout": 7})]
    done.returncode, done.stderr = 1, "x" + "y" * 500 + " \n"
    with pytest.raises(DemoFailed, match=f"^a b c: {'y' * 500}$"):
        processes.run(["a", "b", "c", "d"])
    done.returncode = None
    with pytest.raises(DemoFailed, match=r"^a b c took more than 60 s$"):
        processes.run(["a", "b", "c", "d"])


class Ear:
    """A socket that hears what a child says of itself."""

    def __init__(self, *said: bytes) -> None:
        self.said = list(said)
        self.did: list[Any] = []

    def __call__(self, *kind: Any) -> "Ear":
        self.did.append(kind)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.did.append("closed")

    def bind(self, name: str) -> None:
        self.did.append(name)

    def settimeout(self, seconds: float) -> None:
        self.did.append(seconds)

    def getsockname(self) -> bytes:
        return b"\0abc"

    def recv(self, _: int) -> bytes:
        if not self.said:
            raise TimeoutError
        return self.said.pop(0)


@pytest.mark.parametrize("said", [(b"STATUS=x", b"READY=1", b"left"), (b"STATUS=x",)])
def test_a_service_says_that_it_is_ready_as_systemd_has_it(
    family: Family, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: tuple[bytes, ...]
) -> None:
    ear = Ear(*said)
    sockets = SimpleNamespace(socket=ear, AF_UNIX=1, SOCK_DGRAM=2)
    monkeypatch.setattr(played, "socket", sockets)

    def start() -> None:
        family.processes.start_and_hear_ready("forward", WORDS)

    if b"READY=1" in said:
        start()
        assert ear.said == [b"left"]
    else:
        with pytest.raises(DemoFailed, match=rf"^forward did not start; its log is {tmp_path}/forward\.log$"):
            start()
    assert ear.did == [(1, 2), "", 60.0, "closed"]
    assert family.children[0].how["env"]["NOTIFY_SOCKET"] == "@abc"


@pytest.mark.parametrize(("holds_after", "expected", "slept"), [(0, True, 0), (3, True, 3), (99, False, 5)])
def test_a_condition_is_asked_again_and_again_until_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch, holds_after: int, expected: bool, slept: int
) -> None:
    moment, asked = [0.0], [0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    def holds() -> bool:
        asked[0] += 1
        return asked[0] > holds_after

    monkeypatch.setattr(played, "time", SimpleNamespace(monotonic=lambda: moment[0], sleep=sleep))
    assert wait_until(holds, 0.2) is expected
    assert moment[0] == pytest.approx(0.05 * slept)


def test_our_commands_lie_beside_this_python() -> None:
    call: Callable[[str], list[str]] = played.command
    assert call("hub") == [str(Path(sys.executable).parent / "hub")]
