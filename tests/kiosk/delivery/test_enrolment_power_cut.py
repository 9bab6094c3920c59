"""Becoming another kiosk under power cuts, by record and replay: one whole identity with its key at every instant."""

import random
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import CentralKeyRecord
from kiosk.delivery.enrolment import Enrolment, load, signing_key
from kiosk.records import names
from offline_store.delivery import enrolment
from tests.kit.power_cut import record

OLD_KEY, NEW_KEY = bytes(range(32)), bytes(range(32, 64))
KEYS = {"kiosk-1": OLD_KEY, "kiosk-2": NEW_KEY}
_BECOMING = """
import sys
from pathlib import Path
from tests.kiosk.delivery.test_enrolment_power_cut import become
become(Path(sys.argv[1]), "kiosk-2")
print("enrolled", flush=True)
"""


def become(data: Path, kiosk: str) -> None:
    """Write down an identity as `kiosk enrol` does once central has answered."""
    found = Enrolment(
        kiosk=kiosk,
        centre="homs-main",
        digit=int(kiosk[-1]),
        central="http://127.0.0.1:9",
        sealing_key=CentralKeyRecord("0a0b0c0d", "AAAA"),
        signing_keys=[],
        first_pin_hash="none",
    )
    (data / names.KEYS).mkdir(exist_ok=True)
    enrolment.write_down(data, kiosk, found, Ed25519PrivateKey.from_private_bytes(KEYS[kiosk]))


@pytest.mark.usefixtures("power_cuts")
def test_a_cut_at_any_call_leaves_one_whole_identity_and_every_key_that_items_may_need(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    become(data, "kiosk-1")
    recording = record([sys.executable, "-c", _BECOMING, str(data)], data, tmp_path / "trace")
    assert recording.promises(len(recording.calls)) == ["enrolled"]
    found, chance = set(), random.Random(6)
    for cut in range(len(recording.calls) + 1):
        for again in range(8):
            folder = tmp_path / f"cut{cut}-{again}"
            folder.mkdir()
            recording.after_cut(cut, folder, chance)
            kiosk = load(folder).kiosk
            for name in {kiosk, "kiosk-1"}:  # what the former kiosk recorded is delivered under its own key
                key = signing_key(folder, name)
                assert key is not None, f"{name} has no key after call {cut}"
                assert key.private_bytes_raw() == KEYS[name], f"{name} has another's key after call {cut}"
            found.add((kiosk, bool(recording.promises(cut))))
    assert found == {("kiosk-1", False), ("kiosk-2", False), ("kiosk-2", True)}
