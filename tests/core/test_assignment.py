"""Case E4, decision 20: a field that is not in a form sets nothing."""

import datetime

import pytest
import sqlalchemy as sa

from accounts.rules import Role
from core.db import Model, db, reader
from tests import world
from tests.conftest import forms
from tests.crawl import crawl, each_post

# Values that stand nowhere else: found in the database, somebody has let them in.
NUMBER = 987_654_321
WORD = "zz-smuggled-zz"
DAY = "1999-09-09T09:09"
EXTRA = {
    "id": NUMBER, "tenant_id": NUMBER, "authority_id": NUMBER, "event_id": NUMBER,
    "user_id": NUMBER, "registration_id": NUMBER, "organisation_id": NUMBER, "item_id": NUMBER,
    "invitation_id": NUMBER, "assignment_id": NUMBER, "photo_id": NUMBER, "capacity": NUMBER,
    "taken": NUMBER, "sequence": NUMBER, "token_version": NUMBER, "number": NUMBER, "seats": NUMBER,
    "role": WORD, "roles": WORD, "status": WORD, "state": WORD, "slug": WORD, "uid": WORD,
    "token_hash": WORD, "password_hash": WORD, "checksum": WORD, "source": WORD, "answer": WORD,
    "search": WORD, "sort_key": WORD, "name_key": WORD, "email_key": WORD, "message_id": WORD,
    "is_admin": "1", "disabled": DAY, "checked_in": DAY, "created": DAY, "created_at": DAY,
    "updated": DAY, "published": DAY, "sent": DAY, "queued": DAY, "__class__": WORD, "_id": WORD,
    "authority.name": WORD, "event[state]": WORD, "event-state": WORD,
}  # fmt: skip


def smuggled():
    """Columns that hold one of the values."""
    found = []
    with reader(db.engine).connect() as connection:
        for table in Model.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                found += [
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if value == NUMBER or WORD in str(value)
                    or (isinstance(value, datetime.datetime) and value.year == 1999)
                ]  # fmt: skip
    return found


def rows_of(authority_id):
    """How many rows name the authority, by table."""
    with reader(db.engine).connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
                .where(table.c.authority_id == authority_id)
            ).scalar_one()
            for table in Model.metadata.sorted_tables if "authority_id" in table.columns
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECRETARY])
def test_fields_that_no_form_has_set_nothing(app, staff, role):
    world.build("jonkoping")
    away = world.build("skane", "Drivis")
    browser = staff(role.value)
    theirs = rows_of(away.ids["authority"])
    sent = set()
    for page, form in each_post(crawl(browser)):
        fresh = [
            other for other in forms(browser.get(page).text)
            if set(other["fields"]) == set(form["fields"])
        ]  # fmt: skip
        if not fresh:  # what came before has done away with it
            continue
        fields = {name: value for name, value in EXTRA.items() if name not in fresh[0]["fields"]}
        answer = browser.post(form["action"], data=fields | fresh[0]["fields"])
        assert answer.status_code < 500, f"{form['action']}: {answer.status_code}"
        sent.add(answer.status_code)
        if answer.status_code < 400:  # of what is refused nothing is kept: looked at in the end
            assert smuggled() == [], form["action"]
        db.session.rollback()
    assert smuggled() == []
    assert 303 in sent
    assert rows_of(away.ids["authority"]) == theirs


def test_the_search_for_smuggled_values_finds_them(app):
    """The control: without it the walk above would prove nothing."""
    world.build("jonkoping")
    from accounts import services  # noqa: PLC0415
    from core.db import write  # noqa: PLC0415

    def smuggle():
        board = world.account_queries.authority_by_slug(db.session, "jonkoping")
        services.change_authority(
            db.session, board, facts={"phone": f"a{WORD}"}, by=world.user(
                "kollega.jonkoping@example.se"), now=world.NOW,
        )  # fmt: skip

    write(smuggle)
    assert "authority.phone" in smuggled()
