"""Personal data at rest: sealing and opening text, and the keyed hash that finds a person unnamed.

One key of 32 bytes (VERITAP_KEY, kept apart from the database) gives two: one seals (AES-256-GCM, a fresh
nonce each time), one hashes. What is sealed for one purpose does not open for another. Nothing else encrypts
anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import WrongKey

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 16


def new_key() -> str:
    """Make a key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """Read a key as `new_key` writes it. Raise WrongKey when it is not 32 bytes of base64."""
    try:
        key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except ValueError as error:
        raise WrongKey("It is not URL-safe base64.") from error
    if len(key) != KEY_BYTES:
        raise WrongKey(f"It holds {len(key)} bytes where {KEY_BYTES} are needed.")
    return key


class Vault:
    """Seals and opens personal data with one key."""

    def __init__(self, key: str) -> None:
        secret = parse_key(key)
        self._sealer = AESGCM(hmac.digest(secret, b"veritap seal 1", "sha256"))
        self._index_key = hmac.digest(secret, b"veritap index 1", "sha256")

    def seal(self, purpose: str, value: Any) -> str:
        """Encrypt a JSON value for one purpose."""
        nonce = os.urandom(NONCE_BYTES)
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        return base64.b64encode(nonce + self._sealer.encrypt(nonce, text, purpose.encode())).decode()

    def open(self, purpose: str, sealed: str) -> Any:
        """Give back what `seal` took. Raise WrongKey when the key, the purpose or the text is another."""
        raw = base64.b64decode(sealed)
        try:
            text = self._sealer.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
        except InvalidTag as error:
            raise WrongKey from error
        return json.loads(text)

    def index(self, text: str) -> str:
        """Hash a name so that it can be looked up but not read: 22 URL-safe characters."""
        # What comes from outside may hold half a character, and is to be found again all the same.
        digest = hmac.digest(self._index_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:INDEX_BYTES]).decode().rstrip("=")
