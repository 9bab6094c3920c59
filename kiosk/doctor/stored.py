"""Whether the store is whole, its chain holds, and what in it waits for a technician."""

from collections.abc import Iterator

from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.errors import StoreError
from common.machine.stamp import Stamp
from offline_store.alarms import list_alarms
from offline_store.chain import audit
from offline_store.delivery import outbox
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.integrity import check_whole
from offline_store.feed.feed_keys import is_demo_key_known
from offline_store.identity import PRODUCT_UUID, machine_hash
from offline_store.issuing.business_day import current_day
from offline_store.issuing.far_day import due_by_clock, waiting_day

_ADVICE = {
    "machine-changed": "enrol this kiosk again: kiosk enrol --central URL --code CODE",
    "store-salvaged": "the damaged file is kept in data_dir; check the disk (smartctl -a), tell central's operator",
    "dead-letters": "kiosk outbox dead says why; a conflict means a copied or restored disk: enrol again",
    "central-refuses-kiosk": "ask central's operator whether this kiosk was revoked",
    "central-slow": "the line or central is very slow: ask the provider; records go out in small parts",
    "central-not-verified": "central.ca_file and central.url; something in between may answer in its place",
    "hub-certificate-expired": "on the hub: hub doctor; central renews it by the hub's feed",
    "hub-refuses-day": "this kiosk's day lies ahead of the hub's: look at its clock and time server (timedatectl)",
    "hub-refuses-numbers": "the hub lacks the service or this kiosk's digit: its feed (hub status), then this kiosk's",
    "items-held-back": "kiosk outbox list; central takes the rest meanwhile",
    "feed-message-set-aside": "tell central's operator which message it is",
    "feed-went-back": "central's database was set back: tell its operator",
    "central-time-refused": "tell central's operator: its clock is far from the last time that it signed",
    "day-waits": "a manager opens it at the technician's screen, or central by its next signed time",
    "ntp-refused": "the time server of this machine is wrong or forged: see /etc/chrony",
    "central-unreachable": "network of the centre; everything is kept meanwhile",
}


def check_store(store: Store, stamp: Stamp) -> Iterator[Finding]:
    """Look at the open store, the whole of it; `stamp` is now."""
    try:
        damage = check_whole(store)
        if damage:
            yield problem(
                "store", f"damaged: {damage[0]}", "restart the kiosk: it salvages what reads; then check the disk"
            )
        else:
            yield ok("store", f"whole, epoch {store.epoch[:8]}")
        faults = audit.verify_chain(store)
        if faults:
            some = "; ".join(str(fault) for fault in faults[:3])
            yield problem(
                "chain", f"{len(faults)} places do not hold: {some}", "tell central's operator; keep the disk as it is"
            )
        else:
            yield ok("chain", "every item follows the one before")
        yield from _check_content(store, stamp)
    except StoreError as error:
        yield problem("store", str(error), "free space, mount and disk of data_dir")


def _check_content(store: Store, stamp: Stamp) -> Iterator[Finding]:
    with store.read() as connection:
        waiting, dead = outbox.count_waiting(connection), outbox.count_dead(connection)
        day = current_day(connection)
        kept = connection.execute(tables.store.select()).one()
        is_demo = is_demo_key_known(connection)
        due = due_by_clock(connection, stamp, kept.floor_us, None if day is None else day.date)
        waits = waiting_day(connection, stamp)
    if kept.tickets_closed:
        yield problem(
            "tickets",
            f"closed ({kept.tickets_closed})",
            "enrol this kiosk again: kiosk enrol --central URL --code CODE",
        )
    if waits is not None:
        yield warning("business day", f"{waits} is too far ahead for the clock alone", "central or a manager opens it")
    elif due is not None:
        yield ok("business day", f"{due} opens with its first number")
    elif day is None:
        yield warning("business day", "none is open", "central, a trusted clock or a manager opens one")
    else:
        yield ok("business day", f"{day.date}, opened by {day.opened_by}")
    if is_demo:
        yield warning(
            "demo key",
            "an order code made with a demonstration's key would be believed here",
            "central's operator takes it back: central publish app-key-revoked",
        )
    yield ok("outbox", f"{waiting} wait")
    if dead:
        yield warning("outbox", f"central refused {dead}", "kiosk outbox dead says why; kiosk outbox retry ID")
    for alarm in list_alarms(store):
        yield warning(
            "alarm", f"{alarm.code}: {alarm.detail}", _ADVICE.get(alarm.code, "the technician's screen says more")
        )


def check_machine_id() -> Finding:
    """See that the machine's id can be read: by it a disk that was moved into another machine is noticed."""
    if machine_hash() is not None:
        return ok("machine id", "can be read")
    if not PRODUCT_UUID.exists():
        return skipped("machine id", "this machine has none")
    return warning(
        "machine id",
        f"{PRODUCT_UUID} can't be read, so a moved disk isn't noticed",
        "systemd-tmpfiles --create homs-kiosk.conf",
    )
