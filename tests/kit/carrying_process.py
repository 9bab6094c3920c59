"""What a test kills: `python -m tests.kit.carrying_process DATA URL` carries a store's questions until it is ended.

With `ask` behind it is the screen: it asks for a place, says so on stdout, and takes the answer where `take` follows.
"""

import json
import sys
import threading
from pathlib import Path

from common.machine.clock import SystemClock
from kiosk.delivery.enrolment import load
from kiosk.delivery.forwarding import open_carrier
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.disk.database import Store
from offline_store.inquiries import asking
from offline_store.opening import open_store_in


def config_of(data_dir: Path, url: str) -> KioskConfig:
    """Return settings that name this store and central."""
    return KioskConfig(kiosk=KioskSection(centre="homs-main", data_dir=str(data_dir)), central=CentralSection(url=url))


def opened(data_dir: Path, clock: SystemClock) -> Store:
    """Open the store of an enrolled kiosk."""
    store = open_store_in(data_dir, load(data_dir).identity, stamp=clock.now())
    clock.trusted = store.trusted_time
    return store


def main(data_dir: Path, url: str, *wanted: str) -> None:
    clock = SystemClock()
    with opened(data_dir, clock) as store:
        if "ask" in wanted:
            asked = asking.ask(store, clock.now(), "claim", {"at": "2026-12-01T10:30"}, {"who": "rana"})
            print(json.dumps({"id": asked.id}), flush=True)
            if "take" in wanted:
                found = asking.wait(store, asked, clock)
                assert isinstance(found, asking.Outcome)
                print(json.dumps({"fate": found.fate}), flush=True)
            threading.Event().wait()
        with open_carrier(config_of(data_dir, url), store, clock) as carrier:
            print("{}", flush=True)
            carrier.run(threading.Event())


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
