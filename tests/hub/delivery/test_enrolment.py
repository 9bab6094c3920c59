"""A disk that was a hub's: the same centre goes on with it, another one does not."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET
from structlog.testing import capture_logs

from common.machine.errors import CannotBeDone, NotEnrolled
from common.machine.stamp import Stamp
from common.protocol.envelope import EnrolmentAnswer, FormerPlace
from common.protocol.feed_message import CentralKeyRecord
from hub.delivery.certificate import own_certificate
from hub.delivery.enrolment import Enrolled, Enrolment, enrol, load_enrolment, own_key
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.delivery import enrolment as shared
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.delivery.connection.uplink import HubDescription
from offline_store.identity import CentralKey, Identity
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock

NOWHERE = "http://127.0.0.1:1"


def test_a_hub_s_disk_is_enrolled_for_no_other_centre_whose_people_its_log_would_call(tmp_path: Path) -> None:
    known = Enrolment(
        hub="hub-1", centre="homs-main", central=NOWHERE, term=5, sealing_key=CentralKeyRecord("a", "AAAA"),
        signing_keys=[],
    )  # fmt: skip
    shared.make_folder(tmp_path)
    shared.write_down(tmp_path, "hub-1", known, Ed25519PrivateKey.generate())
    for centre, refusal in (("homs-new", CannotBeDone), ("homs-main", DeliveryDeferred)):
        config = HubConfig(hub=HubSection(centre=centre, data_dir=str(tmp_path)), central=CentralSection(url=NOWHERE))
        with pytest.raises(refusal) as refused:
            enrol(config, NOWHERE, "ABCD" * 4, HandClock(), None)
        assert ("central revoke hub-1" in str(refused.value)) == (refusal is CannotBeDone)


SEALING, SIGNING = CentralKeyRecord("5ea1", "A" * 43 + "="), CentralKeyRecord("516e", "B" * 43 + "=")


class Central:
    """Central's part of an enrolment: what it answers, and what it was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: HandClock) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.answer: EnrolmentAnswer | Exception = EnrolmentAnswer("hub-7", "homs-main", 0, SEALING, [SIGNING], 1)
        self.clock = clock
        monkeypatch.setattr(shared, "introduce", self.introduce)

    def introduce(self, *given: Any) -> tuple[EnrolmentAnswer, Stamp]:
        self.told.append(given)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer, self.clock.now()


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> Central:
    return Central(monkeypatch, HandClock())


def settings(folder: Path, address: str = "http://127.0.0.1:8090") -> HubConfig:
    hub = HubSection(centre="homs-main", data_dir=str(folder / "hub"), address=address)
    return HubConfig(hub=hub, central=CentralSection(url=NOWHERE))


def role_of(folder: Path, identity: Identity, clock: HandClock) -> tuple[str, int]:
    with open_store_in(folder / "hub", identity, stamp=clock.now(), machine="m" * 64) as store, store.read() as found:
        row = found.exec_driver_sql("SELECT role, term FROM hub_state").one()
    return row.role, row.term


@pytest.mark.parametrize(("term", "role"), [(1, "leading"), (0, "following"), (UNSET, "following")])
def test_a_hub_is_who_central_says_and_the_first_of_a_centre_leads(
    tmp_path: Path, central: Central, term: Any, role: str
) -> None:
    config = settings(tmp_path)
    central.answer = EnrolmentAnswer("hub-7", "homs-main", 0, SEALING, [SIGNING], term)
    with capture_logs() as logs:
        assert enrol(config, NOWHERE, "ABCD" * 4, central.clock, "m" * 64) == Enrolled("hub-7", "homs-main", term or 0)
    known = load_enrolment(config.data_dir)
    assert known == Enrolment(
        hub="hub-7", centre="homs-main", central=NOWHERE, term=term or 0, sealing_key=SEALING, signing_keys=[SIGNING]
    )
    assert known.identity == Identity(
        "hub-7", "homs-main", 0,
        (CentralKey("5ea1", "sealing", "A" * 43 + "="), CentralKey("516e", "signing", "B" * 43 + "=")),
    )  # fmt: skip
    key = own_key(config.data_dir)
    ((url, code, told_key, ca_file, clock, description, former),) = central.told
    assert (url, code, ca_file, clock, description, former) == (
        NOWHERE, "ABCD" * 4, None, central.clock, HubDescription("http://127.0.0.1:8090"), None,
    )  # fmt: skip
    assert told_key.private_bytes_raw() == key.private_bytes_raw()
    assert role_of(tmp_path, known.identity, central.clock) == (role, term or 0)
    enrolled = {"event": "enrolled", "log_level": "info", "hub": "hub-7", "centre": "homs-main", "term": term or 0}
    assert enrolled in logs


def test_enrolled_again_it_names_its_former_place_and_keeps_its_key(tmp_path: Path, central: Central) -> None:
    config = settings(tmp_path)
    enrol(config, NOWHERE, "ABCD" * 4, central.clock, "m" * 64)
    key = own_key(config.data_dir).private_bytes_raw()
    enrol(config, NOWHERE, "EFGH" * 4, central.clock, "m" * 64)
    assert own_key(config.data_dir).private_bytes_raw() == key
    assert [one[6] for one in central.told] == [None, FormerPlace("hub-7", 0)]


def test_over_tls_it_says_its_certificate(tmp_path: Path, central: Central) -> None:
    config = settings(tmp_path, "https://10.0.0.5:8090")
    enrol(config, NOWHERE, "ABCD" * 4, central.clock, "m" * 64)
    made = own_certificate(config)
    assert central.told[0][5] == HubDescription("https://10.0.0.5:8090", made.sha256, made.public_key)


def test_what_central_refuses_or_says_of_another_centre_is_told_and_nothing_kept(
    tmp_path: Path, central: Central
) -> None:
    config = settings(tmp_path)
    aside = f"this hub was revoked, and no other hub goes on with what it has written: put {config.data_dir} aside"
    refusals: list[tuple[EnrolmentAnswer | Exception, str]] = [
        (DeliveryRejected("bad-code", "no such code"), "the hub was not enrolled: no such code"),
        (DeliveryRejected("refused", "new keys", "key-revoked"), aside),
        (ValueError("no https"), "no https"),
        (EnrolmentAnswer("hub-7", "homs-new", 0, SEALING, [SIGNING], 1), 'the code is for centre "homs-new"'),
    ]
    for answer, said in refusals:
        central.answer = answer
        with pytest.raises(CannotBeDone) as refused:
            enrol(config, NOWHERE, "ABCD" * 4, central.clock, "m" * 64)
        assert str(refused.value).startswith(said)
    with pytest.raises(CannotBeDone, match="the code is 16 letters and digits"):
        enrol(config, NOWHERE, "", central.clock, "m" * 64)
    with pytest.raises(NotEnrolled, match="this hub is not enrolled: run `hub enrol` with a code from central"):
        load_enrolment(config.data_dir)
    assert len({one[2].private_bytes_raw() for one in central.told}) == 1, "a lost answer is asked for again"


def test_a_lost_key_is_said(tmp_path: Path, central: Central) -> None:
    config = settings(tmp_path)
    enrol(config, NOWHERE, "ABCD" * 4, central.clock, "m" * 64)
    for one in (config.data_dir / "keys").iterdir():
        one.unlink()
    with pytest.raises(NotEnrolled, match="this hub's key is lost: run `hub enrol` with a new code from central"):
        own_key(config.data_dir)
