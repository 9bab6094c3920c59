"""The fleet's operator: reads what needs somebody, telephones, types what the guides say, and writes it down."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from central.offices.retention.kinds import asked_about
from common.machine.errors import CannotBeDone
from tools.fleet.central import FleetCentral
from tools.fleet.centre import Centre, Lost
from tools.fleet.world import WorldTime

TECHNICIAN: Final = "Rana"
RULES: Final = {"items": 730, "claims": 90, "messages": 30}  # days; a year of all else that the doctor asks about
_KIOSK: Final = re.compile(r"Kiosk (\d) of (.+)")
_CUT: Final = "the centre's line is cut: the provider is told"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the operator's book: what the page said, what there was to know, what was typed or done."""

    at: datetime
    where: str
    said: str
    known: str
    did: tuple[str, ...] = ()


@dataclass
class Operator:
    """Who sits at central. `look` is what is done each hour."""

    world: WorldTime
    central: FleetCentral
    centres: dict[str, Centre]  # by their names
    version: str
    book: list[Entry] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._since_copy: list[tuple[str, ...]] = []
        self._told: set[tuple[str, str]] = set()
        self._typed: list[str] = []
        self._rollouts = 0

    # --- by hand ------------------------------------------------------------------------------------------------

    def act(self, *words: str) -> list[dict[str, Any]]:
        """Type what would have to be typed again after a restore."""
        said = self._type(*words)
        self._since_copy.append(words)
        return said

    def write(self, where: str, said: str, known: str, *did: str) -> None:
        """Write down what was typed since the last entry, and what else was done."""
        typed = (one.replace(f"{self.central.folder}/", "") for one in self._typed)
        self.book.append(Entry(self.world.now, where, said, known, (*typed, *did)))
        self._typed.clear()

    def roll_out(self) -> None:
        """Begin the next version's roll-out, three kiosks first."""
        self._roll_out("", "a new version is there")

    def _roll_out(self, said: str, known: str) -> None:
        self._rollouts += 1
        start = ("rollout", "start", f"{self.version}+{self._rollouts}", "--first", "3")
        try:
            self.act(*start)
        except CannotBeDone:  # the one before is still on its way: it says what to type first
            self.act("rollout", "stop")
            self.act(*start)
        self.write("Central", said, known)

    def _type(self, *words: str) -> list[dict[str, Any]]:
        self._typed.append("central " + " ".join(words))
        return self.central.command(*words)

    # --- by the clock -------------------------------------------------------------------------------------------

    def night(self) -> None:
        """Let the timer make its copy: what came later would be missing in it."""
        self.central.command("backup", "--to", str(self.central.copies), "--settings", str(self.central.copies / "etc"))
        self._since_copy.clear()

    def look(self) -> None:
        """Read what needs somebody, and see to it."""
        self.central.note_contacts()
        try:
            self.central.command("rollout", "advance")  # its timer
        except CannotBeDone as error:
            if "stopped" not in str(error):
                raise
        rows = self.central.command("needs")
        for row in rows:
            if "has not said how it is" not in row["what"]:  # no screen runs here that could
                self._see(row)
        known = {(str(row["where"]), str(row["since"])) for row in rows}
        self._told &= known

    def _see(self, row: dict[str, str]) -> None:
        what, where = row["what"], row["where"]
        if what.startswith("Not heard"):
            self._call(row)
        elif what.startswith("Kept for ever"):
            for kind in asked_about():
                self.act("retention", "set", kind, str(RULES.get(kind, 365)))
            self.write(where, what, "the city has decided so")
        elif what.startswith("No copy was restored"):
            self._type("backup", "check", str(self.central.copies))
            self.write(where, what, "")
        elif what.startswith("No copy of central was made"):
            self.night()
            self.write(where, what, "its timer has not run", "systemctl start central-backup")
        elif what.startswith("Version") and "was stopped" in what:
            self._roll_out(what, "the maker has mended it")
        elif what.startswith("Version") and "waits for" in what:
            self._type("rollout", "go-on")
            self.write(where, what, "those that it waits for are replaced or off")
        elif "copy brought back" in what:
            for finding in self._type("findings"):
                if finding["code"] == "kiosk-unknown":
                    self._enrol_again(finding["kiosk"], what)
        else:
            self._once(row, "nothing that a test could do", ())

    def _once(self, row: dict[str, str], known: str, did: tuple[str, ...]) -> None:
        key = (row["where"], str(row["since"]))
        if key not in self._told:
            self._told.add(key)
            self.write(row["where"], row["what"], known, *did)

    # --- machines -----------------------------------------------------------------------------------------------

    def _call(self, row: dict[str, str]) -> None:
        centre, machine = self._named(row["where"])
        state = centre.tell(machine)
        if state == "on":
            self.faults.append(f"{self.world.now}: {machine} is called silent, and is on")
        elif state == "cut off":
            self._once(row, _CUT, ("telephoned",))
        elif centre.is_cut_off:
            self._once(row, f"it is {state}; a new one is set up once the line is back", ("telephoned",))
        else:
            self._replace(row, centre, machine, state)

    def _replace(self, row: dict[str, str], centre: Centre, machine: str, state: str) -> None:
        self.act("revoke", machine)
        did = []
        if state == "stolen":
            heard = centre.thief_tries(machine)
            if heard == "taken":
                self.faults.append(f"{machine} was stolen and turned away, and central took what it sent")
            did.append(f"the thief connected it, and heard: {heard}")
            self.act("technician", TECHNICIAN, "--centre", centre.code, "--role", "technician")
        new = centre.replace(machine, self._code(centre))
        known = "it was stolen" if state == "stolen" else "it is dead, and its disk too"
        self.write(row["where"], row["what"], known, *did, f"kiosk-setup on a new machine: {new}")

    def _code(self, centre: Centre) -> str:
        (said,) = self._type("enrolment-code", "--centre", centre.code)
        return str(said["code"])

    def _named(self, where: str) -> tuple[Centre, str]:
        """Return centre and id of a machine by how the page names it."""
        kiosk = _KIOSK.fullmatch(where)
        assert kiosk is not None, where
        centre, digit = self.centres[kiosk[2]], int(kiosk[1])
        (found,) = [
            row["kiosk"]
            for row in self.central.command("kiosks")
            if (row["centre"], row["digit"], row["revoked_at"]) == (centre.code, digit, None)
        ]
        return centre, str(found)

    def _enrol_again(self, machine: str, said: str) -> None:
        for centre in self.centres.values():
            if machine in centre.living and not centre.is_cut_off:
                again = centre.enrol_again(machine, self._code(centre))
                if again != machine:
                    self.faults.append(f"{machine} was enrolled again on its own disk, and is {again} now")
                self.write(centre.code, said, f"{machine} was enrolled after the copy", "kiosk enrol there")

    # --- the worst day ------------------------------------------------------------------------------------------

    def bring_back(self, before: set[tuple[str, str]], gone: set[str]) -> None:
        """Bring central back from the night's copy, and do again what people did since.

        `before`: what was applied when it died; `gone`: machines that can send nothing again.
        """
        self._type("bring-back", str(self.central.copies), "--key", str(self.central.safe))
        self.central.start()
        missing = {one for one in before - self.central.applied() if one[0] in gone}
        why = "central was brought back to a copy from before, and the machine was gone"
        self.lost += [Lost(machine, item, None, why) for machine, item in sorted(missing)]
        for words in tuple(self._since_copy):
            try:
                self._type(*words)
            except CannotBeDone as error:
                self._typed.append(f"  (it said: {str(error).splitlines()[0][-120:]})")
        self.write("Central", "", "its machine is dead; a new one, the copy, the key from the safe")
