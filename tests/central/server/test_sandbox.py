"""A sandbox: its time goes ahead and never back, nobody in service believes it, and every page says what it is."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from central.base import clock
from central.server.api import sandbox as api
from common.protocol.codes.claim_code import read_claim_code
from common.protocol.codes.issued import Forged, Genuine, IssuerKey
from demo.centre import CENTRE, SEATS
from tests.hub.commands.processes import Central, run, running

SERVICE = "civil-affairs"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Central]:
    folder = tmp_path_factory.mktemp("sandbox")
    words = ("central", "sandbox", "--data", str(folder / "data"), "--port", "0", "--json")
    with running(*words, log=folder / "log") as process:
        said = json.loads(process.first_line)  # type: ignore[attr-defined]
        assert said["sandbox"] is True
        yield Central(folder / "data", said["url"])


def now_there(there: Central) -> datetime:
    return datetime.fromisoformat(httpx2.get(f"{there.url}/sandbox/time").json()["time"])


def claimed(there: Central, who: str) -> dict[str, Any]:
    there.command("publish", "seats", "-", stdin=json.dumps({"centre": CENTRE, "rules": {}, "plan": SEATS}))
    token = json.loads(there.command("system", "give", f"app-{who}", "--may", "claims"))["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    asked = {"centre": CENTRE, "service": SERVICE}
    seats = httpx2.get(f"{there.url}/v1/seats", params=asked, headers=bearer).json()["seats"]
    made: dict[str, Any] = httpx2.post(
        f"{there.url}/v1/claims", json=asked | {"at": seats[0]["at"], "who": who}, headers=bearer
    ).json()
    return made


def test_its_clock_goes_ahead_for_commands_too_and_never_back(there: Central) -> None:
    before = now_there(there)
    moved = httpx2.put(f"{there.url}/sandbox/time", json={"ahead_s": 86_400})
    assert moved.status_code == 200
    assert timedelta(days=1) <= now_there(there) - before < timedelta(days=1, minutes=5)
    said = datetime.fromisoformat(json.loads(there.command("time", "--json"))["time"])
    assert abs(said - now_there(there)) < timedelta(minutes=1), "a command has the same time"
    for wish in ({"to": "2026-01-01T10:00"}, {"ahead_s": -1}, {"ahead_s": 10**9}, {"ahead_s": 10**30}, {"to": "soon"},
                 {}, {"to": "2030-01-01T10:00", "ahead_s": 1}):  # fmt: skip
        refused = httpx2.put(f"{there.url}/sandbox/time", json=wish)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), wish
    assert now_there(there) - before < timedelta(days=1, minutes=5)


def test_kiosks_are_told_the_time_that_it_was_moved_to(there: Central) -> None:
    httpx2.put(f"{there.url}/sandbox/time", json={"ahead_s": 3 * 86_400}).raise_for_status()
    told = httpx2.get(f"{there.url}/v1/time", params={"nonce": "x"})
    assert told.status_code == 200, "a clock that was moved by hand needs nobody's word"
    assert abs(datetime.fromisoformat(told.json()["time"]) - now_there(there)) < timedelta(minutes=1)


def test_its_claims_are_believed_by_nobody_in_service(there: Central) -> None:
    code = claimed(there, "a")["code"]
    with closing(sqlite3.connect(there.data / "central.db")) as database:
        (body,) = database.execute("SELECT body FROM feed WHERE kind = 'claim-key'").fetchone()
    told = json.loads(body)
    kid, public = bytes.fromhex(told["kid"]), base64.b64decode(told["public_key"])
    assert told["issuer"] == "sandbox"
    assert isinstance(read_claim_code(code, keys={kid: IssuerKey(kid, public, issuer="sandbox")}), Genuine)
    assert read_claim_code(code, keys={kid: IssuerKey(kid, public)}) == Forged("issuer"), "even where its key is known"
    assert read_claim_code(code, keys={}) == Forged("issuer"), "and nobody is sent to the hub with it"


@pytest.mark.parametrize("path", ["/centres", "/centres/homs-main", "/offices/login", "/t/" + "0" * 32])
def test_every_page_says_what_it_is(there: Central, path: str) -> None:
    assert api.NOTE in httpx2.get(there.url + path).text


def test_what_is_no_page_stays_as_it_is(there: Central) -> None:
    assert "centres" in httpx2.get(f"{there.url}/v1/centres").json()


def test_a_central_in_service_serves_no_sandbox_and_a_sandbox_no_database_in_service(
    there: Central, tmp_path: Path
) -> None:
    assert "is a sandbox" in run("central", "serve", "--port", "0", "--data", str(there.data), expect=1)
    in_service = str(tmp_path / "central")
    with running("central", "serve", "--port", "0", "--json", "--data", in_service, log=tmp_path / "log") as process:
        url = json.loads(process.first_line)["url"]  # type: ignore[attr-defined]
        code = json.loads(run("central", "enrolment-code", "--centre", CENTRE, "--data", in_service))["code"]
        folder = tmp_path / "kiosk"
        folder.mkdir()
        (folder / "kiosk.toml").write_text(
            f'[kiosk]\ncentre = "{CENTRE}"\ndata_dir = "var"\n[central]\nurl = "{url}"\n'
        )
        run("kiosk", "enrol", "--central", url, "--code", code, "--config", str(folder / "kiosk.toml"))
        assert httpx2.get(f"{url}/sandbox/time").status_code == 404
        assert api.NOTE not in httpx2.get(f"{url}/centres").text
    assert "one in service" in run("central", "sandbox", "--port", "0", "--data", in_service, expect=1)


def test_a_central_in_service_has_the_true_time() -> None:
    assert clock.sandbox_ahead is None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
