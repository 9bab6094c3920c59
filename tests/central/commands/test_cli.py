"""The commands as an operator runs them: what is printed, where, and with which exit status."""

import getpass
import json
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from central.server import console
from common.protocol.envelope import Batch, EnrolmentAnswer
from common.protocol.export_part import sign_export_part
from tests.kit.loaded_commands import COMMANDS
from tests.kit.sender import Sender

CENTRAL = [sys.executable, "-c", "from central.commands.cli import main; main()"]


def run(data: Path, *arguments: str, text: str = "", fresh: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end; `fresh` starts it as an operator does, without what was loaded for others."""
    words = [*arguments, *([] if "--data" in arguments else ["--data", str(data)])]
    if not fresh:
        return COMMANDS.run("central", *words, given=text, timeout_s=50)
    return subprocess.run([*CENTRAL, *words], input=text, capture_output=True, text=True, timeout=50, check=False)


def result(data: Path, *arguments: str, text: str = "", fresh: bool = False) -> dict[str, Any]:
    done = run(data, *arguments, text=text, fresh=fresh)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    parsed: dict[str, Any] = json.loads(line)
    return parsed


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('time_zone = "Nowhere"', 'time_zone is "Nowhere"; right would be one such as'),
        (
            'colours = { primary = "#7A9BD6" }',
            "primary #7A9BD6 on ground #F6F2E9 has a contrast of 2.5:1; right would be",
        ),
    ],
)
def test_a_brand_that_cannot_be_used_is_named(data: Path, tmp_path: Path, line: str, named: str) -> None:
    own = tmp_path / "brand.toml"
    own.write_text(f"{line}\n", encoding="utf-8")
    command = [*CENTRAL, "--brand", str(own), "kiosks", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--brand: {own}: " in done.stderr
    assert named in done.stderr


def test_a_command_has_the_environment_of_its_own_call(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("CENTRAL_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
        assert "cannot be reached" in run(data, "kiosks").stderr
    assert run(data, "kiosks").returncode == 0


def log_of(data: Path) -> Path:
    """What the server of these data has logged."""
    return data.with_name(f"{data.name}.log")


@contextmanager
def served(data: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    command = [*CENTRAL, "serve", "--port", "0", "--json", "--data", str(data), *options]
    data.parent.mkdir(parents=True, exist_ok=True)
    with log_of(data).open("ab") as log:  # a pipe that nobody reads would hold the server up once it is full
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"], server
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)


def enrol(url: str, code: str) -> Sender:
    sender = Sender("", url)
    body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
    headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
    answer = httpx2.post(f"{url}/v1/enrolments", content=body, headers=headers | {"Content-Type": "application/json"})
    sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
    return sender


def test_a_fresh_folder_serves_enrols_receives_and_ends_on_sigterm(data: Path) -> None:
    with served(data) as (url, server):
        code = result(data, "enrolment-code", "--centre", "homs-main")["code"]
        assert len(code) == 16
        sender = enrol(url, code)
        tickets = [sender.ticket() for _ in range(3)]
        body = sender.batch(tickets)
        answer = httpx2.post(
            url + sender.batches_path, content=body, headers=sender.signature("POST", sender.batches_path, body)
        )
        assert answer.json()["acked_through"] == 3
        lines = [json.loads(line) for line in run(data, "inbox").stdout.splitlines()]
        assert lines == [{"id": item.id, "kiosk": sender.kiosk, "kind": "ticket", "seq": item.seq} for item in tickets]
        some = run(data, "inbox", "--after", "1", "--kiosk", sender.kiosk).stdout.splitlines()
        assert [(json.loads(line)["arrival"], json.loads(line)["id"]) for line in some] == [
            (number, item.id) for number, item in enumerate(tickets[1:], 2)
        ]
        assert run(data, "inbox", "--kiosk", "kiosk-of-nobody").stdout == ""
        assert run(data, "revoke", sender.kiosk).returncode == 0
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
        assert server.returncode == 0
        lines = log_of(data).read_text().splitlines()
        assert [json.loads(line)["level"] for line in lines] == ["info"] * len(lines)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*") if path.is_file()}
    assert modes == {0o600}


@pytest.mark.proof
def test_every_command_serves_a_postgresql_too(data: Path, postgres_url: str, tmp_path: Path) -> None:
    """Each of them is started again here, as an operator does."""
    where = ("--database", postgres_url)
    started, answered = partial(run, data, fresh=True), partial(result, data, fresh=True)
    early = started("serve", "--port", "0", *where)
    assert (early.returncode, early.stdout) == (1, "")
    assert "run `central migrate`" in early.stderr
    assert answered("migrate", "--json", *where) == {"migrated": True}
    with served(data, *where) as (url, _):
        sender = enrol(url, answered("enrolment-code", "--centre", "homs-main", *where)["code"])
        ticket = sender.ticket()
        body = sender.batch([ticket, sender.ticket()])
        signature = sender.signature("POST", sender.batches_path, body)
        assert httpx2.post(url + sender.batches_path, content=body, headers=signature).status_code == 200
        odd = sender.batch([sender.rehashed(ticket, wall_time="2027")])
        signature = sender.signature("POST", sender.batches_path, odd)
        assert httpx2.post(url + sender.batches_path, content=odd, headers=signature).status_code == 200
    lines = [json.loads(line) for line in started("inbox", *where).stdout.splitlines()]
    assert [(line["id"], line["seq"]) for line in lines] == [(ticket.id, 1), (lines[1]["id"], 2)]
    assert answered("findings", *where)["code"] == "id-taken"
    known = answered("kiosks", *where)
    assert (known["kiosk"], known["centre"], known["digit"]) == (sender.kiosk, "homs-main", 1)
    assert (known["revoked_at"], known["reported_at"], known["health"]) == (None, None, None)
    assert set(answered("order-code", "--service", "civil-affairs", *where)) == {"code", "order"}
    assert set(answered("technician", "سامر", "--centre", "homs-main", "--role", "manager", *where)) == {"pin"}
    assert answered("publish", "settings", "-", "--json", *where, text="{}")["kind"] == "settings"
    stick = tmp_path / "export"
    stick.write_bytes(sign_export_part(sender.kiosk, 0, True, Batch([sender.ticket()]), sender.key))
    assert answered("import", str(stick), "--json", *where) == {"applied": 1}
    assert answered("revoke", sender.kiosk, "--json", *where)["revoked"] is True
    assert started("quarantine", *where).stdout == ""
    assert answered("release", "--kiosk", sender.kiosk, "--json", *where)["released"] == 0


def test_targets_are_checked_against_the_public_url(data: Path) -> None:
    with served(data, "--public-url", "https://central.example/kiosks/") as (url, _):
        code = result(data, "enrolment-code", "--centre", "homs-main")["code"]
        sender = Sender("", "https://central.example/kiosks")
        body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
        statuses = []
        for known_as in (url, "https://central.example/kiosks"):
            sender.url = known_as
            headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
            headers["Content-Type"] = "application/json"
            statuses.append(httpx2.post(f"{url}/v1/enrolments", content=body, headers=headers).status_code)
        assert statuses == [401, 200]
        refused = run(data, "order-code", "--service", "civil-affairs")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "only by a central on loopback" in refused.stderr


def test_an_order_code_brings_its_demo_key_into_the_feed_once(data: Path) -> None:
    first = result(data, "order-code", "--service", "civil-affairs", "--sealed", "ليلى")
    second = result(data, "order-code", "--service", "plan-copy", "--unpaid", "--post", "--expires-in", "-5")
    assert first["code"].startswith("SY1:")
    assert {len(first["order"]), len(second["order"])} == {32}
    number = result(data, "publish", "settings", "-", "--json", text='{"kiosk.help_call": true}')["id"]
    assert number == 2  # the demo key was the first message, and came once


def test_a_pin_is_shown_once_and_has_eight_digits(data: Path) -> None:
    pin = result(data, "technician", "سامر", "--centre", "homs-main", "--role", "technician")["pin"]
    assert len(pin) == 8
    assert pin.isdigit()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["enrolment-code"], 2, "--centre"),
        (["enrolment-code", "--centre", "Homs Main"], 1, "expected a centre's code"),
        (["publish", "news", "-"], 2, "news"),
        (["publish", "settings", "/no/such/file"], 1, "/no/such/file: No such file"),
        (["publish", "settings", "-"], 1, "not JSON"),
        (["revoke", "kiosk-0"], 1, "nothing called 'kiosk-0' is enrolled here"),
        (["technician", "", "--centre", "homs-main", "--role", "manager"], 1, "NAME"),
        (["technician", "A", "--centre", "homs-main", "--role", "king"], 2, "king"),
        (["inbox", "--database", "mysql://somewhere"], 2, "expected postgresql://"),
        (["inbox", "--database", "postgresql://a:secret@127.0.0.1:1/b"], 1, "database cannot be reached"),
        (["inbox", "--database", "postgresql://a@127.0.0.1/b?timeout=x"], 2, "expected whole seconds"),
        (["inbox", "--database", "postgresql://a@127.0.0.1/b?foo=1"], 2, "found the option 'foo'"),
        (["import", "/no/such/file"], 1, "/no/such/file"),
        (["serve", "--host", "192.0.2.1", "--port", "0"], 1, "cannot listen on 192.0.2.1"),
        (["serve", "--host", "\udcff", "--port", "0"], 1, "a word of the command is not UTF-8 text"),
        (["revoke", "\udcff"], 1, "not UTF-8"),
        (["order-code", "--service", ""], 1, "--service: found ''"),
        (["order-code", "--service", "plan-copy", "--centre", "homs main"], 1, "--centre: found 'homs main'"),
        (["inbox", "--data", "/dev/null/x"], 1, "/dev/null/x: Not a directory"),
        (["serve", "--public-url", "central"], 2, "--public-url: found 'central'"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_a_sentence_and_an_exit_status(
    data: Path, arguments: list[str], status: int, said: str
) -> None:
    done = run(data, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_database_of_a_newer_central_and_a_lost_key_folder_are_named(data: Path) -> None:
    assert run(data, "migrate").returncode == 0
    for key in (data / "keys").iterdir():
        key.rename(data / key.name)
    lost = run(data, "serve", "--port", "0")
    assert (lost.returncode, "wrapping.key is missing: copy it" in lost.stderr) == (1, True)
    with sqlite3.connect(data / "central.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (uuid.uuid4().hex,))
    connection.close()
    newer = run(data, "migrate")
    assert (newer.returncode, "newer central" in newer.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "streams", "said"),
    [
        (["enrolment-code", "--centre", "homs-main"], ">&-", "standard output is closed"),
        (["enrolment-code", "--centre", "homs-main"], ">/dev/full", "standard output can't be written"),
        (["publish", "settings", "-"], "<&-", "not JSON"),
    ],
)
def test_closed_and_full_streams_end_in_a_sentence(data: Path, words: list[str], streams: str, said: str) -> None:
    shell = ["bash", "-c", f'"$@" {streams}', "bash", *CENTRAL, *words, "--data", str(data)]
    done = subprocess.run(shell, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_server_does_not_listen_everywhere_by_an_empty_host(data: Path) -> None:
    done = run(data, "serve", "--host", "", "--port", "0")
    assert done.returncode == 2
    assert "--host" in done.stderr


def test_a_database_that_takes_the_connection_and_says_nothing_is_waited_for_in_seconds(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        done = run(data, "kiosks", "--database", f"postgresql://central@127.0.0.1:{port}/central")
        quick = run(data, "kiosks", "--database", f"postgresql://central@127.0.0.1:{port}/central?timeout=1")
    for one in (done, quick):
        assert (one.returncode, one.stdout) == (1, "")
        assert "the database cannot be reached" in one.stderr


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "pdf"])
def test_a_months_report_is_written_in_each_format(data: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"report.{form}"
    where = ("--centre", "homs-main", "--month", "2026-11", "--format", form, "--out", str(out), "--json")
    assert result(data, "report", *where) == {"file": str(out), "issued": 0}
    assert out.stat().st_size > 500


def test_a_report_of_no_centre_or_into_no_folder_is_refused_with_a_sentence(data: Path, tmp_path: Path) -> None:
    wanted = ("--month", "2026-11", "--format", "csv")
    stranger = run(data, "report", "--centre", "nowhere", *wanted, "--out", str(tmp_path / "x"))
    assert (stranger.returncode, "there is no centre 'nowhere'" in stranger.stderr) == (2, True)
    lost = run(data, "report", "--centre", "homs-main", *wanted, "--out", str(tmp_path / "no" / "x"))
    assert (lost.returncode, "can't be written" in lost.stderr) == (1, True)
    odd = run(data, "report", "--centre", "homs-main", "--month", "2026-14", "--out", str(tmp_path / "x"))
    assert (odd.returncode, "expected a month such as" in odd.stderr) == (2, True)


def test_a_file_that_centrals_user_may_not_read_says_where_to_put_it() -> None:
    said = console._todo(PermissionError(13, "Permission denied", "/srv/hours.json"))
    assert getpass.getuser() in said
    assert "/tmp" in said
    assert console._todo(FileNotFoundError(2, "No such file", "/srv/hours.json")) == ""
