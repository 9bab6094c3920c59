"""Central's tables, the same on SQLite and PostgreSQL. Changes to them are Alembic revisions in `migrations/`.

Times are RFC 3339 text in UTC with microseconds: they sort as text and read the same in both databases.
"""

from central.base.tables.base import metadata
from central.base.tables.enrolled import centres, clerks, digits, enrolment_codes, kiosks, wrong_codes
from central.base.tables.kept import retention
from central.base.tables.keys import app_keys, central_keys, serving
from central.base.tables.ordered import opened, orders
from central.base.tables.others import systems
from central.base.tables.people import muted, operations, operator_failures, operator_sessions, operators
from central.base.tables.received import GONE, batches, chains, findings, health, health_history, inbox, waiting_lists
from central.base.tables.told import feed, feed_claims, feed_epochs, rollout_kiosks, rollouts, signed_time
from central.base.tables.visited import boots, counted_days, outcomes, projections, queue_events, tickets

__all__ = [
    "GONE",
    "app_keys",
    "batches",
    "boots",
    "central_keys",
    "centres",
    "chains",
    "clerks",
    "counted_days",
    "digits",
    "enrolment_codes",
    "feed",
    "feed_claims",
    "feed_epochs",
    "findings",
    "health",
    "health_history",
    "inbox",
    "kiosks",
    "metadata",
    "muted",
    "opened",
    "operations",
    "operator_failures",
    "operator_sessions",
    "operators",
    "orders",
    "outcomes",
    "projections",
    "queue_events",
    "retention",
    "rollout_kiosks",
    "rollouts",
    "serving",
    "signed_time",
    "systems",
    "tickets",
    "waiting_lists",
    "wrong_codes",
]
