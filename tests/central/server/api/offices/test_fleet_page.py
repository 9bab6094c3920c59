"""What the fleet's page asks for whom: versions and their hitches are for who may see all centres."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from central.kiosks.state import Need
from central.server.api.offices import fleet as pages


@pytest.mark.parametrize("centres", [None, frozenset({"homs-main"}), frozenset[str]()])
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, {"centre": None, "need": None, "page": 1}),
        ({"centre": "x" * 61, "need": next(iter(Need)).name, "number": "3"},
         {"centre": "x" * 60, "need": next(iter(Need)), "page": 3}),
        ({"need": "none-of-them", "number": "1"}, {"centre": None, "need": None, "page": 1}),
    ],
)  # fmt: skip
async def test_the_version_is_told_to_who_may_see_all_centres(
    monkeypatch: pytest.MonkeyPatch, centres: frozenset[str] | None, asked: dict[str, str], wanted: dict[str, Any]
) -> None:
    read: list[dict[str, Any]] = []

    def answering(found: Any) -> Any:
        async def answer(*_: object, **given: Any) -> Any:
            if given:
                read.append(given)
            return found

        return answer

    @asynccontextmanager
    async def reading(_engine: object) -> AsyncIterator[str]:
        yield "connection"

    monkeypatch.setattr(pages, "operator_of", answering(SimpleNamespace(centres=centres)))
    monkeypatch.setattr(pages, "language_of", lambda _: "ar")
    monkeypatch.setattr(pages, "reading", reading)
    monkeypatch.setattr("central.offices.fleet.read_fleet", answering("fleet"))
    monkeypatch.setattr(pages, "names_of", answering({}))
    monkeypatch.setattr("central.kiosks.rollout.rollout.described", answering("1.2.0"))
    waits = SimpleNamespace(row=lambda language: f"waits in {language}")
    monkeypatch.setattr("central.offices.upkeep.needs.stuck", answering([waits]))
    monkeypatch.setattr(pages, "draw", lambda *_, **shown: shown)
    monkeypatch.setattr(pages, "page", lambda shown: shown)
    central = SimpleNamespace(engine=None)
    shown = cast("Any", await pages.fleet.fn(cast("Any", None), cast("Any", central), **asked))
    sees_all = centres is None
    assert (shown["version"], shown["stuck"]) == (("1.2.0", ["waits in ar"]) if sees_all else (None, []))
    assert read == [wanted]
    assert (shown["fleet"], shown["centre"], shown["need"]) == ("fleet", wanted["centre"] or "", wanted["need"])
