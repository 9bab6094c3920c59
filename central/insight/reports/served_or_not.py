"""Sheets of what stood still, who was expected, and what was paid for bills."""

from central.insight.receipts.parts import CASH, amount_of
from central.insight.reports.counted import median, p90
from central.insight.reports.month import Month
from central.insight.reports.sheet import Cell, Sheet, Words, length, minutes, of_features, share


def interruptions(month: Month, words: Words) -> Sheet:
    """Lay out each service's interruptions by cause, cuts before them, and what features have to say of the service."""
    beside = [one.column for one in of_features()]
    none = [None for _ in beside]
    rows: list[tuple[Cell, ...]] = [
        (words.say("all_services"), words.say("interruptions.cut"), None, length(month.cut_s), *none)
    ]
    ordered = sorted(month.interruptions.items(), key=lambda pair: (-pair[1].seconds, pair[0]))
    for (service, reason), one in ordered:
        cause = month.reasons.get(reason, {}).get(words.language) or reason
        more = [cell(month, service) for _, cell in beside]
        rows.append((words.service(service), cause, one.times, length(one.seconds), *more))
    return words.sheet("interruptions", ("service", "cause", "times", "length", *(name for name, _ in beside)), rows)


def claims(month: Month, words: Words) -> Sheet:
    """Lay out who came by appointment and from afar, who did not, and both sides' waits beside each other."""
    rows: list[tuple[Cell, ...]] = []
    for kind in ("booked", "afar", "others"):
        came, missed = month.claims.get(f"{kind}_arrived"), month.claims.get(f"{kind}_missed", 0)
        waits = month.waits_by_claim.get(kind, [])
        made = None if kind == "others" else (came or 0) + missed
        cells: tuple[Cell, ...] = (made, None if made is None else missed, share(missed, made) if made else None)
        rows.append((words.say(f"claims.{kind}"), *cells, minutes(median(waits)), minutes(p90(waits))))
    columns = ("figure", "claims_made", "claims_missed", "missed_share", "wait_median", "wait_p90")
    return words.sheet("claims", columns, rows)


def payments(month: Month, words: Words) -> Sheet:
    """Lay out what was paid for bills by telephone and in cash: what became of it, in number and in sum."""
    rows: list[tuple[Cell, ...]] = []
    for one in month.payments.values():
        payer = words.say("payments.cash") if one.payer == CASH else one.payer_names.get(words.language) or one.payer
        biller = one.biller_names.get(words.language) or one.biller
        cells: list[Cell] = []
        for end in ("marked", "refunded", "open"):
            sum_of = one.sums.get(end, 0)
            cells += [
                one.counts.get(end, 0),
                amount_of(sum_of, one.currency, one.pound, words.language) if sum_of else None,
            ]
        rows.append((payer, biller, one.opened, *cells))
    ends = ("marked", "marked_sum", "refunded", "refunded_sum", "paid_open", "paid_open_sum")
    return words.sheet("payments", ("payer", "biller", "opened", *ends), rows)
