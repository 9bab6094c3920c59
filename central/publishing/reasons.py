"""Reasons for which a service may stand still, judged before any kiosk or hub hears of them."""

from collections import Counter
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.publishing.unknown import read_known
from common.city.catalogue import load_catalogue
from common.city.groups import Words
from common.protocol.queue.service_now import OTHER_REASON, Reasons

KIND: Final = "reasons"
_LONGEST_NAME: Final = 40


async def publish(connection: AsyncConnection, content: bytes) -> int:
    """Tell every kiosk and hub the reasons; they take the place of all before. Return the message's id.

    Raises ValueError with every one that is wrong.
    """
    told = read_known(content, Reasons)
    twice = [code for code, times in Counter(one.code for one in told.reasons).items() if times > 1]
    faults = [f"reasons: {code} stands twice" for code in twice]
    for one in told.reasons:
        missing = [language for language in ("ar", "en") if not one.names.get(language, "").strip()]
        if missing:
            faults.append(f"reasons ({one.code}): expected a name in {' and '.join(missing)} too")
        if long := [name for name in one.names.values() if len(name) > _LONGEST_NAME]:
            faults.append(f"reasons ({one.code}): found {long[0]!r}, expected at most {_LONGEST_NAME} letters")
    if OTHER_REASON not in {one.code for one in told.reasons}:
        faults.append(f'reasons: expected one with the code "{OTHER_REASON}" too: not every cause has a name')
    if faults:
        raise ValueError("\n".join(faults[:20]))
    return await feed.append(connection, KIND, told)


async def in_force(connection: AsyncConnection) -> dict[str, Words]:
    """Return the names of the reasons that hold: the published ones, else those that are shipped."""
    body = await feed.newest_body(connection, KIND)
    if body is None:
        return dict(load_catalogue().reasons)
    return {one.code: one.names for one in msgspec.json.decode(body, type=Reasons).reasons}
