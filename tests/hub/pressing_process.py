"""A process that presses and reports each press only when it is answered: what tests cut.

`python -m tests.hub.pressing_process DATA_DIR COUNT [PRAGMA=VALUE=READ_BACK ...]`. The pragmas weaken durability, for
the test of the test.
"""

import json
import sys
import uuid
from pathlib import Path

from offline_store.disk import database
from tests.hub.hall import open_hall


def main(data_dir: str, count: str, *weaker: str) -> None:
    """Call, serve and undo at two counters; a line a press: its counter, key, body and answer."""
    for pragma in weaker:
        key, value, read_back = pragma.split("=")
        database.PRAGMAS[key] = (value, int(read_back) if read_back.isdigit() else read_back)
    hall = open_hall(Path(data_dir))
    hall.works()
    for number in range(int(count)):
        counter = 1 + number % 2
        now = hall.counter(counter)
        hall.passes(5)
        if number % 7 == 6 and now.ticket:
            body = {"press": "undo", "ticket": now.ticket, "version": now.version}
        elif now.state == "called" and number % 3:
            body = {"press": "came", "ticket": now.ticket, "version": now.version}
        else:
            body = {"press": "next"}
        pressed = str(uuid.uuid4())
        answer = hall.raw(counter, body, pressed)
        said = {
            "counter": counter,
            "key": pressed,
            "body": body,
            "status": answer.status,
            "answer": answer.body.decode(),
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    hall.hub.store.close()


def prepare(folder: Path, tickets: int) -> None:
    """Make a hub with two open counters and people who wait."""
    hall = open_hall(folder)
    hall.set_up({1: ["A", "B"], 2: ["A", "B"]})
    hall.works()
    hall.kiosks[0].tell(*[hall.kiosks[0].ticket("AB"[n % 2]) for n in range(tickets)])
    for counter in (1, 2):
        hall.press(counter, "open")
    hall.hub.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
