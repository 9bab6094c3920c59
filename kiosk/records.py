"""All that this kiosk keeps twice: who it is, its keys, and what technicians left here. See kiosk.kept_record."""

from pathlib import Path

from kiosk import kept_record, key_files, settings, taken_out
from kiosk.delivery import enrolment
from kiosk.maintenance import results, trips
from offline_store.durable_file import PRIVATE

_OTHERS = (settings.FILE, taken_out.FILE, trips.FILE, results.FILE)


def mend_records(data_dir: Path) -> None:
    """Give each its second copy again where a disk damaged one, before it damages the other; the log names them."""
    kept_record.mend(data_dir / enrolment.FILE, mode=PRIVATE)
    key_files.mend_keys(data_dir / enrolment.KEYS)
    for name in _OTHERS:
        kept_record.mend(data_dir / name)


def damaged_records(data_dir: Path) -> list[str]:
    """Name those of which a copy is damaged or missing."""
    records = [data_dir / name for name in (enrolment.FILE, *_OTHERS)]
    there = [path for path in records if path.exists() or kept_record.copy_of(path).exists()]
    broken = [path for path in there if not kept_record.is_whole(path)]
    keys = [path for path in key_files.kept_in(data_dir / enrolment.KEYS) if not key_files.is_whole(path)]
    return [str(path.relative_to(data_dir)) for path in (*broken, *keys)]
