"""A central of which something doesn't run, or that kiosks call by another name, is told with what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from central.base.config import load_config
from central.commands.doctor import running
from central.commands.doctor.running import Machine
from tests.common.machine.doctor.test_tools import lay_down

PROCESSES = ("central@8081.service", "central@8082.service")
WATCHES = {"central-watch@8081.timer", "central-watch@8082.timer"}
TIMERS = {*WATCHES, "central-rollout.timer", "central-backup.timer", "central-retention.timer"}
ALL = {*PROCESSES, *TIMERS, "nginx.service", "nftables.service"}


def verdicts(root: Path, active: set[str]) -> dict[str, str]:
    machine = Machine(root, lambda _, unit: "active" if unit in active else "inactive")
    found = list(running.services(machine))
    assert all(one.todo or one.verdict in ("ok", "skipped") for one in found)
    return {one.check: one.verdict for one in found}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "opt/central/current").mkdir(parents=True)
    wanted = tmp_path / "etc/systemd/system/multi-user.target.wants"
    wanted.mkdir(parents=True)
    for name in PROCESSES:
        (wanted / name).touch()
    for folder in ("srv/kiosk-packages/dists", "var/backups/central", "etc/central"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/central/release.gpg").write_bytes(b"key")
    return tmp_path


def test_where_all_runs_nothing_is_wrong(root: Path) -> None:
    assert set(verdicts(root, ALL).values()) == {"ok"}


@pytest.mark.parametrize(
    ("lacks", "check", "verdict"),
    [
        ("central@8082.service", "services", "problem"),
        ("nginx.service", "nginx", "problem"),
        ("central-backup.timer", "timers", "warning"),
        ("central-rollout.timer", "timers", "warning"),
        ("central-retention.timer", "timers", "warning"),
    ],
)
def test_what_does_not_run_is_named(root: Path, lacks: str, check: str, verdict: str) -> None:
    assert verdicts(root, ALL - {lacks})[check] == verdict


def test_processes_that_do_not_start_with_the_machine_are_a_problem_though_they_run(root: Path) -> None:
    for name in PROCESSES:
        (root / "etc/systemd/system/multi-user.target.wants" / name).unlink()
    assert verdicts(root, ALL)["services"] == "problem"


def test_where_systemd_cannot_be_asked_nothing_is_said_to_be_down(root: Path) -> None:
    (found,) = running.services(Machine(root, lambda *_: ""))
    assert found.line == "SKIPPED  services: systemd does not answer this user: apt install dbus"


def test_on_a_laptop_nothing_is_looked_for(tmp_path: Path) -> None:
    assert verdicts(tmp_path, set()) == {"services": "skipped"}


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://central.example", "ok"),
        ("https://a.homs.example/", "ok"),
        ("https://central.elsewhere", "problem"),
        (None, "skipped"),
    ],
)
def test_the_name_that_kiosks_call_is_the_certificates(tmp_path: Path, url: str | None, verdict: str) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "central")])
    names = x509.SubjectAlternativeName([x509.DNSName("central.example"), x509.DNSName("*.homs.example")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "fullchain.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    config = replace(load_config(tmp_path / "data", None), public_url=url)
    assert running.public_url(config, path).verdict == verdict
    assert running.public_url(config, tmp_path / "none.pem").verdict == "skipped"


def test_tools_of_another_version_than_centrals_are_named(root: Path) -> None:
    lay_down(root, "1.2.0", name="central")
    assert verdicts(root, ALL)["tools"] == "warning"
