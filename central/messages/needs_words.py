"""A need in so few words that they fit into one text, also with a word before them that it is over."""

from collections.abc import Iterator
from typing import Final

from central.insight.public.texts import tell
from central.messages.texts import FOLDER
from central.offices.upkeep.todo import Todo
from common.messages.kind import LONGEST
from common.web.page_texts import LANGUAGES, Language

_ROOM: Final = LONGEST - 10
_PLACES: Final = {"centre-silent": "centre", "board-silent": "board", "hub-board": "board"}


def words_of_need(todo: Todo) -> dict[str, str]:
    """Return a need in each language: with the centre's name where that fits, else with its code."""
    return {language: next(text for text in _texts(todo, language) if len(text) <= _ROOM) for language in LANGUAGES}


def _texts(todo: Todo, language: Language) -> Iterator[str]:
    what = tell(language, f"need.{todo.kind}", folder=FOLDER)
    if todo.machine is not None:
        text_id = f"need.at_{_PLACES.get(todo.kind, todo.machine.role)}"
        names = (todo.machine.name_ar if language == "ar" else todo.machine.name_en, todo.machine.centre)
        for name in filter(None, names):
            place = tell(language, text_id, folder=FOLDER, number=todo.machine.number, centre=name)
            yield f"{place}: {what}"
    else:
        yield f"{tell(language, 'need.at_central', folder=FOLDER)}: {what}"
    yield what
