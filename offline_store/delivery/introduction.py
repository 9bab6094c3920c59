"""The first word with central: a one-time code against an identity, and central's signed time with it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.stamp import Clock, Stamp
from common.protocol.envelope import EnrolmentAnswer, FormerPlace
from offline_store.delivery.connection.uplink import HttpUplink, HubDescription, public_keys


def introduce(
    url: str,
    code: str,
    key: Ed25519PrivateKey,
    ca_file: Path | None,
    clock: Clock,
    hub: HubDescription | None = None,
    former: FormerPlace | None = None,
) -> tuple[EnrolmentAnswer, Stamp]:
    """Enrol a key at central and take its time, signed by the keys that the enrolment gave.

    Raises:
        ValueError: the address is not https with a CA, nor http on loopback.
        DeliveryDeferred: central cannot be reached.
        DeliveryRejected: central refuses the code.
    """
    first = HttpUplink(url, kiosk="unenrolled", key=key, signing_keys=dict, ca_file=ca_file)
    try:
        answer = first.enrol(code, hub, former)
    finally:
        first.close()
    uplink = HttpUplink(
        url, kiosk=answer.kiosk, key=key, signing_keys=lambda: public_keys(answer.signing_keys), ca_file=ca_file
    )
    began = clock.boottime()
    moment = uplink.time()
    half_way_ns = int((began + clock.boottime()) / 2 * 1e9)
    return answer, Stamp(moment, half_way_ns, clock.now().boot_id, "synced")
