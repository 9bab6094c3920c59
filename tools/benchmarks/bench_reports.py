"""How long a month's report takes among many visits on PostgreSQL, and how long counting their days took before.

`python -m tools.benchmarks.bench_reports 10000000` makes as many visits as that, over fifty centres and a year.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.database.migration import migrate
from central.insight.reports import counted_days
from central.insight.reports.month import Month, count_month
from tests.kit.postgres import running_postgres

VISITS: Final = 100_000
CENTRES: Final = 50
WITHIN_S: Final = 3.0
MONTH: Final = "2026-03"

_KIOSKS: Final = """
INSERT INTO kiosks (id, centre, digit, public_key, enrolled_at, signing_kid, enrolment_kid, role)
SELECT role || n, 'centre-' || n, CASE role WHEN 'hub' THEN 0 ELSE 1 END, role || n, '', '', '', role
FROM generate_series(1, :centres) AS n, (VALUES ('kiosk'), ('hub')) AS roles (role)
"""
_VISITS: Final = """
CREATE UNLOGGED TABLE visit AS SELECT n, 1 + n % :centres AS centre, gen_random_uuid()::text AS id,
timestamp '2026-01-01 05:00' + (n / :centres % 365) * interval '1 day' + random() * interval '7 hours' AS at
FROM generate_series(1, :visits) AS n
"""
_TICKETS: Final = """
INSERT INTO tickets (kiosk, ticket, number, service, business_day, priority, is_voided, issued_at)
SELECT 'kiosk' || centre, id, 'A1' || n % 1000, (ARRAY['clearance', 'plan-copy', 'water-bill'])[1 + n % 3],
to_char(at, 'YYYY-MM-DD'), CASE WHEN n % 9 = 0 THEN 'elderly' ELSE 'none' END, false,
to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM visit
"""
_EVENTS: Final = """
INSERT INTO queue_events (hub, epoch, seq, kiosk, ticket, at, event, body)
SELECT 'hub' || centre, 'epoch', n * 3 + step, 'kiosk' || centre, id,
to_char(at + (step * 2 + n % 90) * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
(ARRAY['called', 'came', 'done'])[step + 1],
(ARRAY['{"event":"called","counter": 3,"expected_s":[600,2400]}', '{"event":"came","counter": 3}',
'{"event":"done","counter": 3,"documents":{"clearance": 1}}'])[step + 1]
FROM visit, generate_series(0, 2) AS step WHERE n % 11 > 0
"""
_CHANGED: Final = """
INSERT INTO counted_days (centre, business_day, changes, counted_changes)
SELECT DISTINCT 'centre-' || centre, to_char(at, 'YYYY-MM-DD'), 1, 0 FROM visit
"""


def rows(visits: int = VISITS) -> list[dict[str, Any]]:
    """Measure once; returns the rows of the benchmark table."""
    with running_postgres(durable=True) as url:
        counting_s, first_s, report_s = asyncio.run(_measure(load_config(Path(), url).database_url, visits))
    return [
        {
            "row": f"central: a centre's month among {visits:,} visits, as a report counts it",
            "value": round(report_s, 3),
            "unit": "s",
            "compared_with": f"{WITHIN_S:.0f} s",
            "ratio": round(report_s / WITHIN_S, 3),
        },
        {
            "row": "central: the same with each of its days changed since",
            "value": round(first_s, 2),
            "unit": "s",
        },
        {
            "row": "central: visits counted again into days of centres",
            "value": round(visits / counting_s),
            "unit": "visits/s",
        },
    ]


async def _measure(url: str, visits: int) -> tuple[float, float, float]:
    async with opened_engine(url) as engine:
        await migrate(engine)
        await fill(engine, visits)
        began = time.perf_counter()
        first = await count_month(engine, "centre-1", MONTH)
        first_s = time.perf_counter() - began
        began = time.perf_counter()
        await counted_days.count_changed(engine, "centre-2", "0000", "9999")
        counting_s = (time.perf_counter() - began) * CENTRES
        began = time.perf_counter()
        again = await count_month(engine, "centre-1", MONTH)
        report_s = time.perf_counter() - began
    _check(first, visits)
    assert first == again
    return counting_s, first_s, report_s


async def fill(engine: AsyncEngine, visits: int) -> None:
    """Write kiosks, hubs, and a year of visits, each with its events."""
    async with engine.begin() as connection:
        for statement in (_KIOSKS, _VISITS, _TICKETS, _EVENTS, _CHANGED):
            given = {"centres": CENTRES, "visits": visits}
            await connection.execute(text(statement), {name: n for name, n in given.items() if f":{name}" in statement})
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


def _check(month: Month, visits: int) -> None:
    """See that the month is one of so many visits: a twelfth of a centre's, ten of eleven of them done."""
    expected = visits / CENTRES * 31 / 365
    assert 0.9 * expected < month.issued < 1.1 * expected + 1, month.issued
    assert sum(month.ends.values()) == month.issued
    assert len(month.waits_s) == month.ends["done"] > 0.8 * month.issued


if __name__ == "__main__":
    print(json.dumps(rows(*(int(number) for number in sys.argv[1:])), indent=1))
