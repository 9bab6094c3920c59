"""What search engines read of a centre's services: schema.org's GovernmentService, as JSON-LD within the page.

It says what the city has said of papers, fees and hours, and nothing of now: others keep it for days.
"""

from typing import Any, Final

import msgspec

from central.insight.centres.now import CentreLine
from central.insight.centres.reading import Centre
from central.insight.public.texts import Language, tell
from common.city.brand.brand import brand
from common.city.catalogue import Fee, Hours, Service
from common.city.groups import Words

_OFFICE: Final = "#centre"
_DAYS: Final = {
    "sun": "Sunday", "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday",
}  # fmt: skip


def linked_data(line: CentreLine, centre: Centre, language: Language) -> str:
    """Return the office and each of its services as JSON that may stand in a page."""
    services = {one.code: one for one in centre.catalogue.services}
    office: dict[str, Any] = {"@type": "GovernmentOffice", "@id": _OFFICE, "name": _said(centre.names, language)}
    authority = (brand().authority or {}).get(language)
    if authority is not None:
        office["parentOrganization"] = {"@type": "GovernmentOrganization", "name": authority}
    graph = [office, *(_service(services[one.service], language) for one in line.services)]
    written = msgspec.json.encode({"@context": "https://schema.org", "@graph": graph}).decode()
    return written.replace("<", "\\u003c")  # no name ends the block


def _service(service: Service, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "GovernmentService",
        "name": _said(service.names, language),
        "provider": {"@id": _OFFICE},
    }
    if service.papers:
        comma = tell(language, "centres.comma")
        papers = comma.join(_said(one, language) for one in service.papers)
        told["description"] = f"{tell(language, 'centres.papers')} {papers}"
    if service.fee is not None:
        told["offers"] = {"@type": "Offer", "priceSpecification": _price(service.fee, language)}
    if service.hours is not None:
        told["hoursAvailable"] = _hours(service.hours)
    return told


def _price(fee: Fee, language: Language) -> dict[str, Any]:
    """Return the fee; with the money's name, since of two moneys a code alone may mean either."""
    money = brand().currency
    is_own = fee.currency in ("", money.code)
    price = {"@type": "PriceSpecification", "price": money.amount(fee.due_minor).replace(",", "")}
    price["priceCurrency"] = fee.currency or money.code
    return price | ({"name": _said(money.names, language)} if is_own else {})


def _hours(hours: Hours) -> dict[str, Any]:
    days = [_DAYS[day] for day in hours.days]
    return {"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": hours.opens, "closes": hours.closes}


def _said(names: Words, language: Language) -> str:
    return names.get(language) or names.get("ar", "")
