"""Where a system may want to hear of news: an address of https, or of this machine, as long as a column bears."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from central.offices.integrations import systems

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LONGEST = "https://app.example/" + "x" * 480
NONE, HTTPS = "expected an address such as https://app.example/news", "expected https; http is for this machine alone"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (LONGEST, None), (LONGEST + "x", NONE), ("https://app.example:1", None), ("https://app.example:0", NONE),
        ("https://app.example:65536", NONE), ("https://rana@app.example", NONE), ("https://", NONE), ("app", NONE),
        ("https://app.example/a b", NONE), ("https://app.example/قيد", NONE), ("https://app.example/\x7f", NONE),
        ("http://app.example", HTTPS), ("http://127.0.0.1:8090/x", None), ("http://localhost", None),
        ("ftp://127.0.0.1", HTTPS),
    ],
)  # fmt: skip
async def test_an_address_is_taken_or_refused_in_words(
    connection: AsyncConnection, address: str, why: str | None
) -> None:
    if why is None:
        token = await systems.give(connection, "app", "claims", address)
        assert await systems.find(connection, token) == systems.System("app", "claims")
        return
    with pytest.raises(ValueError, match="--webhook") as refused:
        await systems.give(connection, "app", "claims", address)
    assert str(refused.value) == f"--webhook: found {address[:60]!r}, {why}"
