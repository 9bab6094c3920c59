"""A process that accepts tickets and reports each one only when it is accepted: what tests cut, count and race.

`python -m tests.offline_store.accepting_process DATA_DIR NAME COUNT [PRAGMA=VALUE=READ_BACK ...]`. The pragmas weaken
durability, for the tests of the tests.
"""

import json
import sys
from pathlib import Path

import structlog

from common.machine.errors import StoreUnavailable
from offline_store.disk import database
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp


def main(data_dir: str, name: str, count: str, *weaker: str) -> None:
    """Accept `count` tickets with intentions `NAME-0` on, then one with the intention `shared`."""
    for pragma in weaker:
        key, value, read_back = pragma.split("=")
        database.PRAGMAS[key] = (value, int(read_back) if read_back.isdigit() else read_back)
    with open_store_in(Path(data_dir), IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for intention in [*(f"{name}-{n}" for n in range(int(count))), "shared"]:
            try:
                given = accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp())
            except StoreUnavailable as error:
                line = {"refused": str(error), "intention": intention}
            else:
                line = {"id": given.id, "number": given.number, "intention": intention}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is what it promises
    main(*sys.argv[1:])
