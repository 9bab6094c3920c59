"""`central-setup`, typed where PostgreSQL, nginx and systemd are this test's: what it leaves and leaves alone."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from tools.scaffolds.tree import ROOT

DEPLOY = ROOT / "deploy"
NAME = "central.homs.example"
SERVICES = "central@8081 central@8082 central-watch@8081.timer central-watch@8082.timer"
TOOLS = {
    "id": "echo ${USER_ID:-0}",
    "chgrp": "",
    "sleep": "",
    "nft": "",
    "nginx": '[ ! -e "$DONE.nginx" ]',
    "unattended-upgrade": "",
    "systemctl": '[ "$2" != is-active ] || exit 1; echo "systemctl $*" >>"$DONE"',
    "runuser": 'case "$*" in *psql*) [ ! -e "$DONE.database" ] || echo there ;; *) echo "$*" >>"$DONE" ;; esac',
    "curl": 'echo "curl $*" >>"$DONE.asked"; [ ! -e "$DONE.silent" ]',
    "getent": '[ -e "$DONE.known" ]',
    "central": 'case "$1" in doctor) echo PROBLEM; exit 1 ;; *) [ ! -e "$DONE.known" ] || echo "{}" ;; esac',
}


class Place:
    """A machine's files, and what was done there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.central, self.nginx = folder, folder / "etc/central", folder / "etc/nginx"
        self.tls, self.site = self.central / "tls", self.nginx / "sites-available/central"
        nginx = [self.nginx / one for one in ("sites-available", "sites-enabled", "snippets", "modules-enabled")]
        for made in (self.central, folder / "bin", folder / "srv", folder / "etc/apt/apt.conf.d", *nginx):
            made.mkdir(parents=True)
        (self.nginx / "nginx.conf").write_text("events {\n\tworker_connections 768;\n}\n")
        (folder / "etc/nftables.conf").write_text("flush ruleset\n")
        (folder / "repository/dists").mkdir(parents=True)
        (folder / "repository/pool").mkdir()
        for name, text in TOOLS.items():
            self.has(name, text)
        script = (DEPLOY / "central-setup").read_text().replace("given=/usr/share/doc/homs-central", f"given={DEPLOY}")
        for own in ("/etc/", "/srv/", "/var/"):
            script = script.replace(own, f"{folder}{own}")
        (folder / "central-setup").write_text(script)

    def has(self, tool: str, text: str) -> None:
        path = self.folder / "bin" / tool
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def typed(self, *words: str, **surroundings: str) -> "subprocess.CompletedProcess[str]":
        path = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "DONE": str(self.folder / "done")}
        return subprocess.run(
            ["/bin/sh", str(self.folder / "central-setup"), *words],
            cwd=self.folder, env=path | surroundings, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def done(self) -> list[str]:
        path = self.folder / "done"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def left(self) -> dict[str, str]:
        found = [one for top in ("etc", "srv") for one in (self.folder / top).rglob("*") if one.is_file()]
        return {str(one.relative_to(self.folder)): one.read_text() for one in sorted(found)}

    def names(self) -> list[str]:
        """Return whom the served certificate is for; its CA, the one beside it, has signed it."""
        served, authority = (
            x509.load_pem_x509_certificate((self.tls / one).read_bytes()) for one in ("fullchain.pem", "ca.pem")
        )
        served.verify_directly_issued_by(authority)
        return served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
            x509.DNSName
        )

    def to_the_safe(self) -> Path:
        return (self.tls / "ca-key.pem").rename(self.folder / "ca-key.pem")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_one_line_is_a_central_that_is_called_by_its_name(place: Place) -> None:
    done = place.typed(NAME, "--zone", "centres.homs.example", "--packages", "repository")
    assert done.returncode == 0, done.stderr
    assert place.names() == [NAME]
    settings = (place.central / "central.env").read_text()
    said = dict(line.split("=", 1) for line in settings.splitlines() if line[0] != "#")
    assert said == {
        "CENTRAL_PUBLIC_URL": f"https://{NAME}",
        "CENTRAL_HUB_ZONE": "centres.homs.example",
        "CENTRAL_DATABASE": "postgresql:///central?host=/run/postgresql",
    }
    assert "#CENTRAL_MESSAGES=" in settings, "what nobody has named is as the example has it"
    assert f"    server_name {NAME};\n" in place.site.read_text()
    assert (place.nginx / "sites-enabled/central").resolve() == place.site
    assert "worker_connections 16384;" in (place.nginx / "nginx.conf").read_text()
    assert (place.folder / "etc/nftables.conf").read_text().endswith('/etc/nftables/central.nft"\n')
    assert (place.folder / "srv/kiosk-packages/dists").is_dir()
    assert (place.central / "packages.url").read_text().startswith("file:")
    assert 'Automatic-Reboot "true"' in (place.folder / "etc/apt/apt.conf.d/52central").read_text()
    private = ("central.env", "tls/key.pem", "tls/ca-key.pem", "tls/ca.pem", "tls")
    assert [oct((place.central / one).stat().st_mode)[-3:] for one in private] == ["640", "600", "600", "644", "755"]
    assert place.done() == [
        "systemctl start postgresql",
        "-u postgres -- createuser --createdb central",
        "-u postgres -- createdb -O central central",
        "systemctl enable --quiet nginx",
        "systemctl reload-or-restart nginx",
        "systemctl enable --quiet --now nftables",
        "systemctl reload nftables",
        f"systemctl enable --quiet --now {SERVICES}",
    ]
    assert f"--resolve {NAME}:443:127.0.0.1 https://{NAME}/healthz" in (place.folder / "done.asked").read_text()


def test_what_is_left_to_do_is_said_and_no_more_once_it_is_done(place: Place) -> None:
    said = place.typed(NAME).stdout
    asked_for = ("into the safe, then: shred", "central backup key", "no server of names", "--packages FOLDER",
                 "central centres add", "central operator add")  # fmt: skip
    assert [one for one in asked_for if one not in said] == []
    assert said.index("In force:") < said.index("Left to do:") < said.index("PROBLEM")
    place.to_the_safe()
    (place.folder / "done.known").touch()
    (place.folder / "var/backups/central/2026-12-01").mkdir(parents=True)
    again = place.typed("--packages", "repository").stdout
    assert [one for one in asked_for if one in again] == []


def test_typed_again_it_leaves_what_somebody_has_written_and_changes_what_is_named(place: Place) -> None:
    assert place.typed(NAME).returncode == 0
    (place.folder / "done.database").touch()
    with (place.central / "central.env").open("a") as settings:
        settings.write("CENTRAL_MESSAGES=/etc/central/messages.toml\n")
    (place.nginx / "nginx.conf").write_text("worker_connections 50000;\n")
    place.site.write_text(place.site.read_text().replace("allow 10.0.0.0/8", "allow 10.7.0.0/16"))
    (place.central / "packages.url").write_text("https://mirror.example/packages\n")
    before, _ = place.left(), place.done()
    for words in ((), (NAME,)):
        assert place.typed(*words).returncode == 0
        assert place.left() == before
        assert not [line for line in place.done() if "restart central" in line or "create" in line]
    assert place.typed("other.homs.example").returncode == 0, "its CA's key is still here"
    assert place.names() == ["other.homs.example"]
    settings_now = (place.central / "central.env").read_text()
    assert settings_now == before["etc/central/central.env"].replace(NAME, "other.homs.example")
    assert (place.central / "central.env.before").read_text() == before["etc/central/central.env"]
    assert "server_name other.homs.example;" in place.site.read_text()
    assert "allow 10.7.0.0/16" in place.site.read_text()
    assert "systemctl restart central@8081 central@8082" in place.done()


def test_the_next_certificate_is_signed_by_the_key_from_the_safe_and_another_machine_is_believed(place: Place) -> None:
    assert place.typed(NAME).returncode == 0
    first, authority = ((place.tls / one).read_bytes() for one in ("fullchain.pem", "ca.pem"))
    safe = place.to_the_safe()
    assert "--ca-key FILE" in place.typed("other.homs.example").stderr
    assert (place.tls / "fullchain.pem").read_bytes() == first
    assert place.typed("--ca-key", str(safe)).returncode == 0
    assert (place.tls / "fullchain.pem").read_bytes() != first
    assert (place.names(), (place.tls / "ca.pem").read_bytes()) == ([NAME], authority)
    assert not (place.tls / "ca-key.pem").exists(), "it stays where it came from"
    for one in place.tls.iterdir():
        one.rename(place.folder / f"former-{one.name}")
    assert place.typed(NAME, "--ca", "former-ca.pem", "--ca-key", str(safe)).returncode == 0
    assert (place.names(), (place.tls / "ca.pem").read_bytes()) == ([NAME], authority)
    assert "is not the key of" in place.typed("--ca-key", "former-key.pem").stderr


def test_a_certificate_that_there_is_is_taken_for_its_name_alone(place: Place, tmp_path: Path) -> None:
    assert place.typed(NAME).returncode == 0
    given = [(place.tls / one).rename(tmp_path / one) for one in ("fullchain.pem", "key.pem", "ca.pem", "ca-key.pem")]
    kept = [one.read_bytes() for one in given]
    words = ("--certificate", "fullchain.pem", "--key", "key.pem", "--ca", "ca.pem")
    for wrong in (("other.example", *words), (NAME, *words[:3], "ca-key.pem")):
        assert "is not for" in place.typed(*wrong).stderr
    assert list(place.tls.iterdir()) == []
    assert place.typed(NAME, *words).returncode == 0
    assert [(place.tls / one.name).read_bytes() for one in given[:3]] == kept[:3]
    assert not (place.tls / "ca-key.pem").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "central-setup NAME"),  # and nobody is there who could be asked
        ((NAME, "another.example"), 2, "central-setup NAME"),
        ((NAME, "--verbose"), 2, "central-setup NAME"),
        ((NAME, "--zone"), 2, "central-setup NAME"),
        (("https://central.example",), 2, "a name in small letters is expected"),
        (("central",), 2, "a name with a point is expected"),
        (("10.0.0.5",), 2, "an address is none"),
        ((NAME, "--zone", "a|b.example"), 2, "a name in small letters is expected"),
        ((NAME, "--certificate", "repository"), 2, "--certificate and --key"),
        ((NAME, "--ca", "repository"), 2, "--ca goes with"),
        ((NAME, "--ca-key", "none.pem"), 1, "none.pem is not there"),
        ((NAME, "--packages", "bin"), 1, "no folder dists"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(
    place: Place, words: tuple[str, ...], status: int, said: str
) -> None:
    before = place.left()
    done = place.typed(*words)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert (place.left(), place.done()) == (before, [])


def test_where_nginx_or_central_does_not_come_its_status_says_so_and_the_same_line_goes_on(place: Place) -> None:
    (place.folder / "done.nginx").touch()
    done = place.typed(NAME)
    assert (done.returncode, "nginx does not take" in done.stderr) == (1, True)
    assert not [line for line in place.done() if "central@" in line]
    (place.folder / "done.nginx").unlink()
    (place.folder / "done.silent").touch()
    done = place.typed(NAME)
    assert (done.returncode, "journalctl -u central-migrate" in done.stderr) == (1, True)
    (place.folder / "done.silent").unlink()
    served = (place.tls / "fullchain.pem").read_bytes()
    assert place.typed(NAME).returncode == 0
    assert (place.tls / "fullchain.pem").read_bytes() == served


def test_a_database_elsewhere_is_somebody_elses(place: Place) -> None:
    example = (DEPLOY / "central.env.example").read_text()
    elsewhere = example.replace("postgresql:///central?host=/run/postgresql", "postgresql://central@10.0.0.7/central")
    (place.central / "central.env").write_text(elsewhere)
    assert place.typed(NAME).returncode == 0
    assert not [line for line in place.done() if "postgres" in line]
    assert not (place.folder / "etc/apt/apt.conf.d/52central").exists(), "its machines restart one after the other"


def test_it_is_roots_is_in_the_package_and_says_how_it_is_typed(place: Place) -> None:
    assert "is root's" in place.typed(NAME, USER_ID="1000").stderr
    assert "central-setup NAME --certificate" in place.typed("--help").stdout
    assert "deploy/central-setup " in (DEPLOY / "packages/central/install").read_text()
