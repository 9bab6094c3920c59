"""Counters of this process, and gauges read from the database when they are asked for."""

import contextlib
from collections import Counter as Counted
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.certificate import CERTIFICATE, ends_at
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import STAFF, SYSTEM, told
from central.base.tables.paid.payments import payments
from central.base.tables.received import chains, findings, inbox
from central.intake.receiving.finding import is_open
from central.kiosks import contacts
from central.kiosks.machine import Machine
from central.kiosks.rollout import rollout
from central.offices.upkeep.todo import KINDS, Todo


class Metrics:
    """Central's metrics, in a registry of their own so that several servers fit in one process."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        self.items = Counter("central_items", "Items answered", ["result"], registry=own)
        self.requests = Counter("central_requests", "Requests answered", ["status"], registry=own)
        self.batch_seconds = Histogram("central_batch_seconds", "Time to store a batch", registry=own)
        text = "When the certificate that kiosks meet ends, in seconds since 1970"
        self.certificate = Gauge(CERTIFICATE_ENDS, text, ["file"], registry=own)
        text = "When the newest copy of central was made, in seconds since 1970; 0: never"
        self.backup = Gauge(BACKUP_MADE_AT, text, registry=own)
        text = "When a kiosk or hub in service was last heard, or enrolled, in seconds since 1970"
        self.heard = Gauge(HEARD_AT, text, ["centre", "machine", "role", "digit"], registry=own)
        self.needs = Gauge(NEEDS, "What needs somebody, as `central needs` names it, by kind", ["kind"], registry=own)
        self.gauges = {name: Gauge(f"central_{name}", text, registry=own) for name, text in CONDITIONS.items()}

    def page(
        self,
        conditions: Mapping[str, int],
        certificate: Path = CERTIFICATE,
        machines: Iterable[Machine] = (),
        backup: datetime | None = None,
        needs: Iterable[Todo] = (),
    ) -> bytes:
        """The text of `/metrics` with these `conditions`; a certificate that is not here is not told of."""
        counted = Counted(one.kind for one in needs)
        for kind in KINDS:
            self.needs.labels(kind).set(counted[kind])
        self.backup.set(0 if backup is None else backup.timestamp())
        self.heard.clear()  # a machine that was revoked or moved is told of no more under its former labels
        for one in machines:
            at = 0.0 if one.heard_at is None else datetime.fromisoformat(one.heard_at).timestamp()
            self.heard.labels(one.centre, one.id, one.role, str(one.digit)).set(at)
        with contextlib.suppress(OSError, ValueError):
            end = ends_at(certificate)
            self.certificate.labels(str(certificate)).set(end.timestamp())
        for name, value in conditions.items():
            self.gauges[name].set(value)
        return generate_latest(self.registry)


NEEDS: Final = "central_needs"
BACKUP_MADE_AT: Final = "central_backup_made_at_seconds"
HEARD_AT: Final = "central_machine_heard_at_seconds"
CERTIFICATE_ENDS: Final = "central_certificate_ends_at_seconds"
CONDITIONS = {
    "kiosks": "Kiosks and hubs in service",
    "kiosks_quiet": "Kiosks in service of which nothing was heard for ten minutes",
    "hubs_quiet": "Hubs in service of which nothing was heard for ten minutes",
    "rollout_stopped": "1 where the newest roll-out was stopped because a machine could not take the version",
    "rollout_waiting": "1 where a roll-out waits for machines that were told, or no timer carries it on",
    "sealed_waiting": "Items whose sealed part is not opened yet",
    "unsealable": "Items whose sealed part does not open",
    "quarantined": "Items kept and not applied",
    "chain_gaps": "Epochs with an item missing before a later one",
    "messages_waiting": "Messages to citizens that wait for a channel or their hours",
    "messages_dropped": "Messages to citizens that were of no use any more before they could be sent",
    "messages_failed": "Messages to citizens that were refused, or of which nobody knows whether they went out",
    "payments_unknown": "Payments of which no payer has said what became of them",
    "payments_refund_due": "Payments that are to be given back",
    "payments_unmarked": "Payments that no biller took within 24 hours, and that are to be given back",
    "payments_reversed": "Payments that their biller took out of its books again, and that are to be given back",
    "findings": "Broken links, sequences or ids used twice, and codes that do not verify, as nobody has settled them",
}


_STATES: Final = {"waiting": ("waiting",), "dropped": ("dropped",), "failed": ("failed", "unknown")}


def _messages(*states: str) -> Select[int]:
    return (
        select(func.count()).select_from(told).where(told.c.state.in_(states), told.c.subject.not_in((SYSTEM, STAFF)))
    )


_PAYMENTS: Final = {
    "unknown": (payments.c.state == "unknown",),
    "refund_due": (payments.c.state == "refund-due",),
    "unmarked": (payments.c.state == "refund-due", payments.c.reason == "not-taken"),
    "reversed": (payments.c.state == "refund-due", payments.c.reason == "reversed"),
}


def _payments(*which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(payments).where(*which)


async def conditions(connection: AsyncConnection) -> dict[str, int]:
    """Count what an operator must know about."""
    counts = {
        "kiosks": select(func.count()).select_from(kiosks).where(kiosks.c.revoked_at.is_(None)),
        "sealed_waiting": select(func.count()).select_from(inbox).where(inbox.c.seal_state == "waiting"),
        "unsealable": select(func.count())
        .select_from(findings)
        .where(findings.c.code.startswith("unsealable-"), is_open),
        "quarantined": select(func.count()).select_from(inbox).where(inbox.c.result == "quarantined"),
        "chain_gaps": select(func.count()).select_from(chains).where(chains.c.max_seq > chains.c.head_seq),
        **{f"messages_{name}": _messages(*states) for name, states in _STATES.items()},
        **{f"payments_{name}": _payments(*which) for name, which in _PAYMENTS.items()},
        "findings": select(func.count()).select_from(findings).where(is_open),
    }
    counted = {name: int(await connection.scalar(query) or 0) for name, query in counts.items()}
    silent = [one.role for one in await contacts.in_service(connection) if one.is_silent(clock.now())]
    hitch = await rollout.hitch(connection)
    counted["rollout_stopped"] = int(hitch is not None and hitch.kind == "stopped")
    counted["rollout_waiting"] = int(hitch is not None and hitch.kind != "stopped")
    return {**counted, "kiosks_quiet": silent.count("kiosk"), "hubs_quiet": silent.count("hub")}
