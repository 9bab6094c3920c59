"""What the municipality says, as a kiosk's window and papers go by it: by its clock, where that can be trusted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import msgspec
import pytest

from common.machine.clock import SystemClock
from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.notice import Notice, Notices
from kiosk.desk.answers import Issued
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, content_of
from offline_store.feed import feed
from tests.kiosk.maintenance.scripted import Workshop

TEXTS = {"ar": "أحضر بطاقتك", "en": "Bring your card"}


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    now = workshop.clock.now()
    begins, until = (moment.isoformat() for moment in (now.wall_time, now.wall_time + timedelta(hours=1)))
    body = msgspec.json.encode(Notices(None, [Notice("card", begins, until, TEXTS, ["kiosk", "paper"])]))
    page = FeedPage([FeedMessage(1, "notices", msgspec.Raw(body))], "e.1", "e", 1, snapshot=True)
    assert feed.apply_page(workshop.store, page, now)
    yield workshop
    workshop.store.close()


def test_a_notice_stands_while_its_time_is_known_to_be_now(workshop: Workshop) -> None:
    catalogue, now = CurrentCatalogue(workshop.store), workshop.clock.now().wall_time
    assert catalogue.notices("kiosk", now) == [TEXTS]
    assert catalogue.notices("board", now) == []
    assert catalogue.notices("kiosk", now + timedelta(hours=1)) == []
    assert catalogue.notices("kiosk", None) == []


def test_papers_bear_it_only_while_the_clock_is_trusted(workshop: Workshop) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    content = content_of(workshop.settings.config, opened, CurrentCatalogue(workshop.store))
    ticket = Issued("", "A1001", "civil-affairs", "", workshop.clock.now().wall_time)
    assert content.of_ticket(ticket).notices == [TEXTS]
    workshop.clock.trust = "unknown"
    assert content.of_ticket(ticket).notices == []
    workshop.clock.trust = "synced"
    workshop.clock.pass_time(seconds=3600)
    assert content.of_ticket(ticket).notices == []
