"""A central that keeps a hub's items in memory, for tests that ask whether each came once and in its order."""

from sqlalchemy import select

from offline_store.disk.tables import items
from tests.hub.hall import Hall


class CentralInMemory:
    """It keeps each item by its id, also where its answer is lost and the hub sends the item again."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, int]] = {}
        self.acknowledged: dict[str, int] = {}

    def hear(self, hall: Hall, *, answers: bool) -> None:
        """Take what a hub has to send; without an answer the hub sends it again the next time."""
        epoch = hall.hub.store.epoch
        waiting = select(items.c.id, items.c.epoch, items.c.seq).where(
            items.c.epoch == epoch, items.c.seq > self.acknowledged.get(epoch, 0)
        )
        with hall.hub.store.read() as connection:
            sent = connection.execute(waiting.order_by(items.c.seq)).all()
        for row in sent:
            self.items.setdefault(row.id, (row.epoch, row.seq))
        if answers and sent:
            self.acknowledged[epoch] = sent[-1].seq
        chains: dict[str, list[int]] = {}
        for of_epoch, seq in self.items.values():
            chains.setdefault(of_epoch, []).append(seq)
        for seqs in chains.values():
            assert seqs == list(range(1, len(seqs) + 1)), "an item is there twice, missing, or before its forerunner"
