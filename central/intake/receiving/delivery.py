"""A batch as it was delivered: whose it is, what is in it, and what proves later that it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from central.intake.receiving.arrival import NOTHING_BESIDE, Arrival, Reports


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves later that the kiosk sent a batch; `signature_input` holds the kiosk's own time, never judged.

    `target` is the address that was signed, None for what came on a stick.
    """

    content_digest: str
    signature_input: str
    signature: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified batch of `kiosk`; `is_revoked` keeps it in quarantine. `reports`: what it says beside the chain."""

    kiosk: str
    arrivals: Sequence[Arrival]
    evidence: Evidence
    is_revoked: bool = False
    reports: Reports = NOTHING_BESIDE

    def evidence_row(self, batch: int, moment: str) -> dict[str, Any]:
        """The row of `batches` for this delivery, received at `moment`."""
        return {
            "id": batch,
            "kiosk": self.kiosk,
            "received_at": moment,
            "content_digest": self.evidence.content_digest,
            "signature_input": self.evidence.signature_input,
            "signature": self.evidence.signature,
            "target": self.evidence.target,
        }
