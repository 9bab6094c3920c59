"""A hub whose staff is named by central, and a modem that is a list in this process."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, select

from common.messages.channels import Channels
from common.messages.port import ChannelUnavailable, Received, Report, Sent
from common.protocol.staff import SUITE, Staff, StaffRecord, sealing_key_of, staff_info
from hub.log import tables
from hub.messages.kiosks import note_needs
from hub.messages.sending import Messenger
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.hall import CENTRE, HUB_ID, Hall, open_hall, said

KEY = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
TECHNICIAN, MANAGER = "+963944000111", "+963944000222"
PEOPLE = [StaffRecord(TECHNICIAN, "Umm Samir", ["staff-alarm"]), StaffRecord(MANAGER, "Abu Ali", ["no-internet"], "en")]
CONFIG = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))


class Modem(Channels):
    """Channels in this process, by name, that take texts and lose or refuse them as they are told."""

    def __init__(self, *names: str) -> None:
        self._names = names or ("modem",)
        self.sent: list[tuple[str, str, str]] = []
        self.answers: list[Sent | ChannelUnavailable] = []
        self.away: set[str] = set()
        self.texts: list[Received] = []
        self.report: list[Report] = []

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def ready(self) -> list[str]:
        return list(self._names)

    def use(self, name: str, work: Any) -> Any:
        self._now = name
        return work(self)

    def send(self, number: str, text: str, life_s: float) -> Sent:
        assert life_s > 0
        if self._now in self.away:
            raise ChannelUnavailable("no signal")
        self.sent.append((self._now, number, text))
        answer = self.answers.pop(0) if self.answers else Sent("handed", f"ref-{len(self.sent)}")
        if isinstance(answer, ChannelUnavailable):
            raise answer
        return answer

    def reports(self) -> Sequence[Report]:
        return self.report

    def received(self) -> Sequence[Received]:
        texts, self.texts = self.texts, []
        return texts

    def close(self) -> None:
        """Hold nothing."""


class Desk:
    """The messenger of a hall's hub, and what it has to look at."""

    def __init__(self, hall: Hall, modem: Modem) -> None:
        self.hall, self.modem = hall, modem
        self.is_on_battery = False
        self.begin()

    def begin(self) -> None:
        """Begin afresh, as after a kill."""
        self.messenger = Messenger(
            self.hall.hub, CONFIG, KEY, self.hall.clock, self.modem, on_battery=lambda: self.is_on_battery
        )

    def look(self, *, after_s: float = 0.0) -> list[str]:
        """Let time pass and look; return the texts that were sent since the last look."""
        before = len(self.modem.sent)
        self.hall.passes(after_s)
        self.messenger.look()
        return [text for _, _, text in self.modem.sent[before:]]

    def kiosk_says(self, *needs: str, kiosk: str = "kiosk-2") -> None:
        with self.hall.act() as act:
            note_needs(act, kiosk, list(needs))

    def hears(self, text: str, number: str = TECHNICIAN) -> None:
        self.modem.texts = [Received(number, text)]
        self.look()

    def rows(self) -> list[Row[Any]]:
        with self.hall.hub.store.read() as connection:
            return list(connection.execute(select(tables.messages).order_by(tables.messages.c.made_at)))

    def digits(self) -> str:
        with self.hall.hub.store.read() as connection:
            return str(connection.execute(select(tables.alarms.c.digits)).scalar_one())

    @property
    def now(self) -> datetime:
        return self.hall.clock.now().wall_time


def name_staff(hall: Hall, people: Sequence[StaffRecord] = PEOPLE, key: Ed25519PrivateKey = KEY) -> None:
    """Let central say whom this hub writes to, sealed as central does."""
    public = sealing_key_of(key.public_key().public_bytes_raw())
    sealed = SUITE.encrypt(msgspec.json.encode(people), public, info=staff_info(CENTRE, HUB_ID))
    said(hall.hub, Staff(CENTRE, HUB_ID, base64.b64encode(sealed).decode(), "0" * 64), 9)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A", "B"]})
    hall.works()
    hall.kiosks[1].give("A")
    name_staff(hall)
    yield Desk(hall, Modem())
    hall.hub.store.close()
