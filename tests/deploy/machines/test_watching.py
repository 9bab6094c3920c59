"""Prometheus, its agents and alerts as they are installed, by Prometheus' own tool: one silent machine is named."""

import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

FOLDER: Final = Path(__file__).parents[3] / "deploy" / "prometheus"
PACKAGES: Final = FOLDER.parent / "packages"


def promtool(*words: str | Path, within: Path = FOLDER) -> str:
    done = subprocess.run(["promtool", *words], cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows(of: str) -> list[tuple[str, str]]:
    """Return the sources and targets that a package installs."""
    lines = (PACKAGES / of / "install").read_text(encoding="utf-8").splitlines()
    return [(row[1], row[2]) for line in lines if len(row := line.split()) == 3 and not line.startswith("#")]


def test_the_rules_and_the_city_s_prometheus_are_taken() -> None:
    promtool("check", "rules", *sorted(FOLDER.glob("*.rules.yml")))
    promtool("check", "config", "prometheus.yml")
    shipped = [source for source, target in rows("central") if target.endswith("/homs-central/prometheus/")]
    assert {"deploy/prometheus/*.yml", "deploy/prometheus/prometheus-agent.conf"} <= set(shipped)


@pytest.mark.parametrize("of", ["kiosk", "hub", "central"])
def test_an_agent_reads_what_is_installed_beside_it_and_nothing_else(tmp_path: Path, of: str) -> None:
    config = yaml.safe_load((FOLDER / "prometheus-agent.yml").read_text(encoding="utf-8"))
    (pattern,) = config["scrape_config_files"]
    (job,) = [source for source, target in rows(of) if target == f"{Path(pattern).parent}/"]
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / Path(job).name).write_bytes((FOLDER.parents[1] / job).read_bytes())
    config["scrape_config_files"] = [f"{tmp_path}/jobs/{Path(pattern).name}"]
    (tmp_path / "agent.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    promtool("check", "config", "--agent", "agent.yml", within=tmp_path)
    (read,) = yaml.safe_load((FOLDER.parents[1] / job).read_text(encoding="utf-8"))["scrape_configs"]
    assert read["job_name"] == of
    assert all(one.startswith("127.0.0.1:") for one in read["static_configs"][0]["targets"])


def test_an_agent_is_named_after_its_machine() -> None:
    config = (FOLDER / "prometheus-agent.yml").read_text(encoding="utf-8")
    unit = (FOLDER / "prometheus-agent.conf").read_text(encoding="utf-8")
    assert "machine: ${HOSTNAME}" in config
    assert "Environment=HOSTNAME=%H" in unit
    assert "--enable-feature=agent,expand-external-labels" in unit


def series(job: str, instance: str, values: str) -> dict[str, str]:
    return {"series": f'up{{job="{job}",instance="{instance}"}}', "values": values}


@pytest.mark.parametrize(
    ("rules", "alert", "job", "soon"),
    [
        ("kiosk.rules.yml", "KioskSilent", "kiosk", "12m"),
        ("hub.rules.yml", "HubSilent", "hub", "5m"),
        ("kiosk.rules.yml", "CentralDown", "central", "6m"),
    ],
)
def test_one_machine_without_power_is_named_and_no_other(
    tmp_path: Path, rules: str, alert: str, job: str, soon: str
) -> None:
    """Its agent goes with it, so that nothing says 0: the series ends, as it does in the city's Prometheus."""
    rule = next(
        one
        for group in yaml.safe_load((FOLDER / rules).read_text(encoding="utf-8"))["groups"]
        for one in group["rules"]
        if one["alert"] == alert
    )

    def raised(*instances: str) -> list[dict[str, Any]]:
        return [
            {
                "exp_labels": {"job": job, "instance": one} | rule["labels"],
                "exp_annotations": {
                    name: text.replace("{{ $labels.instance }}", one) for name, text in rule["annotations"].items()
                },
            }
            for one in instances
        ]

    def at(minutes: int, *instances: str) -> dict[str, Any]:
        return {"alertname": alert, "eval_time": f"{minutes}m", "exp_alerts": raised(*instances)}

    later = int(soon.removesuffix("m"))
    test = {
        "rule_files": [str(FOLDER / rules)],
        "evaluation_interval": "30s",
        "tests": [
            {
                "interval": "30s",
                "input_series": [
                    series(job, "a", "1x60"),
                    series(job, "cut", "1x20 _x40"),  # power goes after ten minutes
                    series(job, "hung", "1x20 0x40"),  # its program has fallen
                ],
                "alert_rule_test": [at(9), at(10 + later, "cut", "hung")],
            },
            {
                "interval": "1h",
                "input_series": [series(job, "gone", "1 1 _x40"), series(job, "a", "1x42")],
                "alert_rule_test": [{"alertname": alert, "eval_time": "40h", "exp_alerts": []}],  # taken away for good
            },
        ],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test), encoding="utf-8")
    assert "SUCCESS" in promtool("test", "rules", "test.yml", within=tmp_path)
