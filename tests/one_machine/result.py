"""What a process of these tests says at its end: counts, and each thing that was not as it should be."""

import json
import sys
from dataclasses import asdict, dataclass, field


@dataclass
class Result:
    """`broken` names what failed or changed; all else are counts."""

    structs: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    values: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    pages: int = 0
    tasks: int = 0
    broken: list[str] = field(default_factory=list)

    def tried(self, place: str, answer: str) -> None:
        """Count one value and what became of it."""
        where = place.partition(" = ")[0]
        self.structs.add(where.partition(".")[0])
        self.places.add(where)
        self.values += 1
        self.answers[answer] = self.answers.get(answer, 0) + 1

    def say(self) -> None:
        """Print it as JSON, the last line of the process."""
        told = asdict(self) | {"structs": len(self.structs), "places": len(self.places)}
        print(json.dumps(told, ensure_ascii=False))
        sys.stdout.flush()
