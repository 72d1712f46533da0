"""Decision 5: a connection lost while COMMIT was under way is unknown, not failed."""

import contextlib
import socket
import socketserver
import threading

import pytest
import sqlalchemy as sa

from accounts import queries
from accounts.models import AuditEntry
from core.db import db
from tests.conftest import forms, open_client


class Proxy(socketserver.ThreadingTCPServer):
    """Passes bytes to PostgreSQL; once armed, the answer to the next COMMIT never comes back."""

    allow_reuse_address = True
    daemon_threads = True
    armed = False
    cut = 0

    def __init__(self, upstream):
        super().__init__(("127.0.0.1", 0), Through)
        self.upstream = upstream

    def handle_error(self, *_details):
        """Connections are cut on purpose."""


class Through(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.closing(self.server.upstream()) as far:
            back = threading.Thread(target=self.carry, args=(far, self.request, False))
            back.start()
            self.carry(self.request, far, True)
            back.join()

    def carry(self, source, target, from_client):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if from_client and self.server.armed and b"COMMIT" in data:
                    self.server.armed = False
                    self.server.cut += 1
                    self.request.shutdown(socket.SHUT_WR)  # the answer is lost
                    target.sendall(data)
                    continue
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(app):
    url = db.engine.url
    if url.get_backend_name() != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    host = url.host or url.query.get("host", "127.0.0.1")

    def upstream():
        if str(host).startswith("/"):
            far = socket.socket(socket.AF_UNIX)
            far.connect(f"{host}/.s.PGSQL.{url.port or url.query.get('port', 5432)}")
            return far
        return socket.create_connection((host, url.port or 5432))

    with Proxy(upstream) as running:
        thread = threading.Thread(target=lambda: running.serve_forever(poll_interval=0.05))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_what_was_committed_unheard_is_found_again(app, make_app, staff, proxy):
    admin = staff("admin")
    board = queries.authority_by_slug(db.session, "jonkoping")
    page = f"/arbeta/myndighet/{board.id}/kollegor/ny"
    near = db.engine.url.set(host="127.0.0.1", port=proxy.server_address[1])
    query = {name: value for name, value in near.query.items() if name not in {"host", "port"}}
    near = near.set(query=query).render_as_string(hide_password=False)
    through = make_app(DATABASE_URL=near)
    with through.app_context():
        browser = open_client(through)
        browser.set_cookie("samling", admin.get_cookie("samling").value)
        fields = forms(browser.get(page).text)[0]["fields"] | {
            "name": "Siv", "email": "siv@example.se", "roles": "reader",
            "password": "ett-langt-losenord",
        }  # fmt: skip
        proxy.armed = True
        answer = browser.post(page, data=fields)
    assert proxy.cut == 1
    assert answer.status_code == 303, answer.text
    added = sa.select(sa.func.count()).select_from(AuditEntry).filter_by(action="user.added")
    assert db.session.scalar(added) == 2, "the administrator, and Siv once"
