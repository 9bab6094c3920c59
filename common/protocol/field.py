"""The shapes of single fields that cross the wire, each bounded, for msgspec to check."""

from typing import Annotated, Literal

from msgspec import Meta

# Patterns end in \Z, not $: $ also matches before a last line feed, which would blur the hash text.
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
# Also a file's name, so it must not lead anywhere.
KioskId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]
Word = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")]
Visible = Annotated[str, Meta(pattern=r"^[!-~]{1,128}\Z")]
_MONTH_AND_DAY = (
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
# Of these years each fourth is a leap year, 2000 too.
_LEAP_DAY = r"(19(8[048]|[79][26])|20([02468][048]|[13579][26]))-02-29"
# RFC 3339 with its offset, of the years that a machine's clock can say: from where Unix counts to the end of a century.
Moment = Annotated[
    str,
    Meta(
        pattern=rf"^((19[7-9][0-9]|20[0-9][0-9])-{_MONTH_AND_DAY}|{_LEAP_DAY})"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\Z"
    ),
]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]*={0,2}\Z", max_length=256 * 1024)]
TlsKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", min_length=88, max_length=512)]  # base64 of DER
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,500}\Z")]
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Seconds = Annotated[int, Meta(ge=0, le=10**9)]  # a span: thirty years, which every reader's calendar can add
UnixTime = Annotated[int, Meta(ge=0, lt=4_102_444_800)]  # seconds since 1970, before the year 2100
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
# A day of the calendar. No centre was open before 2020; how far ahead one may be its reader judges, who has a clock.
DayLabel = Annotated[
    str,
    Meta(
        pattern=rf"^(20[2-9][0-9]-{_MONTH_AND_DAY}|20([2468][048]|[3579][26])-02-29)\Z",
        description="such as 2026-12-01",
    ),
]

Phone = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{7,14}\Z", description='a number such as "+963944000111"')]
