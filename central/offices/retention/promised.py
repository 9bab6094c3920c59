"""Claims that are over: who had them, by an HMAC, is needed as long as a missed one counts."""

from sqlalchemy import func, select

from central.base.tables.claimed import claim_seats, claims, seat_changes, seats
from central.offices.retention.sweep import Sweep


def sweeps(before: str) -> list[Sweep]:
    """Return the claims, the seats, and what was changed of them by hand, of before a moment."""
    # The newest change stays, so that no number of a change is given twice.
    newest = select(func.max(claims.c.change)).scalar_subquery()
    old = (claims.c.at < before) & (claims.c.change < newest)
    kept = select(claims.c.id)
    return [
        Sweep("claims", (claims.c.id,), old),
        Sweep("claim_seats", (claim_seats.c.claim, claim_seats.c.seat), claim_seats.c.claim.not_in(kept)),
        Sweep("seats", (seats.c.id,), seats.c.at < before),
        Sweep("seat_changes", (seat_changes.c.id,), seat_changes.c.day < before[:10]),  # a day, not a moment
    ]
