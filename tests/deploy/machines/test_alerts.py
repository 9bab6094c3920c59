import json
import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from central.server.api.metrics import BACKUP_MADE_AT, CERTIFICATE_ENDS, CONDITIONS, HEARD_AT, NEEDS
from central.server.api.metrics import Metrics as CentralMetrics
from hub.api.server.metrics import Metrics
from kiosk.health import Health, Outbox, metrics_of
from tests.hub.hall import open_hall

HUB_RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "hub.rules.yml"
RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "kiosk.rules.yml"
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
    given |= {f"central_{name}" for name in CONDITIONS} | {CERTIFICATE_ENDS, HEARD_AT, BACKUP_MADE_AT, NEEDS}
    asked = {name for rule in _alerts() for name in re.findall(r"\b(?:kiosk|central)_\w+", rule["expr"])}
    assert len(asked) > 15
    assert asked <= given
    assert {f"central_{name}" for name in CONDITIONS} <= asked


def test_every_alert_of_the_hub_watches_a_metric_that_it_gives_and_says_what_a_person_does(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    with hall.hub.read() as look:
        page = Metrics().page(look, {"board": 1}, 3.0).decode()
    hall.hub.store.close()
    rules = [rule for group in yaml.safe_load(HUB_RULES.read_text())["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"\bhub_\w+", rule["expr"])}
    given = set(re.findall(r"^# TYPE (hub_\w+) ", page, re.MULTILINE)) | {"hub_press_seconds_bucket"}
    assert asked <= given
    for rule in rules:
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert len(rule["annotations"]["action"]) > 10


def test_every_alert_says_what_is_wrong_and_what_a_person_does() -> None:
    names = [rule["alert"] for rule in _alerts()]
    assert len(set(names)) == len(names)
    for rule in _alerts():
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert rule["annotations"]["summary"]
        assert len(rule["annotations"]["action"]) > 10


def test_every_alert_of_the_cluster_watches_what_patroni_gives_and_says_what_a_person_does() -> None:
    # Patroni 4.0's own documentation of its REST interface, GET /metrics.
    given = {
        "patroni_cluster_unlocked",
        "patroni_failsafe_mode_is_active",
        "patroni_is_paused",
        "patroni_postgres_streaming",
        "patroni_primary",
    }
    groups = yaml.safe_load((RULES.parent / "cluster.rules.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {name for rule in rules for name in re.findall(r"\bpatroni_\w+", rule["expr"])} == given
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert len(rule["annotations"]["action"]) > 10


def test_alertmanager_sends_every_alert_to_somebody_and_is_silent_only_about_alerts_that_there_are() -> None:
    folder = Path(__file__).parents[3] / "deploy/prometheus"
    told = yaml.safe_load((folder / "alertmanager.yml").read_text())
    rules = [
        rule
        for path in folder.glob("*.rules.yml")
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]
    receivers = {one["name"] for one in told["receivers"]}
    assert told["route"]["receiver"] in receivers
    for route in told["route"]["routes"]:
        assert route["receiver"] in receivers
        (severity,) = (matcher.split(" = ")[1] for matcher in route["matchers"])
        assert severity in {rule["labels"]["severity"] for rule in rules}
    for inhibit in told["inhibit_rules"]:
        named = re.findall(r"[A-Z]\w+", " ".join(inhibit["source_matchers"] + inhibit["target_matchers"]))
        assert set(named) <= {rule["alert"] for rule in rules}
        assert len(named) >= 2


def test_every_panel_of_the_dashboard_watches_a_metric_that_there_is(tmp_path: Path) -> None:
    dashboard = json.loads((RULES.parent / "dashboard.json").read_text())
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b(?:kiosk|central|hub)_\w+", target["expr"])
    }
    hall = open_hall(tmp_path / "hub")
    with hall.hub.read() as look:
        hub = Metrics().page(look, {"board": 1}, 3.0).decode()
    hall.hub.store.close()
    central = CentralMetrics()
    central.requests.labels("200").inc()
    central.items.labels("applied").inc()
    given = {sample.name for family in central.registry.collect() for sample in family.samples}
    given |= {f"central_{name}" for name in CONDITIONS} | {CERTIFICATE_ENDS, HEARD_AT}
    given |= {sample.name for family in metrics_of(FULL) for sample in family.samples}
    given |= set(re.findall(r"^# TYPE (hub_\w+) ", hub, re.MULTILINE))
    assert len(asked) > 10
    assert asked <= given
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
