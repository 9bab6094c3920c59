"""Kiosks that a restored central does not know, or has in another centre: they were enrolled or moved after the copy.

Without their key nothing they say can be believed, not even which digit their numbers bear; but that they ask is named,
so that somebody enrols them again before their digit goes to another. Anybody can invent such names: they are noted
only in the week after a feed epoch that began by a restore, a few from one address, and the newest stay.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import findings
from central.feed import epoch as feed_epoch
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding
from central.kiosks.enrolment import CENTRE_CODE, GIVEN_ID, UNKNOWN
from common.web.addresses import origin_of

ELSEWHERE: Final = "kiosk-elsewhere"
AFTER_RESTORE: Final = timedelta(days=7)
MOST_NAMED: Final = 100
# A centre has nine kiosks and two hubs behind one address.
MOST_OF_ADDRESS: Final = 12
# So often each is named again, where newer names have pushed it out.
AGAIN_AFTER: Final = timedelta(hours=1)
_MOST_ADDRESSES: Final = 1000

log = structlog.get_logger()


@dataclass(slots=True)
class UnknownKiosks:
    """Names kiosks that central lacks in the findings."""

    _by_address: OrderedDict[str, deque[tuple[datetime, str]]] = field(default_factory=OrderedDict)

    async def note(self, engine: AsyncEngine, kiosk: str, address: str) -> None:
        """Record an unknown kiosk id that sent a request; ids of another form are ignored."""
        if not GIVEN_ID.fullmatch(kiosk) or not self._may_name(kiosk, address):
            return
        async with engine.begin() as connection:
            if not await feed_epoch.began_by_restore(connection, clock.now() - AFTER_RESTORE):
                return
            await finding.note(connection, kiosk, [Finding(UNKNOWN)])
            await _keep_newest(connection)
        log.warning(UNKNOWN, kiosk=kiosk)

    def _may_name(self, kiosk: str, address: str) -> bool:
        """Return whether this address may name a kiosk now, and count it."""
        now = clock.now()
        network = origin_of(address)
        lately = self._by_address.setdefault(network, deque())
        self._by_address.move_to_end(network)
        while len(self._by_address) > _MOST_ADDRESSES:
            self._by_address.popitem(last=False)
        while lately and now - lately[0][0] >= AGAIN_AFTER:
            lately.popleft()
        if len(lately) >= MOST_OF_ADDRESS or any(named == kiosk for _, named in lately):
            return False
        lately.append((now, kiosk))
        return True


async def note_elsewhere(connection: AsyncConnection, kiosk: str, says: object) -> None:
    """Name a kiosk that says it stands in another centre than it is in here, until it says this one.

    It was moved after the copy: it hears the words of a centre where it is not, and no hub takes its numbers.
    """
    here = await connection.scalar(select(kiosks.c.centre).where(kiosks.c.id == kiosk))
    own = findings.c.kiosk == kiosk, findings.c.code == ELSEWHERE
    if says == here:
        seen_to = {"settled_at": clock.as_text(clock.now()), "settled_by": kiosk}
        await connection.execute(update(findings).where(*own, finding.is_open).values(seen_to))
        return
    is_centre = isinstance(says, str) and CENTRE_CODE.fullmatch(says)
    if is_centre and await feed_epoch.began_by_restore(connection, clock.now() - AFTER_RESTORE):
        log.warning(ELSEWHERE, kiosk=kiosk, centre=says)
        # What ended by itself before is not over any more; what somebody has seen to rings for nobody.
        ended = *own, findings.c.item == str(says), findings.c.settled_by == kiosk
        again = {"at": clock.as_text(clock.now()), "settled_at": None, "settled_by": None}
        await connection.execute(update(findings).where(*ended).values(again))
        await finding.note(connection, kiosk, [Finding(ELSEWHERE, str(says))])


async def _keep_newest(connection: AsyncConnection) -> None:
    unknown = findings.c.code == UNKNOWN, finding.is_open
    newest = select(findings.c.id).where(*unknown).order_by(findings.c.id.desc()).limit(MOST_NAMED)
    await connection.execute(delete(findings).where(*unknown, findings.c.id.not_in(newest)))
