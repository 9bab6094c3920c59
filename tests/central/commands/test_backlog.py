"""A kiosk's backlog by command: it comes in from a stick, and is listed and released."""

import json
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.envelope import Batch
from common.protocol.export_part import sign_export_part
from tests.central.commands.test_cli import enrol, result, run, served


def test_a_backlog_comes_in_from_a_stick_and_a_torn_line_costs_only_itself(data: Path, tmp_path: Path) -> None:
    with served(data) as (url, _):
        sender = enrol(url, result(data, "enrolment-code", "--centre", "homs-main")["code"])
    batches = [Batch([sender.ticket() for _ in range(2)]) for _ in range(3)]
    stranger = sign_export_part(sender.kiosk, 1, False, batches[1], Ed25519PrivateKey.generate())
    lines = [
        sign_export_part(sender.kiosk, number, number == 2, batch, sender.key) for number, batch in enumerate(batches)
    ]
    file = tmp_path / "export.jsonl"
    file.write_bytes(lines[0] + stranger + lines[2][:-40])
    torn = run(data, "import", str(file), "--json")
    assert (torn.returncode, json.loads(torn.stdout)) == (1, {"applied": 2})
    assert "line 2: part 1 is not signed by kiosk" in torn.stderr
    assert "the file lacks a part of its export" in torn.stderr
    file.write_bytes(lines[0] + lines[2])
    holed = run(data, "import", str(file), "--json")
    assert (holed.returncode, json.loads(holed.stdout)) == (1, {"applied": 2, "duplicate": 2})
    assert "the file lacks a part of its export" in holed.stderr
    file.write_bytes(b"".join(lines))
    assert result(data, "import", str(file), "--json") == {"duplicate": 4, "applied": 2}


def test_a_revoked_kiosks_backlog_is_listed_and_released_by_command(data: Path) -> None:
    with served(data) as (url, _):
        sender = enrol(url, result(data, "enrolment-code", "--centre", "homs-main")["code"])
        assert run(data, "revoke", sender.kiosk).returncode == 0
        ticket = sender.ticket()
        body = sender.batch([ticket])
        httpx2.post(
            url + sender.batches_path, content=body, headers=sender.signature("POST", sender.batches_path, body)
        )
        kept = result(data, "quarantine")
        assert (kept["id"], kept["kind"], kept["reason"]) == (ticket.id, "ticket", "kiosk-revoked")
        assert run(data, "release").returncode == 2
        assert result(data, "release", ticket.id, "--json") == {"id": ticket.id, "released": True}
        assert run(data, "quarantine").stdout == ""
        assert result(data, "inbox")["id"] == ticket.id
        again = run(data, "release", ticket.id)
        assert (again.returncode, "applied already" in again.stderr) == (1, True)
        assert result(data, "release", "--kiosk", sender.kiosk, "--json") == {"kiosk": sender.kiosk, "released": 0}
        assert run(data, "quarantine", ticket.id).returncode == 2, "a reason is asked for"
        said = "its day is none"
        assert result(data, "quarantine", ticket.id, "--reason", said, "--json") == {
            "id": ticket.id,
            "quarantined": True,
        }
        assert run(data, "inbox").stdout == ""
        assert result(data, "quarantine")["reason"] == f"set-apart: {said}"
        again = run(data, "quarantine", ticket.id, "--reason", said)
        assert (again.returncode, "kept apart already" in again.stderr) == (1, True)
        assert result(data, "release", ticket.id, "--json") == {"id": ticket.id, "released": True}
