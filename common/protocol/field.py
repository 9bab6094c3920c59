"""The shapes of single fields that cross the wire, each bounded, for msgspec to check."""

from typing import Annotated, Literal

from msgspec import Meta

# Patterns end in \Z, not $: $ also matches before a last line feed, which would blur the hash text.
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
# Also a file's name, so it must not lead anywhere.
KioskId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]
Word = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")]
Visible = Annotated[str, Meta(pattern=r"^[!-~]{1,128}\Z")]
# RFC 3339 with its offset. A calendar's own bounds (29 February) are the reader's to check.
Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        r"(\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-5][0-9])\Z"
    ),
]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]*={0,2}\Z", max_length=256 * 1024)]
TlsKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", min_length=88, max_length=512)]  # base64 of DER
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,500}\Z")]
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
DigitOrHub = Annotated[int, Meta(ge=0, le=9)]  # 0: numbers that a clerk gives by hand
KioskDigit = Annotated[str, Meta(pattern=r"^[1-9]\Z", description='a kiosk\'s digit, "1" to "9"')]
CounterNumber = Annotated[int, Meta(ge=1, le=99)]
Prefix = Annotated[str, Meta(pattern=r"^[A-Z]\Z")]  # the letter of a group or desk
Token = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
ServiceCode = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
FreeText = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,80}\Z")]
Priority = Literal["none", "elderly", "disabled", "pregnant"]
OrderId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
AppKid = Annotated[str, Meta(pattern=r"^[0-9a-f]{4}\Z")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
DayLabel = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]

Phone = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{7,14}\Z", description='a number such as "+963944000111"')]
