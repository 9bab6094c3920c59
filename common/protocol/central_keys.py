"""What central's keys are called, and what one signs to vouch for a newer one or to take an older one back."""

import hashlib


def key_id(public_key: bytes) -> str:
    """Name a key of central: the first 8 hex digits of SHA-256 over its 32 raw bytes."""
    return hashlib.sha256(public_key).hexdigest()[:8]


def endorsement(kid: str, public_key: str) -> bytes:
    """Compose what an older signing key of central signs to vouch for a newer one (`public_key` in base64)."""
    return f"central-key-1\n{kid}\n{public_key}".encode()


def retirement_text(kid: str) -> bytes:
    """Compose what a newer signing key of central signs to take an older one back."""
    return f"central-key-retired-1\n{kid}".encode()
