"""What is read from a wire, a page, a file or a store keeps its shape: each field, its bounds and default, recorded.

A part that is updated speaks with parts that are not, and reads what they wrote: a bound or a default that moves by
itself is a fault between them. After a change that is meant, `SHAPES=record` before the command of this test writes
the record again; read what changed in it.
"""

import importlib
import inspect
import json
import os
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from common.feature import installed

#: Of the core; each feature has its own, which goes with it.
RECORD = Path(__file__).parent / "shapes.txt"
FEATURES = Path(__file__).parents[1] / "features"
READERS = (
    "common",
    "hub",
    "central",
    "kiosk.settings",
    "kiosk.setup",
    "kiosk.machine",
    "kiosk.delivery",
    "offline_store",
    "devices",
    "release",
)
#: What alembic alone can import, and what starts a program when it is imported.
NOT_IMPORTED = (".migrations", "__main__")
#: Its default is bytes as they came, which no schema can tell.
OF_RAW_BYTES = "central.payments.payers.shamcash._Envelope"


def _structs(packages: Iterable[str]) -> Iterator[type[msgspec.Struct]]:
    for package in packages:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if any(part in module.name for part in NOT_IMPORTED):
                continue
            for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                if f"{kind.__module__}.{kind.__name__}" == OF_RAW_BYTES:
                    continue
                if issubclass(kind, msgspec.Struct) and kind.__module__ == module.name:
                    yield kind


def _lines(kind: type[msgspec.Struct]) -> Iterator[str]:
    """A line for the struct, and one for each of its fields; a question mark is behind what may be missing."""
    (reference,), shapes = msgspec.json.schema_components([kind], ref_template="{name}")
    shape = shapes[reference["$ref"]]
    rest = {key: shape[key] for key in sorted(shape) if key not in {"description", "title", "properties", "required"}}
    yield f"{kind.__module__}.{kind.__name__} {json.dumps(rest)}"
    for field, told in shape.get("properties", {}).items():
        may = "" if field in shape.get("required", ()) else "?"
        yield f"  {field}{may} {json.dumps(told, sort_keys=True, ensure_ascii=False)}"


RECORDS = {RECORD: READERS} | {FEATURES / one.name / "shapes.txt": (f"features.{one.name}",) for one in installed()}


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one.parent.name)
def test_each_struct_has_the_shape_that_was_recorded(record: Path) -> None:
    told = "".join(f"{line}\n" for kind in _structs(RECORDS[record]) for line in _lines(kind))
    if os.environ.get("SHAPES") == "record":
        record.write_text(told, encoding="utf-8")
    assert told.splitlines() == record.read_text(encoding="utf-8").splitlines()
