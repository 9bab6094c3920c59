"""Whether the centre is set up, and what in its queue a person should look at."""

from collections.abc import Iterator

from common.machine.doctor.finding import Finding, ok, problem, warning
from hub.engine.act import Hub
from hub.engine.status import board_reach_m, business_day, counters_of, over_issuing
from hub.estimates.estimate import ENOUGH_RATIOS, coverage
from hub.log.reading import waiting_by_queue
from hub.takeover.holders import silent_hubs


def check_centre(hub: Hub) -> Iterator[Finding]:
    """See what central has said of this centre."""
    with hub.read() as look:
        centre, reach = look.centre, board_reach_m(look)
    if not centre.counters:
        yield problem(
            "counters", "central has published none", "central publish counters FILE, then hub forward --once"
        )
    else:
        yield ok("counters", f"{len(centre.counters)}, weight of priority {centre.rules.priority_weight:g}")
    if not centre.clerks:
        yield problem("clerks", "central has named none", "central clerk NAME --centre C, then hub forward --once")
    elif not any(clerk.role == "manager" for clerk in centre.clerks.values()):
        yield warning(
            "clerks", "none is a manager", "central clerk NAME --centre C --role manager: to promote a standby"
        )
    else:
        yield ok("clerks", f"{len(centre.clerks)}, with a manager")
    live = [kiosk for kiosk in centre.kiosks.values() if not kiosk.revoked]
    if not live:
        yield warning("kiosks", "central has named none", "enrol the kiosks of this centre, then hub forward --once")
    else:
        yield ok("kiosks", f"{len(live)} may tell of tickets")
    if centre.boards:
        yield ok("boards", f"{', '.join(sorted(centre.boards))} count")
    else:
        yield warning(
            "boards", "none is named: only one on this machine counts", "hub board ADDRESS, for each board of the hall"
        )
    if reach is not None:
        wanted_m, serves_m = reach
        text = f"the hall's board can be read from {serves_m:g} m"
        if serves_m < wanted_m:
            advice = f"a larger screen, or distance={serves_m:g} in /etc/board.env and a board nearer to the last bench"
            yield warning("board's letters", f"{text}, the last bench is {wanted_m:g} m away", advice)
        else:
            yield ok("board's letters", text)
    served = {queue for counter in centre.counters.values() for queue in counter.groups}
    unserved = sorted({service.queue for service in centre.services.values()} - served)
    if centre.counters and unserved:
        text = f"no counter calls {', '.join(unserved)}: they are called only where another has nobody"
        yield warning("groups", text, "central publish counters FILE, or the manager's page")


def check_queue(hub: Hub) -> Iterator[Finding]:
    """See how the queue stands."""
    with hub.read() as look:
        day, waiting = business_day(look), waiting_by_queue(look.connection, look.day)
        held = [one.number for one in counters_of(look) if one.must_resume]
        silent, over, measured = silent_hubs(look), over_issuing(look), coverage(look)
    if day is None:
        yield warning("business day", "none is open yet", "central, a trusted clock, or the manager's page opens it")
    else:
        yield ok("business day", f"{day}, {sum(waiting.values())} wait")
    if held:
        yield warning("take-over", f"counters {held} have not reported", "their pages, or release them as manager")
    for name, silent_s in silent.items():
        yield warning("standby", f"{name} has not pulled for {int(silent_s)} s", "power, network and hub.service there")
    for one in over:
        yield warning("kiosk", f"{one.kiosk} gave {one.given} numbers in ten minutes", "look at that kiosk")
    if measured["told"] >= ENOUGH_RATIOS:
        share = 100 * measured["held"]
        text = f"{share:.0f} % of the ranges held"
        yield ok("ranges", text) if share >= 70 else warning("ranges", text, "services take other times than told")
