"""The key that signs the repository: the one that a setting names, else one for trying things out, made here."""

import base64
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from release.errors import BuildFailed
from release.running import run

NEEDED: Final = "KIOSK_SIGNATURES"
SETTING: Final = "KIOSK_SIGNING_KEY"
TRUSTED: Final = "KIOSK_TRUSTED_KEYS"
# unix(7): sun_path holds 108, the last of them a zero.
_SOCKET_PATH_BYTES: Final = 107
_BEGIN: Final = "-----BEGIN PGP SIGNATURE-----"
_END: Final = "-----END PGP SIGNATURE-----"
_DEMO: Final = "Kiosk packages, made for a trial <demo@localhost>"


class Signer:
    """Signs with one key of GnuPG. A real key stays in the signer's own keyring; it is never read here."""

    def __init__(self, folder: Path) -> None:
        """Take the key that `KIOSK_SIGNING_KEY` names (a fingerprint), else make or take the demo key in `folder`."""
        told = os.environ.get(SETTING, "")
        self.is_demo = not told
        self._home: dict[str, str] = {}
        self._key = told
        if self.is_demo:
            self._home = {"GNUPGHOME": str(folder)}
            self._key = self._demo_key(folder)
        elif not shutil.which("gpg") or not run(["gpg", "--batch", "--list-secret-keys", "--with-colons", told]):
            raise BuildFailed(f"{SETTING} names {told}, and gpg has no such secret key")

    def public_key(self, target: Path) -> None:
        """Write the public key as apt takes it."""
        target.unlink(missing_ok=True)
        run(["gpg", "--batch", "--output", str(target), "--export", self._key], extra=self._home)

    def trusted_keys(self, target: Path) -> None:
        """Write the keys that machines shall trust from this version on, where `KIOSK_TRUSTED_KEYS` names any.

        So a key is followed by another: a version that the old one signed brings both, a later one the new one alone.
        """
        wanted, needed = os.environ.get(TRUSTED, "").split(), os.environ.get(NEEDED, "")
        if not wanted:
            if needed:
                raise BuildFailed(f"{NEEDED} is {needed!r}, and {TRUSTED} names no keys")
            return
        if self._key not in wanted and not self.is_demo:
            raise BuildFailed(
                f"{TRUSTED} lacks {self._key}, which signs: no machine could take another version after it"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        run(["gpg", "--batch", "--yes", "--output", str(target), "--export", *wanted], extra=self._home)
        listed = run(["gpg", "--batch", "--show-keys", "--with-colons", str(target)], extra=self._home)
        found = sum(line.startswith("pub:") for line in listed.splitlines())
        if found != len(wanted):
            raise BuildFailed(f"{TRUSTED} names {len(wanted)} keys, and gpg has {found} of them")
        if needed:
            if not needed.isdecimal() or not 1 <= int(needed) <= min(found, 9):
                raise BuildFailed(f"{NEEDED} is {needed!r}: how many of the {found} trusted keys must sign is meant")
            target.with_name("release.signatures").write_text(f"{needed}\n", encoding="ascii")

    def sign(self, release: Path) -> None:
        """Sign a repository's Release file: `InRelease` with the text in it, `Release.gpg` beside it."""
        for how, name in (("--clearsign", "InRelease"), ("--detach-sign", "Release.gpg")):
            target = release.with_name(name)
            target.unlink(missing_ok=True)
            words = ["--batch", "--yes", "--armor", "--local-user", self._key, "--digest-algo", "SHA512"]
            words += ["--output", str(target)]
            run(["gpg", *words, how, str(release)], extra=self._home)

    def cosign(self, release: Path) -> None:
        """Add this key's signature to those of others in `InRelease` and `Release.gpg`; twice by one counts once.

        Raises:
            BuildFailed: nobody has signed it yet, or they signed another list.
        """
        clear, apart = release.with_name("InRelease"), release.with_name("Release.gpg")
        if not clear.is_file() or not apart.is_file():
            raise BuildFailed(f"{clear} is missing: the first key signs by release or release.renew")
        text, of_others = _parted(clear.read_text(encoding="utf-8"))
        others_apart = _parted(apart.read_text(encoding="ascii"))[1]
        with tempfile.TemporaryDirectory(prefix="sign-") as folder:
            own = Path(shutil.copy(release, folder))
            self.sign(own)
            own_text, of_own = _parted(own.with_name("InRelease").read_text(encoding="utf-8"))
            own_apart = _parted(own.with_name("Release.gpg").read_text(encoding="ascii"))[1]
        if own_text != text:
            raise BuildFailed(f"{clear} was signed by others for another list: the first key signs this one again")
        clear.write_text(text + _armoured(of_others + of_own), encoding="utf-8")
        apart.write_text(_armoured(others_apart + own_apart), encoding="ascii")

    def _demo_key(self, folder: Path) -> str:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Beside the keys, or below /run/user where somebody is logged in. With a longer one the agent says nothing.
        socket = run(["gpgconf", "--list-dirs", "agent-socket"], extra=self._home).strip()
        over = len(os.fsencode(unquote(socket))) + len(".browser") - _SOCKET_PATH_BYTES
        if over > 0:
            raise BuildFailed(
                f"{folder}: its path is {over} bytes too long for GnuPG's agent; build into a folder with a shorter one"
            )
        if not (folder / "pubring.kbx").exists():
            words = ["--batch", "--passphrase", "", "--quick-generate-key", _DEMO, "ed25519", "sign", "never"]
            run(["gpg", *words], extra=self._home)
        listed = run(["gpg", "--batch", "--list-secret-keys", "--with-colons"], extra=self._home)
        return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))


def _parted(signed: str) -> tuple[str, bytes]:
    """Return what stands before a block of signatures, and the signatures (RFC 9580, 6.2)."""
    text, begin, block = signed.rpartition(_BEGIN)
    if not begin:
        raise BuildFailed("a list has no signatures in it: the first key signs by release or release.renew")
    body = block.partition("\n\n")[2].partition(_END)[0]
    return text, base64.b64decode("".join(line for line in body.splitlines() if not line.startswith("=")))


def _armoured(signatures: bytes) -> str:
    return f"{_BEGIN}\n\n{base64.encodebytes(signatures).decode()}{_END}\n"
