from pathlib import Path

import pytest

from common.machine.doctor.finding import Verdict
from hub.doctor.services import UNITS, check_services
from tests.common.machine.doctor.test_tools import lay_down


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({}, Verdict.OK),
        ({("is-active", "hub.service"): "inactive"}, Verdict.PROBLEM),
        ({("is-enabled", "hub.service"): "disabled"}, Verdict.PROBLEM),
        ({("is-enabled", "hub-forward.service"): "masked"}, Verdict.PROBLEM),
    ],
)
def test_a_service_that_is_stopped_disabled_or_masked_is_named(
    tmp_path: Path, spoilt: dict[tuple[str, str], str], said: Verdict
) -> None:
    well = {(verb, unit): {"is-active": "active", "is-enabled": "enabled"}[verb] for unit in UNITS
            for verb in ("is-active", "is-enabled")}  # fmt: skip
    answers = well | spoilt
    found, _ = check_services(lambda verb, unit: answers.get((verb, unit), ""), tmp_path)
    assert found.verdict is said
    assert all(unit in found.found and unit in found.todo for _, unit in spoilt)


def test_on_a_laptop_no_service_is_looked_for(tmp_path: Path) -> None:
    (found,) = check_services(lambda *_: "", tmp_path / "none")
    assert found.verdict is Verdict.SKIPPED


def test_a_hub_to_which_no_version_would_come_says_what_it_lacks(tmp_path: Path) -> None:
    etc = tmp_path / "etc/hub"
    etc.mkdir(parents=True)
    timer = {"is-active": "active", "is-enabled": "enabled"}

    def updates() -> str:
        answers = {"hub-nightly.timer": timer}
        found = check_services(lambda verb, unit: answers.get(unit, {}).get(verb, ""), tmp_path, tmp_path)
        return next(one.line for one in found if one.check == "updates")

    assert updates().startswith("WARNING  updates: /etc/hub/packages.url says nothing")
    (etc / "packages.url").write_text("https://central.example/packages\n")
    assert updates().startswith("PROBLEM  updates: /etc/hub/release.gpg is missing")
    (etc / "release.gpg").write_bytes(b"\x99key")
    assert updates() == "OK       updates: they come at night, signed"
    went_back = tmp_path / "var/lib/hub-update/went-back"
    went_back.parent.mkdir(parents=True)
    went_back.write_text("libc6 2.41-13\nopenssl 3.5\n")
    assert updates().startswith("WARNING  updates: it did not come up with libc6 and others of a night")
    went_back.unlink()
    timer["is-active"] = "inactive"
    (etc / "packages.url").write_text("stick\n")
    assert updates() == "OK       updates: they come by stick, as /etc/hub/packages.url says: hub-update --from FOLDER"
    (etc / "packages.url").write_text("https://central.example/packages\n")
    assert updates() == (
        "WARNING  updates: hub-nightly.timer is off: no version comes -> systemctl enable --now hub-nightly.timer"
    )


def test_tools_of_another_version_than_the_hubs_are_named(tmp_path: Path) -> None:
    lay_down(tmp_path, "1.2.0", name="hub")
    found = {one.check: one.verdict for one in check_services(lambda *_: "", tmp_path, tmp_path)}
    assert found["tools"] is Verdict.WARNING
