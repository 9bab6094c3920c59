"""The process that reads and writes files, played in this one: its limits first, then one job, then its last words."""

import io
import os
import resource
import sys
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from central.server.office_files import worker
from central.server.office_files.job import Order, Outcome, ReadCatalogue
from common.city.brand.brand import brand


class Ended(BaseException):
    """Where the process would have ended."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the process asked of the system, in its order."""
    kept: list[Any] = []

    def end(status: int) -> None:
        kept.append(("exit", status))
        raise Ended

    monkeypatch.setattr(sys, "argv", ["worker", "640", "30"])
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: kept.append((what, limits)))
    monkeypatch.setattr(os, "nice", lambda by: kept.append(("nice", by)))
    monkeypatch.setattr(os, "write", lambda to, said: kept.append((to, said)))
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(worker, "use", lambda used: kept.append(("brand", used)))
    return kept


LIMITS = [
    (resource.RLIMIT_AS, (640, 640)), (resource.RLIMIT_CPU, (30, 30)), (resource.RLIMIT_CORE, (0, 0)), ("nice", 10),
]  # fmt: skip


def given(monkeypatch: pytest.MonkeyPatch, content: bytes) -> io.BytesIO:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    return out


def test_it_is_limited_before_it_reads_and_answers_in_the_system_s_brand(
    monkeypatch: pytest.MonkeyPatch, done: list[Any]
) -> None:
    job = ReadCatalogue("x.csv", b"code,offered\nwater-bill,no\n")
    out = given(monkeypatch, msgspec.msgpack.encode(Order(job, brand())))
    worker.main()
    outcome = msgspec.msgpack.decode(out.getvalue(), type=Outcome)
    assert outcome == Outcome(b'{"services":[{"code":"water-bill","offered":false}]}')
    assert done == [*LIMITS, ("brand", brand())]


def test_where_it_may_not_step_back_it_works_all_the_same(monkeypatch: pytest.MonkeyPatch, done: list[Any]) -> None:
    def refuse(_by: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "nice", refuse)
    out = given(monkeypatch, msgspec.msgpack.encode(Order(ReadCatalogue("x.csv", b""), brand())))
    worker.main()
    refused = msgspec.msgpack.decode(out.getvalue(), type=Outcome)
    assert (refused.content, str(refused.refused).partition(":")[0]) == (b"", "line 1")
    assert done == [*LIMITS[:3], ("brand", brand())]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (None, " (DecodeError)"),
        (MemoryError("of what was sent"), ""),
        (ValueError("of what was sent"), " (ValueError)"),
    ],
)
def test_its_last_words_name_no_more_than_the_kind_of_a_failure(
    monkeypatch: pytest.MonkeyPatch, done: list[Any], error: Exception | None, kind: str
) -> None:
    def fail(_job: object) -> Outcome:
        assert error is not None
        raise error

    monkeypatch.setattr(worker, "done", fail)
    order = msgspec.msgpack.encode(Order(ReadCatalogue("x", b""), brand()))
    out = given(monkeypatch, b"\xc1" if error is None else order)
    with pytest.raises(Ended):
        worker.main()
    said = f"central: a file could not be read or written{kind}\n".encode()
    assert (out.getvalue(), done[-2:]) == (b"", [(2, said), ("exit", 1)])
