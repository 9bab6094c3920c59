"""What apt and dpkg are asked, word for word, and what is made of what they say."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.updater.scripted import Scripted
from updater import packages
from updater.errors import Refused
from updater.packages import Repository, check_room, installed, is_older, mend, put_in_charge, tools_in_charge


@pytest.fixture
def here(tmp_path: Path) -> Scripted:
    return Scripted(tmp_path)


def apt_settings(here: Scripted) -> list[str]:
    return (here.root / "state/apt/apt.conf").read_text().splitlines()


def test_apt_looks_at_this_repository_alone_and_at_what_our_key_signed(here: Scripted) -> None:
    repository = Repository(here.site, "https://packages.example/homs")
    apt = here.root / "state/apt"
    assert repository.words == ("-c", f"{apt}/apt.conf")
    assert (apt / "sources.list").read_text() == (
        f"deb [signed-by={here.root}/etc/release.gpg] https://packages.example/homs stable main\n"
    )
    assert apt_settings(here) == [
        f'Dir::Etc::SourceList "{apt}/sources.list";',
        'Dir::Etc::SourceParts "-";',
        f'Dir::State::Lists "{apt}/lists";',
        f'Dir::Cache::Archives "{apt}/archives";',
        'Dir::Cache::pkgcache "";',
        'Dir::Cache::srcpkgcache "";',
        'APT::Update::Error-Mode "any";',
        'Acquire::Retries "5";',
        'Acquire::Check-Date "true";',
        'Acquire::Check-Valid-Until "true";',
        'Dpkg::Options:: "--force-confold";',
    ]
    assert (apt / "lists/partial").is_dir()
    assert (apt / "archives/partial").is_dir()


def test_a_folder_is_read_by_root_and_its_age_is_its_holders_affair(here: Scripted) -> None:
    Repository(here.site, "file:/media/stick")
    assert "copy:/media/stick stable main" in (here.root / "state/apt/sources.list").read_text()
    assert 'Acquire::Check-Valid-Until "false";' in apt_settings(here)
    assert apt_settings(here)[-1] == 'APT::Sandbox::User "root";'


@pytest.mark.parametrize(("kbit", "kbyte"), [(1, 1), (15, 1), (16, 2), (800, 100)])
def test_a_line_is_left_room_and_centrals_own_authority_is_known(here: Scripted, kbit: int, kbyte: int) -> None:
    (here.root / "etc/central-ca.pem").touch()
    Repository(here.site, "https://packages.example", limit_kbit=kbit)
    assert apt_settings(here)[-2:] == [
        f'Acquire::https::Dl-Limit "{kbyte}";',
        f'Acquire::https::CAInfo "{here.root}/etc/central-ca.pem";',
    ]


@pytest.mark.parametrize("url", ["http://x/", "ftp://x/", "https://x y", "", "https://" + "a" * 301, "file:relative"])
def test_no_other_place_of_packages_is_taken(here: Scripted, url: str) -> None:
    with pytest.raises(Refused, match=r"is no place of packages: https://… or a folder is meant"):
        Repository(here.site, url)


def test_without_the_key_nothing_is_taken(here: Scripted) -> None:
    (here.root / "etc/release.gpg").unlink()
    with pytest.raises(Refused, match=r"release\.gpg is missing: it is the key that packages must be signed with"):
        Repository(here.site, "https://x")


@pytest.fixture
def repository(here: Scripted) -> Repository:
    return Repository(here.site, "https://packages.example")


def test_a_list_that_cannot_be_had_is_refused_with_apts_own_lines(here: Scripted, repository: Repository) -> None:
    repository.refresh()
    assert here.lines() == ["apt-get update"]
    told = "\n".join(["Get:1 x", *(f"E: {n}" for n in range(4)), "Err:1 y", "W: z", "W: more"])
    here.answers = [("update", (100, told))]
    with pytest.raises(Refused) as error:
        repository.refresh()
    first, *why = str(error.value).splitlines()
    assert first == "the packages are not taken: their list can't be had, or isn't signed."
    assert why == ["E: 0", "E: 1", "E: 2", "E: 3", "Err:1 y", "W: z"]


SHOWN = "Package: homs-kiosk-{0}\nFilename: pool/x\nSize: {1}\nInstalled-Size: {2}\n"


def test_versions_are_offered_in_dpkgs_order_those_that_can_be_had(here: Scripted, repository: Repository) -> None:
    here.answers = [
        ("pkgnames", "homs-kiosk-1.10.0\nhoms-kiosk-1.9.0\nhoms-kiosk-dbg\nhoms-kiosk-2.0.0\n"),
        ("show --no-all-versions homs-kiosk-2.0.0=2.0.0", "Package: homs-kiosk-2.0.0\nVersion: installed\n"),
        ("show", SHOWN.format("x", 7, 3)),
        ("--compare-versions 1.9.0 lt 1.10.0", ""),
        ("--compare-versions", (1, "")),
    ]
    assert repository.offered() == ["1.9.0", "1.10.0"]
    assert here.lines()[:4] == [
        "apt-cache pkgnames homs-kiosk-",
        "apt-cache show --no-all-versions homs-kiosk-1.10.0=1.10.0",
        "apt-cache show --no-all-versions homs-kiosk-1.9.0=1.9.0",
        "apt-cache show --no-all-versions homs-kiosk-2.0.0=2.0.0",
    ]
    assert repository.room_needed("1.9.0") == 7 + 3 * 1024 + 200_000_000
    assert is_older(here.site, "1.9.0", "1.10.0")
    assert not is_older(here.site, "1.10.0", "1.9.0")


def archived(here: Scripted, *versions: str) -> Callable[..., object]:
    """Have apt put these tools into its archives when it is asked for anything."""

    def run(*words: str, **given: object) -> object:
        for version in versions:
            (here.root / f"state/apt/archives/homs-kiosk_{version}_amd64.deb").write_text(version)
        return here.run(*words, **given)

    return run


GET = "apt-get --yes --no-install-recommends"


def test_a_version_is_put_beside_the_others_with_its_tools_and_those_that_serve(
    here: Scripted, repository: Repository
) -> None:
    object.__setattr__(here.site, "run", archived(here, "1.2.0", "1.1.0"))
    here.answers = [("dpkg-query", "1.1.0\n")]
    repository.install("1.2.0")
    assert here.lines() == [
        f"{GET} install homs-kiosk-1.2.0=1.2.0",
        f"{GET} install --download-only --reinstall --allow-downgrades homs-kiosk=1.2.0",
        "dpkg-query -W -f=${Version} homs-kiosk",
        f"{GET} --download-only --reinstall install homs-kiosk=1.1.0",
    ]
    tools = here.root / "state/tools"
    assert {one.name: one.read_text() for one in tools.iterdir()} == {"1.2.0.deb": "1.2.0", "1.1.0.deb": "1.1.0"}
    repository.install("1.2.0")
    assert here.lines() == [f"{GET} install homs-kiosk-1.2.0=1.2.0", "dpkg-query -W -f=${Version} homs-kiosk"]
    repository.tidy()
    assert here.lines() == ["apt-get clean"]


def test_a_version_that_cannot_be_installed_is_told_with_apts_last_lines(
    here: Scripted, repository: Repository
) -> None:
    here.answers = [("install", (100, "\n".join(str(n) for n in range(20))))]
    with pytest.raises(Refused) as error:
        repository.install("1.2.0")
    assert str(error.value).splitlines() == [
        "version 1.2.0 can't be installed:",
        *(str(n) for n in range(8, 20)),
    ]


def test_dpkg_ends_first_what_was_cut_off(here: Scripted) -> None:
    first, check = "dpkg --configure -a --force-confold", "apt-get check"
    fix = f"{GET} --no-download --fix-broken install"
    mend(here.site)
    assert here.lines() == [first, check]
    here.answers = [("check", (100, "unmet"))]
    mend(here.site)
    assert here.lines() == [first, check, fix]
    here.answers = [("--configure", (1, "x"))]
    mend(here.site)
    assert here.lines() == [first, fix]
    here.answers = [("--configure", (1, "x")), ("--fix-broken", (100, "one\nlocked"))]
    with pytest.raises(Refused) as error:
        mend(here.site)
    assert str(error.value) == (
        "the packages of this machine are not in order: locked\nsee: apt-get check; dpkg --audit"
    )
    here.answers[1] = ("--fix-broken", (100, ""))
    with pytest.raises(Refused, match=r"not in order: \nsee"):
        mend(here.site)


def test_what_is_installed_is_asked_of_dpkg(here: Scripted) -> None:
    states = {"1.0.0": "installed", "1.1.0": "not-installed", "1.2.0": "half-installed", "0.9.0": "config-files"}
    here.answers = [("dpkg-query", "".join(f"homs-kiosk-{name} {state}\n" for name, state in states.items()))]
    assert installed(here.site) == ["1.0.0", "1.2.0"]
    assert here.lines() == ["dpkg-query -W -f=${Package} ${db:Status-Status}\\n homs-kiosk-[0-9]*"]
    here.answers = [("dpkg-query", "1.1.0\n")]
    assert tools_in_charge(here.site) == "1.1.0"


def test_tools_are_those_of_the_version_that_serves_where_they_were_kept(here: Scripted) -> None:
    here.answers = [("dpkg-query", "1.1.0")]
    assert put_in_charge(here.site, "1.2.0") == "", "never kept here"
    kept = here.root / "state/tools/1.2.0.deb"
    kept.parent.mkdir()
    kept.touch()
    here.lines()
    assert put_in_charge(here.site, "1.2.0") == ""
    asked = "apt-get --yes --allow-downgrades --no-install-recommends install"
    assert here.lines() == ["dpkg-query -W -f=${Version} homs-kiosk", f"{asked} {kept}"]
    here.answers.append((".deb", (100, "a\nno room")))
    assert put_in_charge(here.site, "1.2.0") == "no room"
    here.answers[1] = (".deb", (100, ""))
    assert put_in_charge(here.site, "1.2.0") == "no reason was said"
    here.answers = [("dpkg-query", "1.2.0")]
    here.lines()
    assert put_in_charge(here.site, "1.2.0") == ""
    assert len(here.lines()) == 1
    packages.remove(here.site, "1.2.0")
    assert here.lines() == ["dpkg --purge homs-kiosk-1.2.0"]
    assert not kept.exists()


def test_room_is_asked_for_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    free = {"/a": 5_000_000, "/b": 4_999_999}
    usage = SimpleNamespace(disk_usage=lambda place: SimpleNamespace(free=free[str(place)]))
    monkeypatch.setattr("updater.packages.shutil", usage)
    check_room([Path("/a")], 5_000_000)
    with pytest.raises(Refused, match=r"no room on /b: 5 MB are needed and 5 MB are free; journalctl"):
        check_room([Path("/a"), Path("/b")], 5_000_000)
