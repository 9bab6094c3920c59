"""Holds the process of `tests.end_to_end.touched`: touches it, and keeps everything that stood on its panel."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

READY_WITHIN_S = 60.0
ROOT = Path(__file__).parents[3]


class Hands:
    """One start of the touched kiosk.

    Args:
        settings: its kiosk.toml.
        seed: of citizens who come by themselves, or None.
        on_act: hears what they do to the devices.
        log: where its log goes, beside the settings if None.
    """

    def __init__(
        self,
        settings: Path,
        seed: int | None = None,
        on_act: Callable[[list[Any]], None] = lambda _: None,
        log: Path | None = None,
    ) -> None:
        self._on_act = on_act
        self._changed = threading.Condition()
        self.said: list[Mapping[str, Any]] = []
        words = [
            sys.executable,
            "-m",
            "tests.end_to_end.touched",
            str(settings),
            *([] if seed is None else [str(seed)]),
        ]
        self._log = (log or settings.parent / "touched.log").open("a", encoding="utf-8")
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def touch(self, name: str) -> None:
        """Touch a button as soon as it is there."""
        known = len(self.said)
        self._tell("touch", name)
        self.wait(lambda said: "touched" in said, f"a touch on {name}", since=known)

    def rest(self) -> int:
        """Have the citizens go; how many there were."""
        self._tell("rest")
        return int(self.wait(lambda said: "rest" in said, "the citizens' end", within_s=120)["rest"])

    def see(self, *names: str, since: int = 0) -> Mapping[str, Any]:
        """Wait until one of these screens stands on the panel, or has since the line of this number."""
        return self.wait(lambda said: said.get("shown") in names, f"the screen {' or '.join(names)}", since=since)

    def wait(
        self,
        holds: Callable[[Mapping[str, Any]], bool],
        what: str,
        *,
        since: int = 0,
        within_s: float = READY_WITHIN_S,
    ) -> Mapping[str, Any]:
        """Wait for a line, counted from `since`, of which this holds."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while not (found := [said for said in self.said[since:] if holds(said)]):
                left = deadline - time.monotonic()
                assert left > 0, f"{what} did not come; last: {self.said[-5:]}"
                assert self._reader.is_alive(), f"it ended before {what}; last: {self.said[-5:]}"
                self._changed.wait(min(left, 0.5))
        return found[0]

    @property
    def numbers(self) -> set[str]:
        """Every ticket number that stood on the panel."""
        return {said["number"] for said in self.said if said.get("number")}

    def kill(self) -> None:
        """End it as the out-of-memory killer does, and hear what it still said."""
        self._process.kill()
        self._end()

    def close(self) -> None:
        """Ask nothing more of it, wait until it has ended in order."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._end()
        assert self._process.returncode == 0, self.said[-5:]

    def _tell(self, *words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # it was killed while it said this: nobody has seen it
            said = json.loads(line)
            with self._changed:
                self.said.append(said)
                self._changed.notify_all()
            if "act" in said:
                self._on_act(said["act"])

    def _end(self) -> None:
        self._process.wait(30)
        self._reader.join(10)
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close() if stream else None
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._end()
