"""Where a hub has the announcement of a call: the one place of the tests that knows the form of the address."""

import re
from typing import Final

_FORM: Final = re.compile(r"/voice/[^/]+/(\d+)\.wav$")


def address_of(mark: str, seq: int) -> str:
    """Return the path of a call's announcement, under the mark of the log that it stands in."""
    return f"/voice/{mark}/{seq}.wav"


def seq_in(address: str) -> int:
    """Return which call's announcement an address is."""
    found = _FORM.search(address)
    assert found is not None, f"{address} is no announcement"
    return int(found[1])
