"""The hub's doctor: one check that falls costs its own finding, and none of the others."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.doctor.finding import Verdict, ok, problem, warning
from common.machine.errors import CannotBeDone
from common.protocol.feed_message import CentralKeyRecord, HubRecord
from hub.delivery.enrolment import Enrolment, enrol
from hub.doctor import examination
from hub.settings import CentralSection, HubConfig, HubSection
from hub.takeover.peers import PeerSilent
from offline_store.delivery import enrolment as shared
from tests.kit.clock import HandClock

NOWHERE = "http://127.0.0.1:1"


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[object] = []
    monkeypatch.setattr(examination, "_log", SimpleNamespace(error=lambda *said, **how: noted.append((said, how))))
    config = tmp_path / "hub.toml"
    config.write_text('[hub]\ncentre = "homs-main"\n[central]\nurl = "http://127.0.0.1:1"\n')

    def falls(_: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examination, "_check_disk", falls)
    found = list(examination.examine(config))
    assert [one.check for one in found][:3] == ["settings", "disk", "identity"]
    assert "can't be looked at (ZeroDivisionError)" in found[1].line
    assert found[1].is_bad
    assert noted == [(("check-failed",), {"check": "disk", "problem": "ZeroDivisionError"})]


@pytest.mark.parametrize("has_key", [True, False])
def test_a_disk_of_another_centre_is_told_no_code_which_enrolment_refuses(tmp_path: Path, has_key: bool) -> None:
    own = Enrolment(
        hub="hub-1", centre="homs-new", central=NOWHERE, term=1, sealing_key=CentralKeyRecord("a", "AAAA"),
        signing_keys=[],
    )  # fmt: skip
    shared.make_folder(tmp_path)
    shared.write_down(tmp_path, "hub-1", own, Ed25519PrivateKey.generate())
    if not has_key:
        for key in (tmp_path / "keys").iterdir():
            key.unlink()
    config = HubConfig(hub=HubSection(centre="homs-main", data_dir=str(tmp_path)), central=CentralSection(url=NOWHERE))
    found = next(examination._check_identity(config))
    assert found.is_bad
    assert 'hub.centre = "homs-new"' in found.line
    assert "put data_dir aside" in found.line
    with pytest.raises(CannotBeDone, match=r"put .* aside and enrol as a new hub"):
        enrol(config, NOWHERE, "ABCD" * 4, HandClock(), None)


@pytest.mark.parametrize("has_key", [True, False])
def test_a_hub_of_this_centre_is_itself_as_long_as_it_has_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_key: bool
) -> None:
    own = SimpleNamespace(hub="hub-1", centre="homs-main")
    monkeypatch.setattr(examination, "load_enrolment", lambda _: own)
    monkeypatch.setattr(examination, "signing_key", lambda *_: "key" if has_key else None)
    config = HubConfig(
        hub=HubSection(centre="homs-main", data_dir=str(tmp_path), address="http://127.0.0.1:8090"),
        central=CentralSection(url=NOWHERE),
    )
    identity, address = examination._check_identity(config)
    lost = problem("identity", "the key of hub-1 is lost", "hub enrol with a new code; central revokes the old")
    assert identity == (ok("identity", "hub-1 of homs-main") if has_key else lost)
    assert address == warning(
        "address", "http://127.0.0.1:8090 serves this machine alone", "https with this machine's address"
    )


@pytest.mark.parametrize("leads", [True, False])
def test_of_a_silent_hub_its_service_is_named_which_runs_it_in_either_role(
    leads: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = HubRecord("hub-2", "https://10.0.0.6:8090", "key")
    look = SimpleNamespace(
        centre=SimpleNamespace(hubs={"hub-2": record}), hub_id="hub-1", role="leading" if leads else "following", term=3
    )
    parts: Any = SimpleNamespace(
        hub=SimpleNamespace(read=lambda: nullcontext(look)), config=SimpleNamespace(data_dir=tmp_path)
    )
    monkeypatch.setattr(examination, "signing_key", lambda *_: "key")

    class Silent:
        def __init__(self, *_: object) -> None: ...

        def statement(self) -> None:
            raise PeerSilent("hub-2 is silent")

        def close(self) -> None: ...

    monkeypatch.setattr(examination, "Peer", Silent)
    said = [one.line for one in examination._check_others(parts) if one.check == "other hub"]
    assert len(said) == 1
    assert "hub.service on https://10.0.0.6:8090" in said[0]
    assert "hub follow" not in said[0]


@pytest.mark.parametrize(
    ("told", "said"),
    [("https://10.0.0.5:8090", Verdict.OK), ("https://10.0.0.9:8090", Verdict.PROBLEM), (None, Verdict.SKIPPED)],
)
def test_settings_with_another_machines_address_are_a_problem(told: str | None, said: Verdict) -> None:
    hubs = {} if told is None else {"hub-1": HubRecord("hub-1", told, "key")}
    look = SimpleNamespace(centre=SimpleNamespace(hubs=hubs), hub_id="hub-1")
    parts: Any = SimpleNamespace(
        hub=SimpleNamespace(read=lambda: nullcontext(look)), config=SimpleNamespace(address="https://10.0.0.5:8090/")
    )
    found = examination._check_address(parts)
    assert found.verdict is said
    assert found.verdict is not Verdict.PROBLEM or "https://10.0.0.9:8090" in found.found
