"""What central's doctor finds when it looks by itself stands on the list of needs until it finds it no more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.insight.public.texts import LANGUAGES
from central.offices.upkeep.examined import FILE, faults, keep
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> CentralConfig:
    (tmp_path / "central").mkdir()
    return load_config(tmp_path / "central", None)


def named(config: CentralConfig, now: datetime = NOW) -> list[tuple[str, str | None]]:
    return [(one.detail["check"], one.since) for one in faults(config, now)]


def test_where_the_doctor_never_looked_by_itself_nothing_is_said(config: CentralConfig) -> None:
    assert faults(config, NOW) == []
    (config.data_dir / FILE).write_bytes(b"{torn")
    assert faults(config, NOW) == []


@pytest.mark.parametrize(
    ("finding", "is_fault"),
    [
        (problem("address", "x", "y"), True), (warning("address", "x", "y"), True), (warning("timers", "x", "y"), True),
        (warning("firewall", "x", "y"), True), (warning("packages", "x", "y"), True), (problem("keys", "x", "y"), True),
        (warning("CA key", "x", "y"), False), (ok("address", "x"), False), (skipped("address", "x"), False),
        (problem("backup", "x", "y"), False), (problem("retention", "x", "y"), False),
    ],
)  # fmt: skip
def test_problems_are_named_and_warnings_that_are_no_mere_advice_but_none_twice(
    config: CentralConfig, finding: Finding, is_fault: bool
) -> None:
    keep(config, [finding], NOW)
    assert [check for check, _ in named(config)] == [finding.check] * is_fault


def test_a_fault_is_told_with_when_it_was_found_first_in_words_of_both_languages(config: CentralConfig) -> None:
    later = NOW + timedelta(minutes=20)
    keep(config, [problem("address", "x", "y")], NOW)
    keep(config, [problem("address", "z", "y"), problem("odd", "x", "y"), problem("odd", "x", "y")], later)
    assert named(config, later) == [("address", clock.as_text(NOW)), ("odd", clock.as_text(later))]
    assert [one.row("en")["what"] for one in faults(config, later)] == [
        "The doctor finds a fault: the address that kiosks call", "The doctor finds a fault: odd",
    ]  # fmt: skip
    for language in LANGUAGES:
        assert all(all(one.row(language).values()) for one in faults(config, later))
    assert len({one.key for one in faults(config, later)}) == 2
    keep(config, [ok("address", "x")], later)
    assert named(config, later) == []


def test_a_doctor_that_has_not_looked_for_an_hour_is_named_in_the_place_of_what_it_found(config: CentralConfig) -> None:
    keep(config, [problem("address", "x", "y")], NOW)
    assert [one.kind for one in faults(config, NOW + timedelta(hours=1))] == ["doctor"]
    (found,) = faults(config, NOW + timedelta(hours=1, seconds=1))
    assert (found.kind, found.since) == ("doctor-old", clock.as_text(NOW))
