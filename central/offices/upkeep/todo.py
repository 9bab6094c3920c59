"""One thing that needs somebody, in words; and its kinds, the most urgent first."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from central.base import clock
from central.insight.public.texts import Language, tell
from central.kiosks.machine import Machine
from central.offices.drawing import FOLDER, word

KINDS: Final = (
    "centre-silent", "hub-silent", "hub-stopped", "certificate", "disk", "doctor", "backup-old", "rollout-stopped",
    "machines-flood", "revoked-machines", "unknown-machines", "kiosk-silent", "kiosk-stopped", "kiosk-mute",
    "kiosk-closed", "kiosk-paper", "kiosk-device", "kiosk-disk", "board-silent", "set-apart", "money-stuck",
    "refunds", "money-differs", "money-unknown", "hub-alarm", "kiosk-alarm", "kiosk-left-out", "rollout-untended",
    "doctor-old", "rollout-waiting", "hub-updates", "kiosk-updates", "hub-board", "hub-stick", "kiosk-stick",
    "hub-went-back", "kiosk-went-back",
    "kiosk-paper-low", "kiosk-battery", "kiosk-backlog", "backup-untried", "retention-late", "retention",
    "authority", "growth",
)  # fmt: skip
"""The most urgent first: what stops a hall or all kiosks, then one kiosk, money, what can wait for the week."""
UNHEARD: Final = ("hub-silent", "hub-stopped", "kiosk-silent", "kiosk-stopped", "kiosk-mute")
"""Of a machine of which this holds nobody knows how it is otherwise."""
_PLACES: Final = {"centre-silent": "needs.centre", "board-silent": "needs.board", "hub-board": "needs.board"}
_PAGES: Final = {
    "rollout-stopped": "fleet", "rollout-untended": "fleet", "rollout-waiting": "fleet", "machines-flood": "fleet",
    "revoked-machines": "people", "unknown-machines": "people",
    "money-stuck": "payments", "refunds": "payments", "money-differs": "payments",
    "money-unknown": "payments",
    "backup-old": "#copies", "backup-untried": "#copies", "retention": "#retention", "retention-late": "#retention",
}  # fmt: skip
"""The page of the offices, or the part of this one, on which one sees more of it."""
_BETWEEN: Final[dict[Language, str]] = {"ar": "، ", "en": ", "}


class Todo(Struct, frozen=True, kw_only=True):
    """One thing that needs somebody, at a machine or at central itself.

    `detail`: what its texts name; `about`: machines that they name as `why`, before what `detail` has of it. `said`: a
    machine's own words that they name as `said`, each with its group in the catalogue.
    """

    kind: str
    since: str | None = None
    machine: Machine | None = None
    detail: dict[str, str] = {}
    about: list[Machine] = []
    said: list[tuple[str, str]] = []
    count: int | None = None

    @property
    def key(self) -> str:
        """Return what tells it from all others, and stays while it stands."""
        if self.machine is None:
            about = "central"
        else:
            about = self.machine.centre if self.kind == "centre-silent" else self.machine.id
        return "/".join((self.kind, about, self.detail.get("version", self.detail.get("check", ""))))

    @property
    def link(self) -> str | None:
        """Return where one sees more of it: a page of the offices, a machine's first; None where no page has more."""
        if self.kind == "centre-silent" and self.machine is not None:
            return f"fleet?centre={self.machine.centre}"
        of = next(filter(None, (self.machine, *self.about)), None)
        return f"kiosks/{of.id}" if of is not None else _PAGES.get(self.kind)

    def row(self, language: Language) -> dict[str, str | None]:
        """Return it in words."""
        values = {**self.detail, "said": _BETWEEN[language].join(word(language, *one) for one in self.said)}
        names = _BETWEEN[language].join(_name(f"needs.{one.role}", one, language) for one in self.about)
        if names:
            values["why"] = ": ".join(filter(None, (names, values.get("why"))))
        if self.machine is not None:
            values["id"] = self.machine.id
        what = tell(language, f"needs.{self.kind}", self.count, folder=FOLDER, **values)
        todo = tell(language, f"needs.{self.kind}.do", self.count, folder=FOLDER, **values)
        return {"what": what, "where": self._where(language), "since": self.since, "do": todo}

    def _where(self, language: Language) -> str:
        machine = self.machine
        if machine is None:
            return tell(language, "needs.central", folder=FOLDER)
        place = {True: "needs.leader", False: f"needs.{machine.role}", None: "needs.led"}[machine.leads(clock.now())]
        return _name(_PLACES.get(self.kind, place), machine, language)


def _name(text_id: str, machine: Machine, language: Language) -> str:
    """Return a machine's name as people of its centre say it, by one of the texts for that."""
    centre = (machine.name_ar if language == "ar" else machine.name_en) or machine.centre
    return tell(language, text_id, folder=FOLDER, number=machine.number, centre=centre)


def by_urgency(found: Iterable[Todo]) -> list[Todo]:
    """Return them with the most urgent first, of a kind the oldest."""
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.since or ""))
