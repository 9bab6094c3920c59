"""Our commands without the half second in which their modules load: a process that has loaded them forks for each.

What is run is the command's own `main`, in a process of its own, with its own streams and exit status. Only the loading
and the interpreter's tidying up are left out; for them, each command has a test that starts it as a user does.
"""

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "central", "hub")
READ, WRITE = os.O_RDONLY, os.O_WRONLY | os.O_CREAT


class LoadedCommands:
    """Starts the process that forks at the first call; that one ends with this one."""

    def __init__(self) -> None:
        self._forking: subprocess.Popen[str] | None = None

    def run(self, package: str, *words: str, given: str | None, timeout_s: float) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, as `subprocess.run` does.

        Args:
            package: `kiosk`, `central` or `hub`.
            words: the rest of the command.
            given: its standard input, None for an empty one.
            timeout_s: when it is killed; then the exit status says so.
        """
        with tempfile.TemporaryDirectory(prefix="command-") as folder:
            streams = [Path(folder, name) for name in ("in", "out", "err")]
            streams[0].write_text(given or "", encoding="utf-8")
            call = {
                "package": package,
                "words": [os.fsencode(word).hex() for word in words],  # they need not be text
                "streams": [str(stream) for stream in streams],
                "timeout_s": timeout_s,
                "environment": dict(os.environ),  # a test may have changed it, and takes that back at its end
            }
            status = int(self._ask(json.dumps(call)))
            out, err = (stream.read_text(encoding="utf-8") for stream in streams[1:])
        return subprocess.CompletedProcess([package, *words], status, out, err)

    def _ask(self, call: str) -> str:
        if self._forking is None:
            self._forking = subprocess.Popen(
                [sys.executable, "-c", f"from {__name__} import main; main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            atexit.register(self._forking.communicate)  # no more calls: it ends
        assert self._forking.stdin is not None
        assert self._forking.stdout is not None
        self._forking.stdin.write(call + "\n")
        self._forking.stdin.flush()
        return self._forking.stdout.readline()


COMMANDS = LoadedCommands()


def main() -> None:
    """Load all commands; for each line on standard input fork one, and say how it ended."""
    for package in PACKAGES:
        importlib.import_module(f"{package}.commands.cli")
    importlib.import_module("typer._adapters")  # which Typer itself loads only when it reads the words
    for line in sys.stdin:
        call = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_run(call))
        print(_end_of(child, call["timeout_s"]), flush=True)


def _end_of(child: int, timeout_s: float) -> int:
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return os.waitstatus_to_exitcode(status)


def _run(call: dict[str, Any]) -> int:
    """Be the command; its exit status."""
    for number, (path, how) in enumerate(zip(call["streams"], (READ, WRITE, WRITE), strict=True)):
        os.dup2(os.open(path, how), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    os.environ.clear()
    os.environ.update(call["environment"])
    words = [os.fsdecode(bytes.fromhex(word)) for word in call["words"]]
    sys.argv = [call["package"], *words]
    try:
        importlib.import_module(f"{call['package']}.__main__").main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
