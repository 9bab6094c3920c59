"""After a take-over: what a counter last heard from the former hub comes in, where it was not pulled yet."""

from typing import Any

import msgspec

from common.queue.standing import Counter
from hub.engine.act import Act
from hub.engine.refusal import Refused
from hub.log.facts import Facts
from hub.log.reading import find_counter
from hub.takeover.answers_of_1_0 import Answered, Heard, adopt
from hub.takeover.late_facts import take_facts

__all__ = ["Heard", "resume"]


def resume(act: Act, number: int, heard: Heard | None, *, more: bool = False) -> Counter:
    """Bring a counter to what an answer says that its page heard; after the last one, wait for it no longer.

    Args:
        act: the transaction.
        number: the counter.
        heard: its answer by the former hub; None where it has none.
        more: whether the page has a later answer to tell.

    Raises Refused where the answer is another counter's, or cannot be read.
    """
    if heard is not None:
        take(act, number, heard)
    counter = find_counter(act.connection, number)
    if counter.must_resume and not more:
        counter = act.record_at(counter, "resumed-after-takeover").counter
    return counter


def take(act: Act, number: int, heard: Heard) -> int:
    """Take in what an answer says that was done, where this log does not hold it; return how many events that made.

    A refusal says nothing of what was done. `number`: the counter whose page has it. Raises as `resume`.
    """
    before = act.seq
    try:
        said: Any = msgspec.json.decode(heard.body)
        if isinstance(said, dict) and "press" not in said and "status" in said:
            return 0
        if isinstance(said, dict) and "facts" in said:
            return take_facts(act, msgspec.convert(said["facts"], Facts))
        by_1_0 = msgspec.convert(said, Answered)
    except (msgspec.ValidationError, KeyError) as error:
        raise Refused(422, "unreadable-answer", str(error)[:200]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(422, "unreadable-answer", "the answer is no JSON") from error
    if by_1_0.counter.number != number:
        raise Refused(422, "another-counter", f"the answer is of counter {by_1_0.counter.number}")
    adopt(act, number, heard.hub, by_1_0)
    return act.seq - before
