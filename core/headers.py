"""Security headers on every answer, errors and files included."""

from typing import Any

from flask import Flask

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_app(app: Flask) -> None:
    """Put the headers on whatever the application answers."""
    app.wsgi_app = Headers(app.wsgi_app, https=app.config["HTTPS"])  # type: ignore[method-assign]


class Headers:
    """WSGI middleware: adds what is missing; what a view has set itself stands."""

    def __init__(self, app: Any, *, https: bool) -> None:
        self.app = app
        wanted = ALWAYS | (TLS if https else {})
        self.pairs = [(name.lower(), (name, value)) for name, value in wanted.items()]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer as the application does, with more headers."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            there = {name.lower() for name, _value in headers}
            more = [pair for name, pair in self.pairs if name not in there]
            return start_response(status, headers + more, exc_info)

        return self.app(environ, start)
