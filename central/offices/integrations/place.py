"""Up to where a system has read, as text that only central reads: a number, and the feed epoch that it is of.

After a restore numbers come a second time. The epoch then is another one, and who comes with a place of a former epoch
reads all from the beginning: what it is given twice says the same or something newer.
"""

import re
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.feed import epoch

_TEXT: Final = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,18})")
#: Of any place there is.
MAX_CHARACTERS: Final = 55


async def number_of(connection: AsyncConnection, place: str) -> int:
    """After which number to go on; 0 for a place of a former epoch, and for what central never wrote."""
    found = _TEXT.fullmatch(place)
    return int(found[2]) if found is not None and found[1] == await epoch.newest(connection) else 0


async def of_number(connection: AsyncConnection, number: int) -> str:
    """The place after a number."""
    return f"{await epoch.newest(connection)}.{number}"
