"""The key of a trial's repository: made where GnuPG's agent can listen, else refused in words."""

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
