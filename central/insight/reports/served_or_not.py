"""Sheets of who was served and who was not, what visitors said, who was expected, and what was paid for bills."""

from central.insight.feedback.counts import Answers
from central.insight.receipts.parts import CASH, amount_of
from central.insight.reports.counted import median, p90
from central.insight.reports.month import Month
from central.insight.reports.sheet import Cell, Sheet, Words, length, minutes, share
from features.feedback.wire import ANSWERS, GLAD, SAD


def interruptions(month: Month, words: Words) -> Sheet:
    """Lay out each service's interruptions by cause, cuts before them, and how many found the system down."""
    rows: list[tuple[Cell, ...]] = [
        (words.say("all_services"), words.say("interruptions.cut"), None, length(month.cut_s), None)
    ]
    ordered = sorted(month.interruptions.items(), key=lambda pair: (-pair[1].seconds, pair[0]))
    for (service, reason), one in ordered:
        cause = month.reasons.get(reason, {}).get(words.language) or reason
        said = month.answers.get(service, Answers())
        down = said.served.get("down", 0) if said.is_told else None
        rows.append((words.service(service), cause, one.times, length(one.seconds), down))
    return words.sheet("interruptions", ("service", "cause", "times", "length", "said_down"), rows)


def feedback(month: Month, words: Words) -> Sheet:
    """Lay out what visitors said: all together, then by service, none of fewer answers than may be told."""
    whole = Answers()
    for one in month.answers.values():
        whole.add(one)
    asked = {code: served.asked for code, served in month.services.items()}
    lines = [(words.say("all_services"), whole, sum(asked.values()))]
    ordered = sorted(month.answers.items(), key=lambda pair: (-pair[1].total, pair[0]))
    lines += [(words.service(code), one, asked.get(code, 0)) for code, one in ordered]
    columns = ("service", "answers", "answers_share", *(f"served_{name}" for name in ANSWERS), "glad", "sad")
    rows = [(name, *_of_answers(one, among)) for name, one, among in lines if one.is_told]
    return words.sheet("feedback", columns, rows)


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


def _of_answers(answers: Answers, asked: int) -> tuple[Cell, ...]:
    shares = [share(answers.served.get(name, 0), answers.total) for name in ANSWERS]
    faces = [share(answers.faces.get(face, 0), answers.total) for face in (GLAD, SAD)]
    return (answers.total, share(answers.total, max(asked, answers.total)), *shares, *faces)
