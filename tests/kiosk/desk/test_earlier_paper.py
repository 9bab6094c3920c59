"""What names the ticket of an earlier paper, in each of its four forms, and what names none."""

import pytest

from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from kiosk.desk.earlier_paper import claim_of, claim_of_code

ID = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
TOKEN = "5d0193f3c27b1e4c559a401d2f3a4b5c"
DIGITS = digits_of(ID)
BY_ID = TicketClaim("carried", id=ID)
BY_PAGE = TicketClaim("carried", token_sha256=token_digest(TOKEN))
BY_DIGITS = TicketClaim("carried", digits=DIGITS)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (ID, BY_ID),
        (f" {ID}\n", BY_ID),
        (f"SY1T:{ID}", BY_ID),
        (f"SY1T:{ID}\r\n", BY_ID),
        (f"https://status.example/t/{TOKEN}", BY_PAGE),
        (f"http://10.0.0.4:8080/ticket?t={TOKEN}&lang=ar", BY_PAGE),
        (DIGITS, BY_DIGITS),
        (f"{DIGITS[:4]} {DIGITS[4:]}", BY_DIGITS),
        (DIGITS.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), BY_DIGITS),
    ],
)
def test_id_code_address_and_digits_name_a_ticket(text: str, claim: TicketClaim) -> None:
    assert claim_of(text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B2014",
        ID.upper(),
        ID[:-1],
        f"SY1T:{ID}0",
        "SY1T:",
        "SY1:ABC",
        f"SY1T:{DIGITS}",
        "https://status.example/t/",
        f"https://status.example/t/{TOKEN}0",
        f"https://status.example/{TOKEN}/{TOKEN}",
        f"ftp://status.example/t/{TOKEN}",
        f"https://status.example/t/{TOKEN} and more",
        TOKEN,
        DIGITS[:-1] + str((int(DIGITS[-1]) + 1) % 10),
        DIGITS[:-1],
        f"{DIGITS}0",
        f"https://status.example/{'a' * 600}/{TOKEN}",
    ],
)
def test_anything_else_names_none(text: str) -> None:
    assert claim_of(text) is None


def test_a_bare_id_and_digits_are_no_code_of_ours() -> None:
    """A receipt's code is a bare id, and an order's number may be any digits: only a ticket's own code leads on."""
    assert [claim_of_code(text) for text in (ID, DIGITS)] == [None, None]
