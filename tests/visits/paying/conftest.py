"""A kiosk whose central answers what is asked of bills and payments."""

from collections.abc import Iterator

import pytest

from kiosk.desk.payments.paying import Paying
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows
from tests.kit.payments import bill, payment
from tests.visits.lobby import Lobby


@pytest.fixture
def rows(lobby: Lobby) -> Iterator[AnsweringRows]:
    kit.make_known(lobby.place.store)
    lobby.paying = Paying(lobby.place.store, lobby.place.clock, lobby.tray)
    answering = AnsweringRows(lobby.place.store, {"bill": bill(), "payment-state": payment("opened", ends=True)})
    answering.steps["payment"] = [payment("opened")]
    yield answering
    answering.close()
