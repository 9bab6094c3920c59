"""The key of a trial's repository: made where GnuPG's agent can listen, else refused in words."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from release import signing
from release.errors import BuildFailed


def test_a_folder_that_gnupgs_agent_cannot_listen_in_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(signing.SETTING, raising=False)
    # Where somebody is logged in the agent would listen below /run/user, however long this is.
    monkeypatch.setattr(signing, "run", lambda *_, **__: f"/{'long' * 24}/S.gpg-agent\n")
    with pytest.raises(BuildFailed, match="keys: its path is 10 bytes too long for GnuPG's agent; build into a folder"):
        signing.Signer(tmp_path / "keys")


def test_keys_to_trust_are_all_there_or_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(signing.SETTING, raising=False)
    home = Path(tempfile.mkdtemp(prefix="k"))  # a short path: GnuPG's agent listens below it
    signer = signing.Signer(home)
    try:
        words = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "next@localhost", "ed25519", "sign"]
        subprocess.run(words, env={**os.environ, "GNUPGHOME": str(home)}, check=True, capture_output=True)
        ring = tmp_path / "usr/release.gpg"
        signer.trusted_keys(ring)
        assert not ring.exists()
        monkeypatch.setenv(signing.TRUSTED, "demo@localhost next@localhost")
        signer.trusted_keys(ring)
        assert ring.stat().st_size > 300
        monkeypatch.setenv(signing.TRUSTED, "demo@localhost lost@localhost")
        with pytest.raises(BuildFailed, match="names 2 keys, and gpg has 1 of them"):
            signer.trusted_keys(ring)
        signer.is_demo = False
        monkeypatch.setenv(signing.TRUSTED, "next@localhost")
        with pytest.raises(BuildFailed, match="which signs"):
            signer.trusted_keys(ring)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
        shutil.rmtree(home)
