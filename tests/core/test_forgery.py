"""Case S2: no change without one's own token and none across sites (by a read: test_walk)."""

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, Authority
from core.db import db, write
from core.policy import public
from tests import world
from tests.conftest import open_client
from tests.core.test_walk import rules


@pytest.fixture
def home(app):
    return world.build("jonkoping")


@pytest.fixture
def admin(app, staff):
    return staff("admin")


def forged(app, browser):
    """Ways to ask for a change that are not a form of ours in the visitor's own browser."""
    own = world.token(app, browser)
    other = open_client(app)
    other.set_cookie("visitor", "o" * 43)
    theirs = world.token(app, other)
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    return {
        "no token": {"data": {}},
        "empty token": {"data": {"csrf_token": ""}},
        "another visitor's token": {"data": {"csrf_token": theirs}},
        "token in the address": {"query_string": {"csrf_token": own}, "data": {"a": "b"}},
        "cross-site": {"data": {"csrf_token": own}, "headers": elsewhere},
        "same site, other host": {
            "data": {"csrf_token": own}, "headers": {"Sec-Fetch-Site": "same-site"},
        },
        "foreign origin": {
            "data": {"csrf_token": own}, "headers": {"Origin": "http://localhost.evil.example"},
        },
        "JSON as text": {
            "data": f'{{"csrf_token": "{own}"}}', "headers": {"Content-Type": "text/plain"},
        },
    }  # fmt: skip


@pytest.mark.slow
def test_a_forged_request_changes_nothing(app, home, admin):
    before = world.checksum(app)
    wrong = []
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            address = world.address(app, rule, home)
            for how, kwargs in forged(app, admin).items():
                code = admin.open(address, method=method, **kwargs).status_code
                if code != 403:
                    wrong.append(f"{how}: {method} {address}: {code}")
    assert not wrong, "\n".join(wrong)
    assert world.checksum(app) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_view_that_writes_outside_a_write_transaction_fails(make_app, method):
    app = make_app()

    @public
    def orm():
        db.session.scalar(sa.select(Authority)).name = "Ändrad"
        db.session.commit()
        return "changed"

    @public
    def core():
        db.session.execute(sa.update(Authority).values(name="Ändrad"))
        db.session.commit()
        return "changed"

    app.add_url_rule("/orm", "orm", orm, methods=["GET", "POST"])
    app.add_url_rule("/core", "core", core, methods=["GET", "POST"])
    with app.app_context():
        before = world.checksum(app)
        browser = open_client(app)
        data = {"csrf_token": world.token(app, browser)} if method == "POST" else None
        for address in ("/orm", "/core"):
            assert browser.open(address, method=method, data=data).status_code == 500
        assert world.checksum(app) == before


def test_the_token_of_before_signing_in_is_worth_nothing_after(app, staff, client):
    client.get("/logga-in")
    before = world.token(app, client)
    staff("organiser")
    answer = client.submit("/logga-in", email="organiser.jonkoping@example.se",
                           password="ett-langt-losenord")  # fmt: skip
    assert answer.status_code == 303
    assert client.post("/logga-ut", data={"csrf_token": before}).status_code == 403
    assert client.get("/arbeta/konto").status_code == 200


def test_signing_somebody_in_from_another_site_fails(app, staff, client):
    staff("organiser")
    answer = client.post(
        "/logga-in", headers={"Sec-Fetch-Site": "cross-site"},
        data={"email": "organiser.jonkoping@example.se", "password": "ett-langt-losenord",
              "csrf_token": world.token(app, client)},
    )  # fmt: skip
    assert answer.status_code == 403
    assert client.get_cookie("samling") is None


def test_a_form_sent_by_a_browser_that_hides_the_origin_is_taken(app, client):
    """With `Referrer-Policy: no-referrer` browsers send `Origin: null` to our own pages."""
    answer = client.post(
        "/logga-ut", data={"csrf_token": world.token(app, client)},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert answer.status_code == 303


def test_a_refused_action_leaves_no_trace(app, staff):
    def fail():
        authority = db.session.scalar(sa.select(Authority))
        authority.name = "Halv"
        db.session.add(
            AuditEntry(at=world.NOW, action="x", subject_type="authority", subject_id=authority.id)
        )
        db.session.flush()
        raise RuntimeError

    before = world.checksum(app)
    with pytest.raises(RuntimeError):
        write(fail)
    assert world.checksum(app) == before
