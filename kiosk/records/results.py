"""How each device test last ended, kept for overview, health and central."""

from pathlib import Path

from common.machine.records.record import RecordDamaged, keep, recall
from kiosk.records.names import RESULTS


def read_results(data_dir: Path) -> dict[str, str]:
    """Return `good` or `bad` by test; empty where none was made or the file is torn."""
    return {name: str(kept["result"]) for name, kept in _read(data_dir).items()}


def read_moments(data_dir: Path) -> dict[str, int]:
    """Return by test when it was made, in seconds since 1970, where that is known."""
    moments = {name: kept.get("at") for name, kept in _read(data_dir).items()}
    return {name: at for name, at in moments.items() if isinstance(at, int) and 0 <= at < 2**37}


def keep_result(data_dir: Path, test: str, result: str, at: int) -> None:
    """Keep one result and when it was (seconds since 1970). Raises OSError."""
    keep(data_dir / RESULTS, {**_read(data_dir), test: {"result": result, "at": at}})


def _read(data_dir: Path) -> dict[str, dict[str, object]]:
    try:
        found = recall(data_dir / RESULTS) or {}
    except (OSError, RecordDamaged):
        return {}
    kept = {name: value for name, value in found.items() if isinstance(value, dict)}
    return {name: value for name, value in kept.items() if value.get("result") in ("good", "bad")}
