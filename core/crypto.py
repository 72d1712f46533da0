"""Secrets: link tokens known by their hash, and encryption of what must lie apart."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from flask import current_app


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal: how a secret of 256 random bits is kept (ASVS 6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    """A secret of 256 random bits, 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def derived_token(*parts: object) -> str:
    """A secret link that only the holder of SECRET_KEY can make again; 43 characters.

    It lets a mail be written when it is sent, though the database holds only the hash.
    """
    mac = _mac("link", "\x1f".join(str(part) for part in parts))
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def signature(purpose: str, text: str) -> str:
    """A keyed check of `text`, 43 URL-safe characters."""
    return base64.urlsafe_b64encode(_mac(purpose, text)).decode().rstrip("=")


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal; takes as long whichever character differs."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def encrypt(text: str) -> bytes:
    """Encrypt with a key that is not in the database."""
    return _fernet().encrypt(text.encode())


def decrypt(sealed: bytes) -> str:
    """What `encrypt` was given. Raises `cryptography.fernet.InvalidToken` on another key."""
    return _fernet().decrypt(bytes(sealed)).decode()


def _mac(purpose: str, text: str) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}\x1e{text}".encode(), hashlib.sha256).digest()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_mac("needs", "v1")))
