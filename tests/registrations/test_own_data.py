"""What somebody takes home: everything about their own registration, and nothing else."""

import json

import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db
from registrations.models import Registration
from tests.conftest import open_client
from tests.registrations import make, make_parties
from tests.registrations.make_lists import come
from tests.registrations.test_mine import enter

FILE = "/min-anmalan/mina-uppgifter.json"


def take_home(client, person):
    """Press the button on one's own page."""
    page = enter(client, person).text
    assert FILE in page
    return client.submit("/min-anmalan", _at=-1)


def test_everything_about_oneself_is_in_the_file(client, post):
    event = make.conference()
    [item, _other] = make.parallel(event)
    person = make.registration(
        event, choices=(item.id,), needs={"diet": "Celiaki", "access": ""}, phone="070-123 45 67"
    )
    post()
    come(person)
    answer = take_home(client, make.again(person))
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'filename="mina-uppgifter.json"' in answer.headers["Content-Disposition"]
    data = json.loads(answer.text)
    assert data["event"]["title"] == "Mottagande och etablering"
    assert data["event"]["starts"] == "2027-03-04T08:30:00Z"
    own = data["registration"]
    assert (own["email"], own["phone"], own["status"]) == (
        "ada.berg0@example.se", "070-123 45 67", "confirmed",
    )  # fmt: skip
    assert [one["title"] for one in data["choices"]] == ["Ensamkommande barn"]
    assert data["needs"] == {"diet": "Celiaki", "access": ""}
    assert [(one["kind"], one["state"]) for one in data["mails"]] == [
        ("registration.receipt", "sent")
    ]
    assert data["mails"][0]["sent"]
    assert [one["what"] for one in data["check_ins"]] == ["in"]
    assert [one["what"] for one in data["history"]][:2] == ["registration.made", "door.in"]


def test_that_the_needs_were_read_is_logged_and_not_what_they_were(client):
    event = make.conference()
    person = make.registration(event, needs={"diet": "Celiaki", "access": ""})
    take_home(client, person)
    looks = db.session.scalars(sa.select(AuditEntry).filter_by(action="need.read")).all()
    assert [(one.subject_id, one.user_id) for one in looks] == [(person.id, None)]
    assert "Celiaki" not in repr([one.details for one in looks])


def test_the_file_holds_nobody_else(client):
    event = make.conference()
    made = make_parties.party(event, 2)
    person = db.session.get_one(Registration, made.members[0].registration_id)
    text = take_home(client, person).text
    assert json.loads(text)["registered_by"] == {
        "name": "Karin Ek", "organisation": "Habo kommun",
    }  # fmt: skip
    assert "Lindb" not in text
    assert "token" not in text
    assert "link_key" not in text


def test_without_the_link_or_by_a_read_nobody_gets_a_file(client):
    person = make.registration(make.conference())
    enter(client, person)
    assert client.get(FILE).status_code == 405
    stranger = open_client(client.application)
    stranger.get("/min-anmalan/ny-lank")
    answer = stranger.submit("/min-anmalan/ny-lank", _to=FILE)
    assert answer.status_code == 404
    other = make.registration(make.conference(), 1)
    assert client.submit("/min-anmalan", _at=-1, whose=str(other.id)).status_code == 409
    assert client.submit("/min-anmalan", _at=-1, form_key="x").status_code == 400
