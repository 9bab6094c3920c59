"""A text to lines: as few as there can be and about equally long, so that no word is left alone on the last one."""

from collections.abc import Callable

type Measure = Callable[[str], float]  # how wide a text is, in the unit of the width that it is wrapped to


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break a text in reading order, before any reordering, so that an Arabic paragraph reads from its first line.

    A newline always breaks. A word that is wider than a line, such as a long address, is broken between letters.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        words = part.split()
        filled = _filled(words, width, measure)
        # A word that is broken between letters has no balance to keep.
        is_broken = any(measure(word) > width for word in words)
        lines += filled if len(filled) < 2 or is_broken else _balanced(words, len(filled), width, measure)
    return lines


def _filled(words: list[str], width: float, measure: Measure) -> list[str]:
    """Fill each line before the next is begun: as few lines as there can be."""
    lines: list[str] = []
    current = ""
    for word in words:
        longer = f"{current} {word}" if current else word
        if measure(longer) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        *whole, current = _pieces(word, width, measure)
        lines.extend(whole)
    return [*lines, current] if current else lines


def _pieces(word: str, width: float, measure: Measure) -> list[str]:
    pieces, current = [], ""
    for letter in word:
        if current and measure(current + letter) > width:
            pieces.append(current)
            current = ""
        current += letter
    return [*pieces, current]


def _balanced(words: list[str], count: int, width: float, measure: Measure) -> list[str]:
    """Share words out over `count` lines so that the squares of what the lines leave free add up to the least.

    Minimum raggedness (Knuth and Plass, Breaking Paragraphs into Lines, 1981), the last line counting like the others.
    """
    # The best way to set so many words on the lines so far: number of words -> (what is left free, squared; lines).
    best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
    for _ in range(count):
        longer: dict[int, tuple[float, list[str]]] = {}
        for start, (ragged, lines) in best.items():
            for end in range(start + 1, len(words) + 1):
                candidate = " ".join(words[start:end])
                free = width - measure(candidate)
                if free < 0:
                    break
                if end not in longer or ragged + free**2 < longer[end][0]:
                    longer[end] = (ragged + free**2, [*lines, candidate])
        best = longer
    return best[len(words)][1]
