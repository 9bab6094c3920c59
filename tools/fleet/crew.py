"""The centres, shared among a few processes; each call bears the time, so that no process has one of its own."""

import logging
import multiprocessing
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import structlog

from tests.kit import new_tables
from tools.fleet.hall import Hall
from tools.fleet.said import SetUp
from tools.fleet.world import BEGINS, FleetTime, WorldTime

SWITCH_S = 0.0005  # of two threads of a process, one of which waits for the other's answer
BUILD = "build"


class Crew:
    """All halls, by their centres' codes."""

    def __init__(self, world: WorldTime, folder: Path, processes: int) -> None:
        self._world = world
        self._of: dict[str, Connection] = {}
        start = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(processes):
            ours, theirs = start.Pipe()
            process = start.Process(target=_serve, args=(theirs, str(folder)), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.join()

    def build(self, brought: Sequence[SetUp]) -> None:
        """Set all centres up."""
        for index, one in enumerate(brought):
            self._of[one.centre] = self._pipes[index % len(self._pipes)]
        for index, pipe in enumerate(self._pipes):
            pipe.send((self._world.now, BUILD, "", (list(brought[index :: len(self._pipes)]),)))
        for pipe in self._pipes:
            _answer(pipe)

    def ask(self, centre: str, name: str, *words: Any) -> Any:
        """Have one hall do something; return what it says."""
        self._of[centre].send((self._world.now, name, centre, words))
        (answer,) = _answer(self._of[centre]).values()
        return answer

    def all(self, name: str, **words: Any) -> dict[str, Any]:
        """Have all do the same, beside each other; return what each says."""
        for pipe in self._pipes:
            pipe.send((self._world.now, name, None, words))
        return {centre: said for pipe in self._pipes for centre, said in _answer(pipe).items()}


def _answer(pipe: Connection) -> dict[str, Any]:
    is_done, said = pipe.recv()
    if not is_done:
        raise AssertionError(said)
    answer: dict[str, Any] = said
    return answer


def _serve(pipe: Connection, folder: str) -> None:
    """Do what is asked until the pipe closes."""
    sys.setswitchinterval(SWITCH_S)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # each fault is meant
    world, halls = FleetTime(BEGINS), dict[str, Hall]()
    with new_tables.copied_stores(), new_tables.copied_hubs():
        while True:
            try:
                moment, name, centre, words = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((True, _done(world, halls, Path(folder), moment, name, centre, words)))
            except BaseException:  # noqa: BLE001 - whatever it is, who asked has to hear it
                pipe.send((False, traceback.format_exc()))


def _done(
    world: FleetTime, halls: dict[str, Hall], folder: Path, moment: datetime, name: str, centre: str | None, words: Any
) -> dict[str, Any]:
    world.is_now(moment)
    if name == BUILD:
        halls |= {one.centre: Hall(world, folder / one.centre, one) for one in words[0]}
        return {}
    if centre is None:
        return {code: getattr(hall, name)(**words) for code, hall in halls.items()}
    return {centre: getattr(halls[centre], name)(*words)}
