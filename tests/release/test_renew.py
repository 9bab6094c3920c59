"""A repository signed again: which of Debian's packages it gets, and what the command's words mean."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from release import renew
from release.errors import BuildFailed
from release.libraries import bill
from release.part import PARTS
from release.source import ROOT
from tests.release.asked import Asked, Signs

NOW = datetime(2026, 11, 25, 9, 0, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize("is_told", [True, False])
def test_debians_newest_come_beside_ours_for_what_ours_need_and_a_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    folder, signer = tmp_path / "repository", Signs()
    with pytest.raises(BuildFailed, match=r"is no repository of ours: .*/repository/pool has no package homs-…$"):
        renew.with_debian(folder, signer, None, NOW)
    (folder / "pool").mkdir(parents=True)
    for name in ("homs-kiosk_1.0_amd64", "homs-kiosk-1.0_1.0_amd64", "homs-hub_1.0_amd64", "libc6_2_amd64"):
        (folder / "pool" / f"{name}.deb").write_text(name)
    installed = tmp_path / "installed"
    with pytest.raises(BuildFailed, match=f"^--installed: found no file {installed}$"):
        renew.with_debian(folder, signer, installed, NOW)
    installed.write_text("openssl\nhoms-kiosk\nhoms-central\nbash\n")
    asked: list[Any] = []

    def fetch(repository: Path, wanted: list[str], into: Path) -> list[Path]:
        into.mkdir()  # a folder of its own, beside what is kept of ours
        asked.append((repository, wanted))
        return [into / "homs-kiosk_0.9.deb", into / "openssl_3.deb", into / "bash_5.deb"]

    def write(packages: list[Path], *given: Any) -> None:
        asked.append(([one.name for one in packages], *given))
        assert all(one.read_text() for one in packages[:3]), "ours are there while the folder is made again"
        assert not any(folder in one.parents for one in packages)

    monkeypatch.setattr(renew, "fetch_debian", fetch)
    monkeypatch.setattr(renew, "write_repository", write)
    assert renew.with_debian(folder, signer, installed if is_told else None, NOW) == 2
    ours = ["homs-hub_1.0_amd64.deb", "homs-kiosk-1.0_1.0_amd64.deb", "homs-kiosk_1.0_amd64.deb"]
    wanted = ["bash", "homs-hub", "homs-kiosk", "openssl"] if is_told else ["homs-hub", "homs-kiosk"]
    assert asked == [
        (folder, wanted),
        ([*ours, "openssl_3.deb", "bash_5.deb"], folder, signer, int(NOW.timestamp()), NOW),
    ]


def test_the_command_signs_the_repository_that_was_built_or_the_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[tuple[Any, ...]] = []

    def signer(folder: Path) -> Signs:
        done.append(("signer", folder))
        return Signs()

    def with_debian(*given: Any) -> int:
        done.append(("debian", given[0], given[2]))
        return 3

    monkeypatch.setattr(renew, "Signer", signer)
    monkeypatch.setattr(renew, "renew", lambda folder, *_: done.append(("renew", folder)))
    monkeypatch.setattr(renew, "with_debian", with_debian)

    def called(*words: str) -> list[tuple[Any, ...]]:
        done.clear()
        monkeypatch.setattr(sys, "argv", ["release.renew", *words])
        assert renew.main() == 0
        return done

    built = ROOT / "build/packages/repository"
    assert called() == [("signer", ROOT / "build/demo-signing-key"), ("renew", built)]
    named = tmp_path / "a/b/repository"
    own = ("signer", tmp_path / "a/demo-signing-key")
    assert called(str(named)) == [own, ("renew", named)]
    capsys.readouterr()
    assert called(str(named), "--debian") == [own, ("debian", named, None)]
    assert capsys.readouterr().out.startswith("3 packages of Debian's are in it\n")
    listed = str(tmp_path / "installed")
    assert called(str(named), "--debian", "--installed", listed) == [own, ("debian", named, Path(listed))]


def test_a_bill_of_materials_says_what_lies_in_an_environment_and_not_where_it_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "venv/lib/python3.13/site-packages/pillow.libs").mkdir(parents=True)
    (tmp_path / "venv/lib/python3.13/site-packages/pillow.libs/libx-0123abcd.so.1.2").write_text("x")
    asked = Asked()
    left = {"name": "left-pad", "version": "2.5.1"}
    said = {
        "specVersion": "1.6",
        "components": [left | {"externalReferences": [str(tmp_path)]}, {"name": "homs-kiosk", "version": "0"}],
        "dependencies": [{"ref": "x"}],
        "metadata": {"timestamp": "now"},
    }
    asked.says = {"cyclonedx-py": json.dumps(said)}
    monkeypatch.setattr(bill, "run", asked.run)
    target = tmp_path / "bill.json"
    bill.write_bill(PARTS[1], "1.2.0", tmp_path / "venv", target, 1_800_000_000, tmp_path / "tools")
    assert asked.lines == [
        (
            f"{tmp_path}/tools/cyclonedx-py environment --output-reproducible --output-format JSON "
            f"{tmp_path}/venv/bin/python"
        )
    ]
    text = target.read_text()
    read = json.loads(text)
    assert text == json.dumps(read, indent=1, sort_keys=True) + "\n"
    own = {"type": "application", "name": "homs-hub", "version": "1.2.0", "bom-ref": "homs-hub"}
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert read == {
        "specVersion": "1.6",
        "components": [
            left,
            {"type": "library", "bom-ref": "pillow/libx-0123abcd.so.1.2", "name": "libx", "version": "1.2",
             "hashes": [{"alg": "SHA-256", "content": digest}],
             "properties": [{"name": "bundled-in", "value": "pillow"}]},
        ],
        "metadata": {
            "timestamp": "2027-01-15T08:00:00+00:00",
            "component": own | {"licenses": [{"license": {"id": "Apache-2.0"}}]},
        },
        "serialNumber": read["serialNumber"],
    }  # fmt: skip
    assert read["serialNumber"].startswith("urn:uuid:")
