"""The lines of backup.md, typed as they stand on a made-up machine: a copy that is not central's is not unpacked."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "deploy/backup.md").read_text(encoding="utf-8")
LINES = [line[4:] for line in GUIDE.splitlines() if line.startswith("    ")]
DAY = "2026-11-28"
READER, SIGNER = "backup@city.example", "central-backup@city.example"


class Machine:
    """A root with central's keys, and GnuPG's home; GnuPG's agent wants a short path."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root, self.copies = root, root / "copies"
        self.surroundings = {"GNUPGHOME": str(home), "PATH": f"{root}/bin:{os.environ['PATH']}"}
        for path, text in (("var/lib/central/keys/wrapping.key", "secret"), ("etc/central/central.env", "URL=x")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / "etc/passwd").write_text("root")
        (root / "bin").mkdir()
        (root / "bin/date").write_text(f"#!/bin/sh\necho {DAY}\n")  # one day, also where a test crosses midnight
        (root / "bin/date").chmod(0o755)
        self.copies.mkdir()
        self.type("gpg", "--batch", "--passphrase", "", "--quick-generate-key", READER, "rsa2048", "encr", "never")
        for begins in ("gpg --batch --passphrase", "gpg --export"):
            assert self.follow(begins) == 0

    def type(self, *words: str) -> int:
        return subprocess.run(
            words, env=self.surroundings, cwd=self.copies, capture_output=True, check=False
        ).returncode

    def follow(self, *begin: str) -> int:
        """Type the guide's lines that begin so."""
        lines = [line for line in LINES if line.startswith(begin)]
        assert lines, begin
        script = "\n".join(lines).replace("-C / ", f"-C {self.root} ").replace("DATE", DAY)
        return self.type("bash", "-o", "pipefail", "-euc", script)

    def keep_keys(self) -> int:
        return self.follow("tar -C / -c", f"gpg --batch --yes -u {SIGNER} --output keys-")

    def bring_back(self) -> int:
        return self.follow("gpgv --keyring ./backup-signing.gpg keys-", "gpg -d keys-")

    @property
    def copy(self) -> Path:
        (found,) = self.copies.glob("keys-*.tar.gpg")
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="gpg-") as home:
        made = Machine(tmp_path / "root", Path(home))
        yield made
        made.type("gpgconf", "--kill", "all")


def test_what_was_kept_comes_back(machine: Machine) -> None:
    assert machine.keep_keys() == 0
    shutil.rmtree(machine.root / "var")
    assert machine.bring_back() == 0
    assert (machine.root / "var/lib/central/keys/wrapping.key").read_text() == "secret"


def test_a_copy_that_anybody_encrypted_to_us_is_not_unpacked(machine: Machine, tmp_path: Path) -> None:
    assert machine.keep_keys() == 0
    evil = tmp_path / "evil/var/lib/central/keys"
    evil.mkdir(parents=True)
    (evil / "wrapping.key").write_text("of somebody else")
    pack = f"tar -C {tmp_path}/evil -c var | gpg --batch --yes --trust-model always -r {READER} -o {machine.copy} -e"
    assert machine.type("bash", "-c", pack) == 0
    assert machine.bring_back() != 0
    machine.copy.with_name(f"{machine.copy.name}.sig").unlink()
    assert machine.bring_back() != 0
    assert (machine.root / "var/lib/central/keys/wrapping.key").read_text() == "secret"


def test_of_a_copy_only_the_two_folders_are_unpacked(machine: Machine) -> None:
    to = f"gpg --batch --trust-model always -r {READER} -e >keys-{DAY}.tar.gpg"
    pack = f"tar -C {machine.root} -c var etc | {to}"
    assert machine.type("bash", "-c", pack) == 0
    assert machine.follow(f"gpg --batch --yes -u {SIGNER} --output keys-") == 0
    (machine.root / "etc/passwd").write_text("root, and more since")
    assert machine.bring_back() == 0
    assert (machine.root / "etc/passwd").read_text() == "root, and more since"
