"""Settings from the environment. In production a missing or unsafe one stops the start."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

PREFIX = "SAMLING_"
KEYS = (
    "DATABASE_URL",
    "SMTP_URL",
    "IMAP_URL",
    "BASE_URL",
    "SECRET_KEY",
    "ENV",
    "FILES_URL",
    "REDIS_URL",  # taken and not used: the limits are counted in the database
    "FAKE_NOW",
    "GUARDS",
    "FORM_SECONDS",
    "RUSH",
    "PROXIES",
    "UNSAFE_SEATS",
    "WORKER",
)
DEVELOPMENT_KEY = "development-only-not-a-secret"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MAX_FORM_BYTES = 1024 * 1024


class UnsafeSettings(SystemExit):
    """The start is refused; the message is one sentence that says what to set."""


def init_app(app: Flask, overrides: dict[str, Any]) -> None:
    """Load the settings into `app.config`.

    `overrides` (names without prefix) win over the environment. Raises `UnsafeSettings`
    where production lacks a setting or has one that is only meant for development.
    """
    given = {key: os.environ[PREFIX + key] for key in KEYS if os.environ.get(PREFIX + key)}
    given |= {key: value for key, value in overrides.items() if value is not None}
    env = given.setdefault("ENV", "development")
    if env not in {"development", "production", "test"}:
        raise UnsafeSettings(f"{PREFIX}ENV ska vara development, production eller test.")
    _check_form(given)
    if env == "production":
        _check_production(given)
    instance = Path(app.instance_path)
    instance.mkdir(parents=True, exist_ok=True)
    given.setdefault("SECRET_KEY", DEVELOPMENT_KEY)
    given.setdefault("DATABASE_URL", f"sqlite:///{instance / 'samling.db'}")
    given.setdefault("BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    given.setdefault("FILES_URL", str(instance / "files"))
    given.setdefault("GUARDS", "on")
    given.setdefault("FORM_SECONDS", "2" if env == "production" else "0")
    given.setdefault("RUSH", "0")
    given.setdefault("WORKER", "none")
    app.config.update(given)
    app.config["BASE_URL"] = base = str(given["BASE_URL"]).rstrip("/")
    app.config["FAKE_NOW"] = _instant(given.get("FAKE_NOW"))
    app.config["UNSAFE_SEATS"] = str(given.get("UNSAFE_SEATS", "")).lower() in {"1", "on", "true"}
    app.config["PROXIES"] = _hops(given.get("PROXIES", 0))
    app.config["TESTING"] = env == "test"
    app.config["TRUSTED_HOSTS"] = [urlsplit(base).hostname or "localhost"]
    if env != "production":
        app.config["TRUSTED_HOSTS"] += LOOPBACK
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.config["MAX_FORM_PARTS"] = 1000
    app.config["HTTPS"] = base.startswith("https://")
    app.config["SESSION_COOKIE_NAME"] = cookie_name(app, "notis")
    app.config["SESSION_COOKIE_PATH"] = "/"
    app.config["SESSION_COOKIE_SECURE"] = app.config["HTTPS"]
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"


def cookie_name(app: Flask, name: str) -> str:
    """`name` with the prefix that binds a cookie to this host, where the site has TLS."""
    return f"__Host-{name}" if app.config["HTTPS"] else name


def _check_form(given: dict[str, Any]) -> None:
    """What is set must be readable, in every environment."""
    base, post = (urlsplit(str(given.get(key) or "")) for key in ("BASE_URL", "SMTP_URL"))
    bare = not (base.path.strip("/") or base.query or base.fragment or base.username)
    if given.get("BASE_URL") and not (base.scheme in {"http", "https"} and base.hostname and bare):
        raise UnsafeSettings(
            f"{PREFIX}BASE_URL ska vara bara tjänstens adress, t.ex. https://samling.example.se."
        )
    if given.get("SMTP_URL") and not (post.scheme in {"smtp", "smtps"} and post.hostname):
        raise UnsafeSettings(
            f"{PREFIX}SMTP_URL ska se ut så här: smtp://namn:losenord@server:587?starttls=1."
        )
    box = urlsplit(str(given.get("IMAP_URL") or ""))
    if given.get("IMAP_URL") and not (box.scheme in {"imap", "imaps"} and box.hostname):
        raise UnsafeSettings(
            f"{PREFIX}IMAP_URL ska se ut så här: imaps://namn:losenord@server/INBOX."
        )
    url = str(given.get("DATABASE_URL") or "sqlite:///")
    if not re.match(r"(sqlite|postgres|postgresql)(\+[a-z0-9]+)?://", url):
        raise UnsafeSettings(f"{PREFIX}DATABASE_URL ska börja med sqlite:/// eller postgresql://.")
    if given.get("GUARDS", "on") not in {"on", "off"}:
        raise UnsafeSettings(f"{PREFIX}GUARDS ska vara on eller off.")
    for key in ("FORM_SECONDS", "RUSH"):
        if not re.fullmatch(r"[0-9]{1,4}", str(given.get(key, 0))):
            raise UnsafeSettings(f"{PREFIX}{key} ska vara ett heltal, 0 till 9999.")
    if given.get("WORKER", "none") not in {"none", "embedded"}:
        raise UnsafeSettings(f"{PREFIX}WORKER ska vara embedded eller none.")


def _hops(text: Any) -> int:
    if not re.fullmatch(r"[0-9]", str(text)):
        raise UnsafeSettings(f"{PREFIX}PROXIES ska vara antalet egna proxyservrar, 0 till 9.")
    return int(text)


def _check_production(given: dict[str, Any]) -> None:
    for key in ("SECRET_KEY", "DATABASE_URL", "BASE_URL", "SMTP_URL"):
        if not given.get(key):
            raise UnsafeSettings(f"Sätt {PREFIX}{key}: den krävs i produktion.")
    if len(given["SECRET_KEY"]) < 32 or given["SECRET_KEY"] == DEVELOPMENT_KEY:
        raise UnsafeSettings(f"{PREFIX}SECRET_KEY ska vara hemlig och minst 32 tecken lång.")
    if not str(given["BASE_URL"]).startswith("https://"):
        raise UnsafeSettings(f"{PREFIX}BASE_URL ska börja med https:// i produktion.")
    for key, why in (
        ("FAKE_NOW", "den ställer om klockan"),
        ("UNSAFE_SEATS", "den tar bort spärren mot överbokning"),
    ):
        if given.get(key):
            raise UnsafeSettings(f"Ta bort {PREFIX}{key}: {why} och är bara till för prov.")
    if int(given.get("FORM_SECONDS", 2)) < 1:
        raise UnsafeSettings(f"{PREFIX}FORM_SECONDS ska vara minst 1 i produktion.")
    if given.get("GUARDS", "on") != "on":
        raise UnsafeSettings(f"{PREFIX}GUARDS får inte vara avstängd i produktion.")


def _instant(text: Any) -> datetime | None:
    if not text:
        return None
    try:
        value = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise UnsafeSettings(f"{PREFIX}FAKE_NOW ska ha en tidszon, t.ex. 2026-11-22T10:00+01:00.")
    return value
