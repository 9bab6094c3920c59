"""The doctor says whether staff can be told at all."""

from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from common.machine.doctor.finding import Finding, Verdict, ok, problem
from common.messages.modem_note import FILE, ModemSaid
from common.messages.settings import HttpSection, ModemSection
from hub.doctor import messages as doctor
from hub.opened import OpenHub
from hub.settings import HubSection
from tests.hub.hall import open_hall
from tests.hub.messages.conftest import CONFIG, KEY, Desk, name_staff


def test_no_channel_nobody_named_a_list_that_does_not_open_and_all_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    hall = open_hall(tmp_path / "hub")
    monkeypatch.setattr(doctor, "own_key", lambda _folder: KEY)
    token = tmp_path / "token"
    token.write_text("x")
    token.chmod(0o600)

    def look(**sections: Any) -> Finding:
        config = msgspec.structs.replace(CONFIG, **sections)
        return doctor.check_messages(OpenHub(hall.hub, config, cast("Any", hall.clock)))

    http = HttpSection(url="http://127.0.0.1:1/", token_file=str(token))
    assert (look().verdict, "no channel" in look().found) == (Verdict.WARNING, True)
    assert look(channels={"pigeon": {}}).verdict is Verdict.PROBLEM  # nothing installed carries it
    assert "nobody" in look(http=http).found
    name_staff(hall, key=Ed25519PrivateKey.generate())
    assert look(http=http).verdict is Verdict.PROBLEM
    name_staff(hall)
    assert look(http=http) == ok("messages", "2 of the staff are told by http")
    token.chmod(0o644)
    assert look(http=http).verdict is Verdict.PROBLEM
    hall.hub.store.close()


def test_texts_that_took_nothing_are_counted_there(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "own_key", lambda _folder: KEY)
    token = tmp_path / "token"
    token.write_text("x")
    token.chmod(0o600)
    desk.hears("hello")
    http = HttpSection(url="http://127.0.0.1:1/", token_file=str(token))
    config = msgspec.structs.replace(CONFIG, http=http)
    found = doctor.check_messages(OpenHub(desk.hall.hub, config, cast("Any", desk.hall.clock)))
    assert found.found.endswith("; 1 texts that came in took no alarm")


@pytest.mark.parametrize(
    ("heard", "is_like"),
    [
        ({"device": "Offline", "detail": "no answer"}, "Offline, SIM Ready, no answer"),
        ({"is_registered": False}, "Online, SIM Ready"),
        ({}, None),
    ],
)
def test_a_modem_that_could_not_send_is_named_with_what_it_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, heard: dict[str, Any], is_like: str | None
) -> None:
    monkeypatch.setattr(doctor, "own_key", lambda _folder: KEY)
    monkeypatch.setattr(doctor, "check_channels", lambda _settings: None)
    well = {"at": "2026-11-25T09:00:00Z", "device": "Online", "sim": "Ready", "operator": "x", "is_registered": True}
    (tmp_path / FILE).write_bytes(msgspec.json.encode(well | heard))
    hub = HubSection(centre="homs-main", data_dir=str(tmp_path))
    config = msgspec.structs.replace(CONFIG, hub=hub, modem=ModemSection(port="/dev/ttyUSB0"))
    found = doctor.check_messages(OpenHub(desk.hall.hub, config, cast("Any", desk.hall.clock)))
    well_said = ok("messages", "2 of the staff are told by modem")
    sentence = f"the modem could not send at 2026-11-25T09:00:00Z: {is_like}"
    todo = "antenna, SIM, credit and cable; then hub modem"
    assert found == (well_said if is_like is None else problem("messages", sentence, todo))


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        (
            {"detail": "sim-pin-refused", "pin_tries_left": 2},
            "the card refused the PIN of pin_file; wrong PINs that the card takes yet: 2",
        ),
        (
            {"detail": "sim-pin", "pin_tries_left": 1},
            "the card asks for its PIN; wrong PINs that the card takes yet: 1",
        ),
        ({"detail": "sim-pin"}, "the card asks for its PIN"),
    ],
)
def test_a_card_that_waits_for_its_pin_is_named_with_what_it_takes_yet(heard: dict[str, Any], sentence: str) -> None:
    said = ModemSaid("2026-11-25T09:00:00Z", "Hardware Error", "pin", "", False, **heard)
    found = doctor._is_not_well(said)
    assert found.found == f"no text goes out: {sentence} (at 2026-11-25T09:00:00Z)"
    assert "put the right PIN into pin_file" in found.todo
