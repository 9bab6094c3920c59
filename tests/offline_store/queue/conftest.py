from collections.abc import Iterator

import pytest

from offline_store.disk.database import Store
from tests.offline_store.queue.hubs import Place


@pytest.fixture
def place(store: Store) -> Iterator[Place]:
    made = Place(store)
    yield made
    made.listener.close()
