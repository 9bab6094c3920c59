"""`make bench`: runs every bench module here, prints the table and writes build/bench.json.

Each module has `rows() -> list[dict]` with `row`, `value`, `unit`, `compared_with` and `ratio`; ratios compare figures
of the same run. `python -m tools.benchmarks store paper` runs only those named.
"""

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

# As in service, where modules are compiled beforehand: else each process that is started compiles them again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

HERE = Path(__file__).parent
OUTPUT = Path("build/bench.json")
KEYS = ("row", "value", "unit", "compared_with", "ratio")


def modules(wanted: list[str]) -> list[str]:
    """Name the bench modules to run, in order."""
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    unknown = [name for name in wanted if f"bench_{name}" not in names]
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(n[6:] for n in names)}")
    return [name for name in names if not wanted or name[6:] in wanted]


def show(row: dict[str, Any]) -> str:
    """Write one row for people: the figure, and beside it what it is compared with."""
    value = f"{row['value']:,.3f}" if isinstance(row["value"], float) else f"{row['value']:,}"
    compared = (
        f"{row['ratio']:.3f} x {row['compared_with']}"
        if row.get("ratio") is not None
        else row.get("compared_with") or ""
    )
    return f"{row['row']:<78} {value:>14} {row['unit']:<10} {compared}"


def main(wanted: list[str]) -> int:
    """Run the benchmarks; 1 when one could not be run."""
    table: list[dict[str, Any]] = []
    failed = []
    for name in modules(wanted):
        started = time.perf_counter()
        print(f"# {name[6:]}", flush=True)
        try:
            rows = importlib.import_module(f"tools.benchmarks.{name}").rows()
        except Exception:  # noqa: BLE001 (one broken benchmark must not hide the others)
            traceback.print_exc()
            failed.append(name)
            continue
        for row in rows:
            table.append({key: row.get(key) for key in KEYS})
            print(show(row), flush=True)
        print(f"# {time.perf_counter() - started:.0f} s", flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(table)} rows in {OUTPUT}" + (f"; could not be run: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
