"""All that this kiosk keeps twice: who it is, its keys, and what technicians left here."""

from pathlib import Path

from common.machine.durable_file import PRIVATE
from common.machine.records import keys as key_files
from common.machine.records import record
from kiosk.records import names

_PRIVATE = (names.ENROLMENT, names.SAID)
_OTHERS = (names.SETTINGS, names.TAKEN_OUT, names.TRIPS, names.RESULTS)


def mend_records(data_dir: Path) -> None:
    """Give each its second copy again where a disk damaged one, before it damages the other; the log names them."""
    for name in _PRIVATE:
        record.mend(data_dir / name, mode=PRIVATE)
    key_files.mend_keys(data_dir / names.KEYS)
    for name in _OTHERS:
        record.mend(data_dir / name)


def damaged_records(data_dir: Path) -> list[str]:
    """Name those of which a copy is damaged or missing."""
    records = [data_dir / name for name in (*_PRIVATE, *_OTHERS)]
    there = [path for path in records if path.exists() or record.copy_of(path).exists()]
    broken = [path for path in there if not record.is_whole(path)]
    keys = [path for path in key_files.kept_in(data_dir / names.KEYS) if not key_files.is_whole(path)]
    return [str(path.relative_to(data_dir)) for path in (*broken, *keys)]
