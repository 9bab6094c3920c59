"""What was typed or leafed to is still there after a warning, help or another language, and gone with the visit."""

from pathlib import Path

from tests.screens.window.test_window import play

NUMBER = """
typed = lambda: ui.stage.screen._digits
seen = []
number = TypeOrderNumber()
asked = ask(number)
for digit in "1204":
    await ui.press("digit:" + digit)
await ui.press("language:en")
await asked
ui.set_look(Look("en"))
for aside, answer in ((StillThere(20), "more_time"), (HelpOffer(), "back")):
    asked = ask(number)
    await ui.wait_for("type_number")
    seen.append(typed())
    asked.cancel()
    await asyncio.sleep(0)
    asked = ask(aside)
    await ui.press(answer)
    await asked
asked = ask(number)
await ui.wait_for("type_number")
seen.append(typed())
asked.cancel()
await asyncio.sleep(0)
"""


def test_a_warning_help_and_the_other_language_keep_what_was_typed_and_the_end_of_the_visit_does_not(
    tmp_path: Path,
) -> None:
    seen, after = play(
        tmp_path,
        NUMBER
        + """
ui.forget()
number_screen = ui.screens._made[TypeOrderNumber]
left = number_screen._digits
asked = ask(number)
await ui.wait_for("type_number")
after = [left, typed()]
asked.cancel()
return [seen, after]
""",
    )
    assert seen == ["1204", "1204", "1204"]
    assert after == ["", ""]


def test_another_question_in_between_begins_anew_and_what_is_asked_over_a_list_leaves_its_page(tmp_path: Path) -> None:
    digits, detail, page = play(
        tmp_path,
        NUMBER
        + """
asked = ask(HoldCode())
await ui.press("type_number")
await asked
asked = ask(number)
await ui.wait_for("type_number")
digits = typed()
asked.cancel()
await asyncio.sleep(0)
asked = ask(SAMPLES["more-services"])
await ui.press("next_page")
await ui.wait_for("more")
name = next(t.name for t in ui.stage.targets if t.name.startswith("tile:"))
asked.cancel()
await asyncio.sleep(0)
papers = tuple({"en": f"Certified copy {n}"} for n in range(30))  # more than a page of them
details = ServiceInfo("clearance", NAMES["clearance"], papers)
asked = ask(details)
await ui.press("next_page")
asked.cancel()
await asyncio.sleep(0)
for over, answer in ((HelpOffer(True), "call"), (HelpResult("asked"), "done"), (details, "back")):
    asked = ask(over)
    await ui.wait_for(over.name)
    detail = ui.stage.screen._page
    await ui.press(answer)
    await asked
asked = ask(SAMPLES["more-services"])
await ui.wait_for("more")
page = ui.stage.find(name) is not None
asked.cancel()
return [digits, detail, page]
""",
    )
    assert digits == ""
    assert detail == 1
    assert page
