"""Case E6: long work that was started by somebody who has lost the role since is not done."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts import services as account_services
from accounts.models import AuditEntry
from accounts.rules import Role
from core.db import db, write
from core.jobs.worker import run_once
from core.outbox.models import Outbox
from registrations.mailings.models import Mailing
from registrations.mailings.rules import State
from tests.conftest import NOW
from tests.registrations import make
from tests.registrations.importing.make import csv, people, registered, send
from tests.registrations.make_lists import user
from tests.registrations.test_mailings import send as mail
from tests.registrations.test_mailings import write_one

STARTER = "organiser.jonkoping@example.se"
LOST = "Den som startade arbetet har inte längre rätt att göra det."


@pytest.fixture
def event(app):
    return make.conference(room=9)


def close_or_demote(how):
    def change():
        by = user("admin.jonkoping@example.se")
        starter = user(STARTER)
        authority = starter.memberships[0].authority
        if how == "closed":
            account_services.set_open(
                db.session, starter, authority=authority, is_open=False, by=by, now=NOW
            )
        else:
            account_services.set_roles(
                db.session, starter, authority=authority, roles={Role.READER}, by=by, now=NOW
            )

    write(change)
    db.session.rollback()


def letters():
    db.session.rollback()
    return db.session.scalars(sa.select(Outbox.id)).all()


def refused():
    db.session.rollback()
    lines = db.session.scalars(sa.select(AuditEntry).filter_by(action="job.refused")).all()
    return [(line.details["kind"], line.details["started_by"]) for line in lines]


@pytest.mark.parametrize("how", ["closed", "demoted"])
def test_an_import_and_a_planned_mailing_are_not_done_and_a_colleague_is_told(
    app, event, staff, how
):
    make.registration(event, 1)
    organiser, admin = staff("organiser"), staff("admin")
    starter_id = user(STARTER).id
    page = send(organiser, event, csv(people(3)))
    mailing = write_one(organiser, event)
    planned = mail(organiser, mailing, when="later", send_at="2026-11-22T10:15")
    assert planned.status_code == 303
    begun = organiser.submit(page.location, mail="y")
    assert begun.status_code == 303
    before = len(letters())
    close_or_demote(how)
    app.config["FAKE_NOW"] = NOW + timedelta(minutes=20)
    while run_once():
        pass
    assert len(registered(event.id)) == 1
    assert len(letters()) == before
    assert LOST in admin.get(begun.location).text
    assert db.session.scalars(sa.select(Mailing.state)).all() == [State.PLANNED]
    told = admin.get(mailing).text
    assert LOST in told
    assert sorted(refused()) == [
        ("mailing.send", starter_id), ("registrations.import", starter_id)
    ]  # fmt: skip

    # A colleague who may takes it up.
    admin.submit(mailing, _to=f"{mailing}/fortsatt")
    while run_once():
        pass
    assert len(letters()) == before + 1
