import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from central.metrics import CONDITIONS
from kiosk.health import Health, Outbox, metrics_of

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "kiosk.rules.yml"
FULL = Health(
    version="1",
    devices={"printer": "Online"},
    paper="Full",
    paper_left_m=1,
    outbox=Outbox(oldest_s=1, last_success_at=1),
    disk_free_bytes=1,
    charge_percent=1,
    alarms=["x"],
    tallies={"stalls": 1},
    prints={"unknown": 1},
)


def _alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_watches_a_metric_that_kiosk_or_central_gives() -> None:
    given = {sample.name for family in metrics_of(FULL) for sample in family.samples}
    given |= {f"central_{name}" for name in CONDITIONS}
    asked = {name for rule in _alerts() for name in re.findall(r"\b(?:kiosk|central)_\w+", rule["expr"])}
    assert len(asked) > 15
    assert asked <= given
    assert {f"central_{name}" for name in CONDITIONS} - asked == {"central_kiosks"}


def test_every_alert_says_what_is_wrong_and_what_a_person_does() -> None:
    names = [rule["alert"] for rule in _alerts()]
    assert len(set(names)) == len(names)
    for rule in _alerts():
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert rule["annotations"]["summary"]
        assert len(rule["annotations"]["action"]) > 10
