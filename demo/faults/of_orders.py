"""Order codes that the kiosk does not simply accept: one for each other outcome."""

from datetime import UTC, datetime

import base45

from demo.faults.fault import Fault
from demo.town import Act, Town

PREFIX = "SY1:"
_KID = b"\x04\x42"  # label 4 (kid), then a byte string of two (RFC 9052, 3.1)


def _minted(*options: str, service: str = "state-employees") -> Act:
    """Have the citizen bring a code minted with these options of `central order-code`."""

    def bring(town: Town) -> None:
        town.codes = [town.order_code(*options, service=service)]

    return bring


def _in_state(state: str) -> Act:
    """Have central say of the citizen's order that it is in this state."""

    def bring(town: Town) -> None:
        order = town.order()
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        town.publish("order-state", {"order": order["order"], "state": state, "at": now})
        town.codes = [order["code"]]

    return bring


def changed(code: str, *, kid: bool) -> str:
    """Return the code with its signature's last bit flipped, or signed by a key that nobody knows."""
    raw = bytearray(base45.b45decode(code.removeprefix(PREFIX)))
    place = raw.index(_KID) + len(_KID) if kid else len(raw) - 1
    raw[place] ^= 1
    encoded: bytes = base45.b45encode(bytes(raw))
    return PREFIX + encoded.decode("ascii")


def _forge(town: Town) -> None:
    town.codes = [changed(town.codes[0], kid=False)]


def _sign_unknown(town: Town) -> None:
    town.codes = [changed(town.codes[0], kid=True)]


def _hold_something_else(town: Town) -> None:
    town.codes = ["https://example.org/menu", *town.codes]


def _hold_twice(town: Town) -> None:
    town.codes = town.codes * 2


FAULTS: dict[str, Fault] = {
    "order.unreadable": Fault(publish=_hold_something_else),
    "order.forged": Fault(publish=_forge),
    "order.unverified": Fault(publish=_sign_unknown),
    "order.unpaid": Fault(publish=_minted("--unpaid")),
    "order.expired": Fault(publish=_minted("--expires-in", "-3600")),
    "order.other-centre": Fault(publish=_minted("--centre", "homs-new")),
    "order.unknown-service": Fault(publish=_minted(service="no-such-service")),
    "order.repeated": Fault(publish=_hold_twice),
    "order.ready": Fault(publish=_in_state("ready")),
    "order.collected": Fault(publish=_in_state("collected")),
    "order.in-progress": Fault(publish=_in_state("in_progress")),
    "order.by-post": Fault(publish=_in_state("by_post")),
}
