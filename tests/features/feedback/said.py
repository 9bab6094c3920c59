"""What a kiosk says of a ticket by this feature, for tests of whole ends."""


def said_of(named: dict[str, str]) -> tuple[str, dict[str, object]]:
    """Return the item's kind and its body; `named`: the ticket, by `ticket` or `token`."""
    return "feedback", {"served": "yes", "face": 3, **named}
