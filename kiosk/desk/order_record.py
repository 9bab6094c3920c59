"""What the desk records of one order."""

from dataclasses import dataclass

from kiosk.desk.outcome import Outcome
from offline_store.issuing.intake import MadeHere, OrderRequest


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as it was judged. `destination`: where its document goes, which is not recorded."""

    outcome: Outcome
    code: str
    order_id: str | None = None
    service: str | None = None
    order_number: str | None = None
    destination: str | None = None
    expires: int | None = None
    person: dict[str, str] | None = None
    made_here: MadeHere | None = None

    @property
    def request(self) -> OrderRequest:
        """The same as the store takes it."""
        return OrderRequest(
            outcome=self.outcome.value,
            code=self.code,
            order_id=self.order_id,
            service=self.service,
            number=self.order_number,
            expires_at=self.expires,
            person=self.person,
            made_here=self.made_here,
        )
