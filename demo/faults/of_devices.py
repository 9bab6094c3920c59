"""Faults of printer, scanner, card reader and battery."""

from demo.devices import ups_server
from demo.faults.fault import Fault
from demo.town import Act, Town


def _begin(town: Town) -> None:
    town.devices.turn_fault(is_on=True)


def _mend(town: Town) -> None:
    town.devices.turn_fault(is_on=False)


_SWITCHED = Fault(begin=_begin, mend=_mend)


def _on(variables: dict[str, str]) -> Act:
    def turn(town: Town) -> None:
        town.ups.variables = variables

    return turn


_mains = _on(ups_server.MAINS)

FAULTS: dict[str, Fault] = {
    "printer.paper-near-end": _SWITCHED,
    "printer.paper-out": _SWITCHED,
    "printer.cover-open": _SWITCHED,
    "printer.offline": _SWITCHED,
    "printer.jammed": _SWITCHED,
    "printer.overheated": _SWITCHED,
    "printer.silent": _SWITCHED,
    "printer.garbling": _SWITCHED,
    "printer.unplugged": _SWITCHED,
    "printer.power-lost": _SWITCHED,
    "printer.paper-ends": _SWITCHED,
    "printer.missing": Fault(),
    "scanner.unplugged": _SWITCHED,
    "scanner.babbling": _SWITCHED,
    "scanner.missing": Fault(takes_orders=False),
    "card-reader.unplugged": _SWITCHED,
    "card-reader.babbling": _SWITCHED,
    "card-reader.missing": Fault(),
    "power.battery": Fault(prepare=_on(ups_server.BATTERY), mend=_mains),
    "power.orders-closed": Fault(prepare=_on(ups_server.ORDERS_CLOSED), mend=_mains),
    "power.low": Fault(
        prepare=_on(ups_server.NEARLY_EMPTY),
        mend=_mains,
        face="power",
    ),
}
