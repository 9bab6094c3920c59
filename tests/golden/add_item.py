"""Append a golden item of a kind: `python -m tests.golden.add_item KIND 'BODY AS JSON'`.

The item takes its place at the end of the chain in items.json, here or among the tests of the feature that brings the
kind, a minute after the last; both ends read it.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from common.feature import installed
from common.protocol.envelope import BODIES, Item, encode_body, item_hash

ITEMS = Path(__file__).with_name("items.json")


def file_of(kind: str) -> Path:
    """Return where samples of a kind lie."""
    of_feature = (one.name for one in installed() if kind in one.bodies)
    return next((ITEMS.parents[1] / "features" / name / "items.json" for name in of_feature), ITEMS)


def add(kind: str, body: bytes) -> None:
    """Write the item. Raises msgspec.ValidationError where the body is not of its kind."""
    file = file_of(kind)
    sample: dict[str, Any] = msgspec.json.decode(file.read_bytes())
    last = msgspec.convert(sample["items"][-1], Item)
    seq = last.seq + 1
    moment = datetime.fromisoformat(last.wall_time) + timedelta(minutes=1)
    item = msgspec.structs.replace(
        last,
        id=f"{last.id[:-12]}{seq:012}",
        seq=seq,
        kind=kind,
        wall_time=moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        boot_time_ns=last.boot_time_ns + 60_000_000_000,
        body=encode_body(msgspec.json.decode(body, type=BODIES[kind])),
        prev_hash=last.hash,
        hash="-",
    )
    sample["items"].append(msgspec.to_builtins(msgspec.structs.replace(item, hash=item_hash(sample["kiosk"], item))))
    file.write_bytes(msgspec.json.format(msgspec.json.encode(sample), indent=1) + b"\n")


if __name__ == "__main__":
    add(sys.argv[1], sys.argv[2].encode())
