"""What an entry of the catalogue may say, as kiosks read it: one that they can't read takes its service away there."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.city.brand.brand import brand
from common.city.catalogue import Code, TimeOfDay, Weekday
from common.city.groups import Names, require_both


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """What a service costs, in minor units of the currency: the brand's where it names none."""

    amount_minor: Annotated[int, Meta(ge=0, le=10**12)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")] | UnsetType = UNSET
    pound: Literal["new", "old"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        code = "" if self.currency is UNSET else self.currency
        brand().currency.check(self.amount_minor, code, None if self.pound is UNSET else self.pound)


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """When a service is open, by the clock on the wall."""

    opens: TimeOfDay
    closes: TimeOfDay
    days: Annotated[list[Weekday], Meta(min_length=1)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} is not before closes {self.closes}")


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the documents that a service issues."""

    code: Code
    names: Names
    fee: Fee | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        require_both(self.names)


class ServiceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A service, by its code: new, or what changes of the kiosk's own. Null takes fee, hours or quota away."""

    code: Code
    group: Annotated[str, Meta(min_length=1, max_length=20)] | UnsetType = UNSET
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]?\Z")] | UnsetType = UNSET
    names: Names | UnsetType = UNSET
    papers: Annotated[list[Names], Meta(max_length=12)] | UnsetType = UNSET
    documents: Annotated[list[Document], Meta(max_length=12)] | UnsetType = UNSET
    fee: Fee | UnsetType | None = UNSET
    hours: Hours | UnsetType | None = UNSET
    daily_quota: Annotated[int, Meta(ge=1, le=9999)] | UnsetType | None = UNSET
    numbers: Literal["warn", "stop"] | UnsetType = UNSET
    orderable: bool | UnsetType = UNSET
    main: bool | UnsetType = UNSET
    offered: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        for names in ((self.names,) if self.names else ()) + tuple(self.papers or ()):
            require_both(names)
