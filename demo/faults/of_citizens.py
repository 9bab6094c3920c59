"""Citizens who do otherwise than most: other services, other letters, questions, and a number instead of a code."""

from demo.faults.fault import Fault, Step
from demo.processes import wait_until
from demo.town import Town
from offline_store.queue.word import read_word

ORDER_NUMBER = "2611250017"
_TAKEN = (Step("done", "start"),)


def _make_known(town: Town) -> None:
    """Have central say that the order with this number is not ready yet."""
    order = town.order()["order"]
    message = {"order": order, "number": ORDER_NUMBER, "state": "in_progress", "service": "state-employees"}
    town.publish("order-state", message)


def _tell_papers(town: Town) -> None:
    """Have central say what the service needs, which nobody has said yet of any."""
    paper = {"ar": "البطاقة الشخصية", "en": "Identity card"}
    fee = {"amount_minor": 0, "currency": "SYP"}
    town.publish("catalogue", {"services": [{"code": "state-employees", "papers": [paper], "fee": fee}]})


def _wait_for_the_hub(town: Town) -> None:
    """Let the kiosk hear of its hub twice: it offers no call before it has noticed that there is one."""
    words = set[int]()

    def heard_twice() -> bool:
        word = read_word(town.config.data_dir)
        if word is not None:
            words.add(word.heard_boot_ns)
        return len(words) > 1

    wait_until(heard_twice, 30.0)


FAULTS: dict[str, Fault] = {
    "citizen.hesitates": Fault(hesitates=True),
    "citizen.wants-another-service": Fault(
        walk=(Step("more", "more"), Step("next_page", "more"), Step("tile:commercial-bank", "ticket"), *_TAKEN),
    ),
    "citizen.reads-first": Fault(
        publish=_tell_papers,
        walk=(Step("about", "about"), Step("tile:state-employees", "service"), Step("take", "ticket"), *_TAKEN),
    ),
    "citizen.has-priority": Fault(
        walk=(
            Step("priority", "priority"),
            Step("priority:elderly", "start"),
            Step("tile:state-employees", "ticket"),
            *_TAKEN,
        ),
    ),
    "citizen.reads-english": Fault(
        walk=(Step("language:en", "start"), Step("tile:state-employees", "ticket"), *_TAKEN),
    ),
    "citizen.needs-large-letters": Fault(
        walk=(Step("accessible", "start"), Step("tile:state-employees", "ticket"), *_TAKEN),
    ),
    "citizen.needs-help": Fault(
        walk=(Step("help", "help"), Step("help_ticket", "ticket"), *_TAKEN),
    ),
    "citizen.calls-staff": Fault(
        begin=_wait_for_the_hub,
        walk=(Step("help", "help"), Step("call", "help_result"), Step("done", "start")),
    ),
    "citizen.types-number": Fault(
        publish=_make_known,
        walk=(
            Step("order", "hold_code"),
            Step("type_number", "type_number"),
            *(Step(f"digit:{digit}", "type_number") for digit in ORDER_NUMBER),
            Step("ok", "result"),
            *_TAKEN,
        ),
    ),
    "citizen.orders-by-phone": Fault(
        walk=(
            Step("order", "hold_code"),
            Step("new_order", "document"),
            Step("tile:state-employees", "way"),
            Step("phone", "phone"),
            *_TAKEN,
        ),
    ),
    "citizen.leaves": Fault(
        walk=(Step("accessible", "start"), Step("order", "hold_code"), Step("home", "start")),
    ),
}
