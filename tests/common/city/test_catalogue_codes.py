"""By its code a published service is told from all others, however long the codes are."""

from common.city.catalogue import load_catalogue

LONGEST = "a" * 40
SERVICE = {"code": LONGEST, "group": "E", "prefix": "", "names": {"ar": "جوازات", "en": "Passports"}}


def test_a_code_of_forty_letters_names_the_service_that_a_later_entry_changes() -> None:
    catalogue = load_catalogue([SERVICE, {"code": LONGEST, "main": True}])
    found = catalogue.get(LONGEST)
    assert found is not None
    assert found.main
    assert catalogue.disabled == {}


def test_a_code_that_is_too_long_costs_no_service_whose_code_it_begins_with() -> None:
    catalogue = load_catalogue([SERVICE, SERVICE | {"code": LONGEST + "a"}])
    assert catalogue.get(LONGEST) is not None
    assert list(catalogue.disabled) == ["feed entry 2"]
