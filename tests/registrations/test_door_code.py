"""The code on a badge: right at one door, worth nothing elsewhere."""

import pytest

from core.crypto import derived_token
from core.db import db
from registrations.door_code import door_code, registration_by_code
from tests.registrations import make


@pytest.fixture
def event(app):
    return make.conference(room=5)


def whose(event, code):
    found = registration_by_code(db.session, event.id, code)
    return found.id if found else None


def test_the_code_says_who_at_the_door_of_that_event_only(event):
    one, other = make.registration(event, 1), make.registration(event, 2)
    elsewhere = make.conference(title="En annan dag")
    assert whose(event, door_code(one)) == one.id
    assert whose(event, door_code(other)) == other.id
    assert whose(elsewhere, door_code(one)) is None


def test_it_may_be_typed_by_hand(event):
    one = make.registration(event, 1)
    number, letters = door_code(one).split("-")
    misread = letters.replace("O", "0").replace("I", "1").replace("B", "8")
    assert whose(event, f" {number} - {misread.lower()[:4]} {misread[4:]}\n") == one.id


def test_it_is_not_guessed_from_another(event):
    one, other = make.registration(event, 1), make.registration(event, 2)
    swapped = door_code(one).replace(f"{one.id}-", f"{other.id}-", 1)
    for wrong in (swapped, door_code(one)[:-1], str(one.id), "", "-", "9999999999-" + "A" * 16,
                  "\x00", "å" * 5000, f"{one.id}-" + "A" * 16, f"0{door_code(one)}"):  # fmt: skip
        assert whose(event, wrong) is None


def test_it_opens_no_page(event, client):
    one = make.registration(event, 1)
    code = door_code(one)
    assert "Ada" not in code
    assert code.split("-")[1] not in derived_token("registration", one.id, 1).upper()
    for address in (f"/min-anmalan/{code}", f"/inbjudan/{code}"):
        assert client.get(address).status_code == 404
