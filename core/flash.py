"""The cookie that bears a message to the next page; nobody else pays for it."""

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


def init_app(app: Flask) -> None:
    """Read the cookie only where there is one."""
    app.session_interface = Messages()


class Messages(SecureCookieSessionInterface):
    """Flask's signed cookie, without making a signer for those who have none to check."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie bears; nothing where there is no cookie."""
        cookies: Any = request.environ.get("HTTP_COOKIE", "")
        if self.get_cookie_name(app) not in cookies:
            return self.session_class()
        return super().open_session(app, request)
