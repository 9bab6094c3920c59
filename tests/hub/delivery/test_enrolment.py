"""A disk that was a hub's: the same centre goes on with it, another one does not."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.errors import CannotBeDone
from common.protocol.feed_message import CentralKeyRecord
from hub.delivery.enrolment import Enrolment, enrol
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.delivery import enrolment as shared
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
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
