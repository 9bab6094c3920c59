"""How each device test last ended, kept for overview, health and central."""

from __future__ import annotations

import json
from pathlib import Path

from offline_store.durable_file import replace_file

FILE = "device-tests.json"


def read_results(data_dir: Path) -> dict[str, str]:
    """Give `good` or `bad` by test; empty where none was made or the file is torn."""
    try:
        found = json.loads((data_dir / FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(result) for name, result in found.items() if result in ("good", "bad")}


def keep_result(data_dir: Path, test: str, result: str) -> None:
    """Keep one result. Raises OSError."""
    path = data_dir / FILE
    replace_file(path, json.dumps({**read_results(data_dir), test: result}).encode())
