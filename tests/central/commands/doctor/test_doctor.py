import asyncio
import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import create_engine, insert, text, update

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.tables.enrolled import kiosks
from central.base.tables.kept import backups
from central.base.tables.received import batches, health
from central.base.tables.told import signed_time
from central.commands.doctor import examine, machine
from central.keys.centre_ca import authority
from central.keys.key_file import NAME
from central.offices.retention import keeping, rules
from central.offices.retention.kinds import Retained
from central.offices.upkeep.examined import FILE
from central.server.api.metrics import CERTIFICATE_ENDS, Metrics
from common.feature import brought
from tests.central.absent_replica import AbsentReplica
from tests.central.commands.test_cli import run

OF_CITIZENS = [
    "personal", "claims", "messages", *(one.name for one in brought("central", Retained) if one.unruled == "problem"),
]  # fmt: skip
NO_CERTIFICATE = Path("/no/certificate.pem")
postgresql = pytest.mark.parametrize("config", ["postgresql"], indirect=True)


async def _found(config: CentralConfig) -> dict[str, tuple[str, str]]:
    return {one.check: (one.verdict, one.found) async for one in examine(config, NO_CERTIFICATE)}


async def keep(config: CentralConfig, kind: str, days: int | None) -> None:
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await rules.set_days(connection, kind, days, "Rana")


async def test_a_central_that_is_well_has_no_problem(config: CentralConfig) -> None:
    for kind in OF_CITIZENS:
        await keep(config, kind, 365)
    found = await _found(config)
    assert [check for check, (verdict, _) in found.items() if verdict == "problem"] == []
    for check in ("database", "schema", "keys", "key folder", "demo keys"):
        assert found[check][0] == "ok", check
    # One machine, no archive: it serves, and somebody should know.
    expected = "warning" if config.is_postgres else "skipped"
    assert (found["replication"][0], found["backup"][0]) == (expected, "warning")


async def test_tables_that_nothing_here_uses_stay_and_are_named(config: CentralConfig) -> None:
    before = (await _found(config))["schema"]
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("CREATE TABLE shouts (how_loud INTEGER)"))
    verdict, found = (await _found(config))["schema"]
    assert before[0] == verdict == "ok"
    assert "shouts" in found
    assert "shouts" not in before[1]


async def test_a_machine_that_needs_somebody_is_named_with_what_to_do_and_of_many_the_most_urgent(
    config: CentralConfig,
) -> None:
    async def of_machines() -> list[str]:
        return [one.line async for one in examine(config, NO_CERTIFICATE) if one.check == "machines"]

    assert await of_machines() == [
        "OK       machines: every kiosk and hub in service is heard, and says that it is well"
    ]
    now = clock.as_text(clock.now())
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        known = {"role": "kiosk", "centre": "homs-main", "signing_kid": "", "enrolment_kid": "", "enrolled_at": now}
        for number in range(22):
            own = {"id": f"k{number}", "digit": number, "public_key": f"{number}"}
            await connection.execute(insert(kiosks).values(**known, **own))
            report = {"clock": "synced", **({"out_of_service": "store"} if number == 21 else {"paper": "Low"})}
            await connection.execute(insert(health).values(kiosk=f"k{number}", report=json.dumps(report), at=now))
    found = await of_machines()
    assert found[0] == (
        "WARNING  machines: Kiosk 21 of Main centre: Its screen says that it is out of service: Store"
        " -> If nobody is working there: see what the screen says, then kiosk doctor on the machine."
    )
    assert len(found) == 21
    assert found[-1].startswith("WARNING  machines: and 2 more")


async def test_personal_data_without_a_rule_is_a_problem_until_the_city_has_said_how_long(
    config: CentralConfig,
) -> None:
    assert (await _found(config))["retention"] == (
        "problem",
        f"kept for ever, for no rule says how long: {', '.join(OF_CITIZENS)}",
    )
    await keep(config, "personal", 365)
    assert (await _found(config))["retention"][1].endswith(f"how long: {', '.join(OF_CITIZENS[1:])}")
    for kind in OF_CITIZENS[1:]:
        await keep(config, kind, 60)
    assert (await _found(config))["retention"][0] == "warning"
    await keep(config, "items", 400)
    assert (await _found(config))["retention"][0] == "ok"
    await keep(config, "personal", None)
    assert (await _found(config))["retention"][0] == "problem"


async def test_a_rule_that_no_night_has_kept_is_a_problem_whatever_timers_say(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (*OF_CITIZENS, "items"):
        await keep(config, kind, 60)
    set_at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: set_at + timedelta(hours=37))
    verdict, said = (await _found(config))["retention"]
    assert (verdict, said.split(" (")[0]) == ("problem", f"what is over its time was not deleted: {OF_CITIZENS[0]}")
    async with opened_engine(config.database_url) as engine:
        for really, expected in ((False, "problem"), (True, "ok")):  # counted alone, and deleted
            for kind in (*OF_CITIZENS, "items"):
                await keeping.keep(engine, kind, 60, really=really, operator="console")
            assert (await _found(config))["retention"][0] == expected


async def test_lost_and_open_keys_are_named_and_nothing_is_put_right(config: CentralConfig) -> None:
    key_file = config.keys_dir / NAME
    key_file.chmod(0o644)
    assert (await _found(config))["key folder"][0] == "problem"
    key_file.unlink()
    found = await _found(config)
    assert found["keys"][0] == "problem"
    assert "is missing" in found["keys"][1]
    assert not key_file.exists()


@postgresql
async def test_an_older_schema_and_two_clocks_that_differ_are_problems(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=30))
    assert (await _found(config))["clock"][0] == "problem"
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    found = await _found(config)
    assert found["schema"][0] == "problem"
    assert "keys" not in found


@postgresql
async def test_commits_that_wait_for_nobody_are_a_problem(config: CentralConfig) -> None:
    replica = AbsentReplica(config.database_url.replace("+asyncpg", ""))
    await replica.demand()
    try:
        assert (await _found(config))["replication"] == ("problem", "no replica is connected: commits wait")
    finally:
        await replica.forgo()


def test_a_database_that_is_away_is_a_line_and_status_one(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--json", "--database", "postgresql://a:secret@127.0.0.1:1/b")
    lines = {line["check"]: line["verdict"] for line in map(json.loads, done.stdout.splitlines())}
    assert (done.returncode, lines["database"]) == (1, "problem")
    assert "secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("days", "verdict"), [(90, "ok"), (10, "warning"), (-1, "problem")])
def test_a_certificate_is_looked_at_before_it_ends(tmp_path: Path, days: int, verdict: str) -> None:
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "central.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    assert machine.certificate(path, now).verdict == verdict
    page = Metrics().page({}, path).decode()
    told = re.search(rf'^{CERTIFICATE_ENDS}{{file="{path}"}} (\S+)$', page, re.MULTILINE)
    assert told
    assert float(told[1]) == pytest.approx(made.not_valid_after_utc.timestamp())
    assert f"\n{CERTIFICATE_ENDS}" not in Metrics().page({}, NO_CERTIFICATE).decode(), "0 would be an alarm"
    path.write_text("no certificate")
    assert machine.certificate(path, now).verdict == "problem"


@pytest.mark.parametrize(("days", "verdict"), [(0, "ok"), (5 * 365 - 300, "warning"), (5 * 365 + 1, "problem")])
def test_the_authority_for_centres_is_looked_at_a_year_before_it_ends(tmp_path: Path, days: int, verdict: str) -> None:
    now, config = datetime.now(UTC), load_config(tmp_path, None)
    assert machine.authority(config, now).verdict == "skipped"
    authority(config.keys_dir, now)
    found = machine.authority(config, now + timedelta(days=days))
    assert found.verdict == verdict
    assert ("--renew" in found.todo) is (verdict != "ok")


def test_a_clock_that_jumped_is_a_problem_until_the_command_confirms_it(tmp_path: Path) -> None:
    config = load_config(tmp_path, None)
    assert run(tmp_path, "time", "--confirm").returncode == 0

    async def last_word_at(at: datetime) -> None:
        async with opened_engine(config.database_url) as engine, engine.begin() as connection:
            await connection.execute(update(signed_time).values(at=clock.as_text(at)))

    asyncio.run(last_word_at(datetime.now(UTC) - timedelta(days=3)))
    refused = run(tmp_path, "time")
    assert (refused.returncode, "central time --confirm" in refused.stderr) == (1, True)
    assert "PROBLEM  time" in run(tmp_path, "doctor").stdout
    assert json.loads(run(tmp_path, "time", "--confirm", "--json").stdout)["signed"]
    assert "OK       time" in run(tmp_path, "doctor").stdout


def test_the_three_commands_speak_json_and_sentences(tmp_path: Path) -> None:
    load_config(tmp_path, None)
    assert run(tmp_path, "migrate").returncode == 0
    verified = run(tmp_path, "verify", "--json")
    assert json.loads(verified.stdout) == {
        "batches": 0, "items": 0, "whole": 0, "signed": 0, "exported": 0, "gone": 0, "wrong": [],
    }  # fmt: skip
    assert verified.returncode == 0
    _deliver_what_nobody_signed(tmp_path)
    verified = run(tmp_path, "verify", "--json")
    assert (verified.returncode, len(json.loads(verified.stdout)["wrong"])) == (1, 1)
    assert "is not signed so" in verified.stderr
    assert run(tmp_path, "retention", "set", "personal", "30").returncode == 0
    dry = json.loads(run(tmp_path, "purge", "--json").stdout.splitlines()[0])
    assert (dry["opened"], dry["orders"], dry["deleted"]) == (0, 0, False)
    assert "say --really" in run(tmp_path, "purge").stdout
    assert "OK       schema" in run(tmp_path, "doctor").stdout


def _deliver_what_nobody_signed(data: Path) -> None:
    """Put a batch into the database whose signature is made up."""
    key = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    kiosk = {"id": "kiosk-0001", "centre": "homs-main", "digit": 1, "public_key": key, "enrolled_at": "2026-11-25",
             "signing_kid": "k", "enrolment_kid": "k"}  # fmt: skip
    batch = {"id": 1, "kiosk": "kiosk-0001", "received_at": "2026-11-25", "content_digest": "sha-256=:AA==:",
             "signature_input": "made up", "signature": "made up",
             "target": "https://central/v1/kiosks/x/batches"}  # fmt: skip
    engine = create_engine(f"sqlite:///{data / 'central.db'}")
    with engine.begin() as connection:
        connection.execute(insert(kiosks).values(kiosk))
        connection.execute(insert(batches).values(batch))
    engine.dispose()


def test_the_cas_private_key_is_not_left_beside_the_certificate(tmp_path: Path) -> None:
    assert machine.authority_key(tmp_path / "fullchain.pem").verdict == "ok"
    (tmp_path / "ca-key.pem").touch()
    found = machine.authority_key(tmp_path / "fullchain.pem")
    assert (found.verdict, "shred" in found.todo) == ("warning", True)


async def test_an_old_copy_is_a_problem_and_one_that_was_never_tried_a_warning(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"folder": "/var/backups/central/x", "bytes": 1, "made_at": clock.as_text(clock.now())}
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(insert(backups).values(made))
    assert (await _found(config))["backup"][0] == "ok"
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    assert (await _found(config))["backup"][0] == "problem"
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=9))
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(insert(backups).values(made | {"made_at": clock.as_text(clock.now())}))
    assert (await _found(config))["backup"] == (
        "warning",
        f"the newest copy was made at {clock.now():%Y-%m-%d %H:%M} UTC; none was tried lately",
    )


def test_what_it_finds_is_kept_for_the_list_of_needs_where_it_is_told_to(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    (tmp_path / "keys").chmod(0o755)
    assert "PROBLEM  key folder" in run(tmp_path, "doctor").stdout
    assert not (tmp_path / FILE).exists()
    assert run(tmp_path, "doctor", "--keep").returncode == 1
    found = [json.loads(line) for line in run(tmp_path, "needs").stdout.splitlines()]
    assert "The doctor finds a fault: the folder of keys" in [one["what"] for one in found]
