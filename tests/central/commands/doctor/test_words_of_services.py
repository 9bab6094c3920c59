"""What the doctor says of services, the name that kiosks call, and PostgreSQL: the whole line of each state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.commands.doctor import running, server
from central.commands.doctor.running import Machine
from central.keys import centre_ca
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> CentralConfig:
    return load_config(tmp_path / "central", None)


PROCESSES = ("central@8081.service", "central@8082.service")
TIMERS = ("central-rollout.timer", "central-backup.timer", "central-retention.timer")
WATCHES = ("central-watch@8081.timer", "central-watch@8082.timer")
ALL = {*PROCESSES, *TIMERS, *WATCHES, "nginx.service", "nftables.service"}
WELL = [
    ok("services", "central@8081.service, central@8082.service run"),
    ok("nginx", "it runs"),
    ok("timers", "roll-outs go on by themselves; each night a copy is made, and what is over its time goes"),
    ok("nights", "what runs by night did not fail when it ran last"),
    ok("firewall", "it is on"),
    ok("packages", "kiosks, hubs and this machine find signed versions"),
    ok("copies", "/var/backups/central is there"),
]
REPOSITORY, KEY, COPIES = "srv/kiosk-packages/dists", "etc/central/release.gpg", "var/backups/central"


@pytest.mark.parametrize(
    ("down", "place", "found"),
    [
        (set(), 0, WELL[0]),
        (
            {PROCESSES[1]},
            0,
            problem(
                "services",
                "not running: central@8082.service",
                "systemctl start central@8082.service; if that doesn't hold: journalctl -u central@8082.service",
            ),
        ),
        (
            {"nginx.service"},
            1,
            problem(
                "nginx",
                "it does not run",
                "nginx -t; systemctl enable --now nginx; without it no kiosk reaches central",
            ),
        ),
        (
            set(TIMERS),
            2,
            warning(
                "timers",
                "not on: central-rollout.timer, central-backup.timer, central-retention.timer",
                "systemctl enable --now central-rollout.timer central-backup.timer central-retention.timer",
            ),
        ),
        (
            {WATCHES[1]},
            2,
            warning("timers", "not on: central-watch@8082.timer", "systemctl enable --now central-watch@8082.timer"),
        ),
        (
            {"central-backup.service"},
            3,
            problem(
                "nights",
                "failed when it ran last: central-backup.service",
                "journalctl -u central-backup.service says why; then systemctl start central-backup.service",
            ),
        ),
        (
            {"nftables.service"},
            4,
            warning("firewall", "nftables is off: it keeps nobody out", "systemctl enable --now nftables"),
        ),
        (
            {REPOSITORY},
            5,
            warning(
                "packages",
                "/srv/kiosk-packages has no repository: no kiosk or hub gets a version from here",
                "copy the repository of packages to /srv/kiosk-packages, as install.md says",
            ),
        ),
        (
            {KEY},
            5,
            warning(
                "packages",
                "/etc/central/release.gpg is missing: no update of central is taken",
                "put the packages' public key into /etc/central/release.gpg, mode 0644",
            ),
        ),
        (
            {COPIES},
            6,
            problem(
                "copies",
                "/var/backups/central is gone, and what lay there: no copy can be made",
                "install -d -m 0700 -o central -g central /var/backups/central; then systemctl start central-backup",
            ),
        ),
    ],
)
def test_each_service_that_does_not_run_is_named_with_what_starts_it(
    tmp_path: Path, down: set[str], place: int, found: Finding
) -> None:
    def systemctl(verb: str, unit: str) -> str:
        if verb == "is-failed":
            return "failed" if unit in down else "inactive"
        assert verb == "is-active"
        return "active" if unit in ALL - down else "inactive"

    looked_at = Machine(tmp_path, systemctl)
    lacks = "central is not installed as a service here (/opt/central/current is missing)"
    assert list(running.services(looked_at)) == [skipped("services", lacks)]
    (tmp_path / "opt/central/current").mkdir(parents=True)
    nothing = problem(
        "services", "no process of central starts with this machine", "systemctl enable --now central@8081 central@8082"
    )
    assert next(running.services(looked_at)) == nothing
    wanted = tmp_path / "etc/systemd/system/multi-user.target.wants"
    wanted.mkdir(parents=True)
    for name in (*PROCESSES, "other.service"):
        (wanted / name).touch()
    for folder in {REPOSITORY, COPIES} - down:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/central").mkdir()
    if KEY not in down:
        (tmp_path / KEY).write_bytes(b"key")
    assert list(running.services(looked_at)) == [found if number == place else one for number, one in enumerate(WELL)]


RIGHT = ok("public url", "the certificate is for central.example")


@pytest.mark.parametrize(
    ("names", "url", "found"),
    [
        ({"central.example"}, "https://central.example:8443/", RIGHT),
        ({"*.example"}, "https://central.example", RIGHT),
        ({"b", "a"}, "https://central.example",
         problem("public url", "kiosks call central central.example, and the certificate is for a, b",
                 "put CENTRAL_PUBLIC_URL right in central.env, or sign a certificate for that name")),
        (set(), "https://central.example",
         problem("public url", "kiosks call central central.example, and the certificate is for no name",
                 "put CENTRAL_PUBLIC_URL right in central.env, or sign a certificate for that name")),
        ({"a"}, None, skipped("public url", "CENTRAL_PUBLIC_URL is not given here")),
        (None, "https://central.example", skipped("public url", "/nowhere is not here to be compared")),
    ],
)  # fmt: skip
def test_the_certificate_is_for_the_name_that_kiosks_call(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch, names: set[str] | None, url: str | None, found: Finding
) -> None:
    if names is not None:
        monkeypatch.setattr(running, "_names", lambda _: names)
    assert running.public_url(replace(config, public_url=url), Path("/nowhere")) == found


class Postgres:
    """Answers of PostgreSQL by the statement."""

    dialect = SimpleNamespace(name="postgresql")

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    async def scalar(self, statement: object) -> Any:
        return next(answer for words, answer in self.answers.items() if words in str(statement))

    async def execute(self, _: object) -> Any:
        return SimpleNamespace(one=lambda: SimpleNamespace(**self.answers))


CUT = "patronictl list: start a second machine; never cancel commits that wait"


@pytest.mark.parametrize(
    ("wanted", "commit", "connected", "found"),
    [
        ("", "on", 0, warning("replication", "one machine has everything", "see deploy/cluster for three")),
        ("ANY 1", "local", 2, problem("replication", "synchronous_commit is local",
         "take synchronous_commit back to on: what is acknowledged may be on one machine only")),
        ("ANY 1", "on", 0, problem("replication", "no replica is connected: commits wait", CUT)),
        ("ANY 1", "on", None, problem("replication", "no replica is connected: commits wait", CUT)),
        ("ANY 1", "on", 1, warning("replication", "one replica is connected",
         "patronictl list: the next machine that fails stops central")),
        ("ANY 1", "remote_apply", 2,
         ok("replication", "2 replicas are connected, and a commit waits for one")),
    ],
)  # fmt: skip
async def test_a_commit_waits_for_a_second_machine_that_is_there(
    wanted: str, commit: str, connected: int | None, found: Finding
) -> None:
    connection: Any = Postgres(
        synchronous_standby_names=wanted, synchronous_commit=commit, pg_stat_replication=connected
    )
    assert await server.replication(connection) == found


FAILED = problem("backup", "archiving has failed since 2026-11-25 09:00 UTC", "pgbackrest --stanza=central check")
OLD = warning(
    "backup",
    "nothing was archived within the last hour",
    "set archive_timeout to 300; pgbackrest --stanza=central check",
)


@pytest.mark.parametrize(
    ("failed", "archived", "found"),
    [
        (None, None, OLD),
        (NOW, None, FAILED),
        (NOW, NOW - timedelta(seconds=1), FAILED),
        (NOW - timedelta(days=1), NOW, ok("backup", "WAL was archived at 2026-11-25 09:00 UTC")),
        (NOW, NOW, ok("backup", "WAL was archived at 2026-11-25 09:00 UTC")),
        (None, NOW - timedelta(hours=1), ok("backup", "WAL was archived at 2026-11-25 08:00 UTC")),
        (None, NOW - timedelta(hours=1, seconds=1), OLD),
    ],
)
async def test_an_archive_that_goes_on_is_a_backup(
    monkeypatch: pytest.MonkeyPatch, failed: datetime | None, archived: datetime | None, found: Finding
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    connection: Any = Postgres(archive_mode="on", last_failed_time=failed, last_archived_time=archived)
    assert await server.backup(connection) == found


def test_a_certificate_is_for_its_names_and_addresses_or_for_none(config: CentralConfig, tmp_path: Path) -> None:
    by, path = centre_ca.authority(tmp_path, NOW), tmp_path / "fullchain.pem"
    key = by.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    told = replace(config, public_url="https://10.0.0.5:8443")
    path.write_bytes(centre_ca.certify(by, key, "hub-1", "10.0.0.5", NOW).public_bytes(Encoding.PEM))
    assert running.public_url(told, path) == ok("public url", "the certificate is for 10.0.0.5")
    path.write_text(by.pem, encoding="ascii")
    assert running.public_url(told, path).found == "kiosks call central 10.0.0.5, and the certificate is for no name"


async def test_a_time_that_is_not_told_and_a_copy_that_is_lacking_are_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: dict[str, Any] = {"why_not": None, "made_at": None, "untried_since": None}

    def answering(name: str) -> Any:
        async def answer(_: object) -> Any:
            return said[name]

        return answer

    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("central.kiosks.signed_time.why_not", answering("why_not"))
    for name in ("made_at", "untried_since"):
        monkeypatch.setattr(f"central.offices.upkeep.copies.{name}", answering(name))
    file: Any = SimpleNamespace(dialect=SimpleNamespace(name="sqlite"))
    assert await server.last_word(file) == ok("time", "kiosks are told it")
    said["why_not"] = "the clock jumped"
    todo = "set the clock, or central time --confirm"
    assert await server.last_word(file) == problem("time", "kiosks are told none: the clock jumped", todo)
    todo = "systemctl status central-backup.timer central-backup; then systemctl start central-backup"
    assert await server.backup(file) == warning("backup", "no copy was ever made", todo)
    said["made_at"] = NOW - timedelta(hours=36)
    newest = "the newest copy was made at 2026-11-23 21:00 UTC"
    assert await server.backup(file) == ok("backup", newest)
    said["untried_since"] = "2026-11-01"
    check = "central backup check /var/backups/central"
    assert await server.backup(file) == warning("backup", f"{newest}; none was tried lately", check)
    said["made_at"] -= timedelta(seconds=1)
    old = "the newest copy was made at 2026-11-23 20:59 UTC"
    assert await server.backup(file) == problem("backup", old, todo)
