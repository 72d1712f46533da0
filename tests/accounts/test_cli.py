"""`flask users add` and `flask tidy`."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import SignIn
from accounts.rules import SESSION_LIFE, SESSIONS_KEPT, Role
from core.db import db
from core.idempotency import IdempotencyKey
from core.throttle import RateCount
from tests import world
from tests.conftest import NOW, open_client


def run(app, *arguments):
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(arguments))


ADD = ("users", "add", "siv@example.se", "--name", "Siv Ek", "--authority", "jonkoping",
       "--role", "admin", "--role", "secretary", "--password", "ett-langt-losenord")  # fmt: skip


def test_the_first_user_is_added_from_the_command_line(make_app):
    app = make_app()
    done = run(app, *ADD)
    assert done.exit_code == 0, done.output
    with app.app_context():
        user = world.user("siv@example.se")
        assert {m.role for m in user.memberships} == {Role.ADMIN, Role.SECRETARY}
        browser = open_client(app)
        answer = browser.submit("/logga-in", email="siv@example.se", password="ett-langt-losenord")
        assert answer.headers["Location"] == "/arbeta/"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"jonkoping": "atlantis"}, "ingen myndighet som heter atlantis"),
        ({"ett-langt-losenord": "kort"}, "minst 12 tecken"),
        ({"admin": "god"}, "god"),
    ],
)
def test_a_mistake_adds_nobody(make_app, change, says):
    app = make_app()
    done = run(app, *(change.get(argument, argument) for argument in ADD))
    assert done.exit_code != 0
    assert says in done.output
    with app.app_context(), pytest.raises(AssertionError):
        world.user("siv@example.se")


def test_a_known_address_is_refused(make_app):
    app = make_app()
    run(app, *ADD)
    done = run(app, *ADD)
    assert done.exit_code == 1
    assert "Det finns redan en användare" in done.output


def test_what_has_served_its_time_is_removed(make_app, staff):
    browser = staff("admin")
    (membership,) = world.user("admin.jonkoping@example.se").memberships
    browser.submit(f"/arbeta/myndighet/{membership.authority_id}/uppgifter", phone="010-223 60 00")

    def counts():
        return [db.session.scalar(sa.select(sa.func.count()).select_from(table))
                for table in (IdempotencyKey, RateCount, SignIn)]  # fmt: skip

    assert 0 not in counts()
    db.session.rollback()
    before = counts()
    run(make_app(), "tidy")
    assert counts() == before
    db.session.rollback()
    after = NOW + SESSION_LIFE + SESSIONS_KEPT + timedelta(days=1)
    done = run(make_app(FAKE_NOW=after), "tidy")
    assert done.exit_code == 0, done.output
    assert counts() == [0, 0, 0]
