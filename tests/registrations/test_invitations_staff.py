"""What organisers do with the invited list and the register of organisations."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from registrations.invitations import services
from registrations.models import Invitation, Organisation
from tests.registrations import make_invitations as make
from tests.registrations.make_invitations import NOW

FACTS = {
    "organisation": "Grannhjälpen", "sector": "civil_society", "municipality": "0617",
    "seats": "1", "criterion": "Sakkunskap i frågan", "reason": "Ringer upp ensamboende.",
    "email": "grannhjalpen@example.se",
}  # fmt: skip


def list_of(event):
    return f"/arbeta/evenemang/{event.id}/inbjudna"


def test_a_known_organisation_is_found_by_its_name_whatever_the_case(staff):
    event = make.council()
    known = make.organisation("Grannhjälpen")
    added = staff().submit(
        f"{list_of(event)}/ny", **FACTS | {"organisation": "GRANNHJÄLPEN", "sector": ""}
    )
    assert added.status_code == 303
    assert db.session.scalars(sa.select(Invitation.organisation_id)).all() == [known.id]


def test_a_new_organisation_needs_its_sector_and_likely_names_are_offered(staff):
    event = make.council()
    make.organisation("Grannhjälpen i Gnosjö")
    browser = staff()
    asked = browser.submit(f"{list_of(event)}/ny", **FACTS | {"sector": ""})
    assert asked.status_code == 422
    assert "Menar du Grannhjälpen i Gnosjö?" in asked.text
    assert "Ringer upp ensamboende." in asked.text
    again = browser.submit(f"{list_of(event)}/ny", **FACTS, again="y")
    assert again.headers["Location"] == f"{list_of(event)}/ny"
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 2


def test_the_same_organisation_is_not_listed_twice_and_a_reason_is_asked_for(staff):
    event = make.council()
    make.invitation(event, "Grannhjälpen", sent=False)
    browser = staff()
    twice = browser.submit(f"{list_of(event)}/ny", **FACTS)
    assert twice.status_code == 422
    assert "Grannhjälpen står redan på listan." in twice.text
    without = browser.submit(f"{list_of(event)}/ny", **FACTS | {"reason": " "})
    assert without.status_code == 422
    assert "Skriv en mening om varför" in without.text


def test_an_unsent_invitation_is_changed_and_removed_a_sent_one_is_not(staff):
    event = make.council()
    draft = make.invitation(event, sent=False)
    sent = make.invitation(event, "Grannhjälpen")
    browser = staff()
    page = f"/arbeta/inbjudna/{draft.id}"
    assert browser.submit(page, seats="5").status_code == 303
    assert make.again(draft).seats == 5
    stale = browser.submit(page, seats="3", version="1")
    assert stale.status_code == 409
    assert browser.submit(page, _at=1).status_code == 303
    assert db.session.scalars(sa.select(Invitation.id)).all() == [sent.id]

    keys = browser.get(f"{list_of(event)}/ny").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', keys)[0]
    fields = {"csrf_token": token, "form_key": "k" * 43}
    refused = browser.post(f"/arbeta/inbjudna/{sent.id}/ta-bort", data=fields)
    assert refused.status_code == 422
    assert "Inbjudan är skickad" in refused.text


def test_nothing_is_sent_from_a_draft_event_or_twice(staff, post):
    draft = make.council(published=False)
    make.invitation(draft, sent=False)
    browser = staff()
    refused = browser.submit(f"{list_of(draft)}/skicka")
    assert refused.status_code == 422
    assert "Publicera evenemanget först" in refused.text

    event = make.council(title="Sakråd två", slug="sakrad-tva")
    for name in ("Saffran", "Diakoniringen"):
        make.invitation(event, name, sent=False)
    assert browser.submit(f"{list_of(event)}/skicka").status_code == 303
    assert "Alla på listan har fått sin inbjudan." in browser.get(f"{list_of(event)}/skicka").text
    assert sorted(message["To"] for message in post()) == [
        "diakoniringen@example.se", "saffran@example.se",
    ]  # fmt: skip


def test_those_who_have_not_answered_are_reminded_at_most_once_a_day(app, staff, post):
    event = make.council()
    late = make.invitation(event)
    make.accepted(make.invitation(event, "Grannhjälpen"))
    post()
    early = staff().get(list_of(event)).text
    assert "Påminn" not in early
    app.config["FAKE_NOW"] = NOW + timedelta(hours=25)
    browser = staff(name="dagen-efter")
    assert browser.submit(list_of(event)).status_code == 303
    (letter,) = post()
    assert letter["To"] == "kaffevagnen@example.se"
    assert letter["Subject"].startswith("Påminnelse")
    assert make.again(late).reminded is not None
    assert "Påminn d" not in browser.get(list_of(event)).text
    token = re.findall(
        r'name="csrf_token" value="([^"]+)"', browser.get(f"{list_of(event)}/ny").text
    )[0]
    again = browser.post(
        f"/arbeta/inbjudna/{late.id}/paminn", data={"csrf_token": token, "form_key": "k" * 43}
    )
    assert again.status_code == 422
    assert "Påminn tidigast ett dygn efter" in again.text


def test_an_address_is_corrected_and_the_failed_mail_is_seen(staff, post):
    event = make.council()
    invitation = make.invitation(event)
    write(lambda: db.session.execute(
        sa.update(Outbox).values(state=MailState.FAILED, error="550 no such user")
    ))  # fmt: skip
    browser = staff()
    assert "550 no such user" in browser.get(list_of(event)).text
    moved = browser.submit(f"/arbeta/inbjudna/{invitation.id}/adress", email="ratt@example.se")
    assert moved.status_code == 303
    assert [message["To"] for message in post()] == ["ratt@example.se"]
    assert "550 no such user" not in browser.get(list_of(event)).text


def test_another_authority_and_other_roles_see_nothing_of_the_list(client, staff):
    event = make.council()
    invitation = make.invitation(event, sent=False)
    addresses = [
        list_of(event), f"{list_of(event)}/ny", f"{list_of(event)}/skicka",
        f"/arbeta/inbjudna/{invitation.id}", f"/arbeta/inbjudna/{invitation.id}/adress",
        f"/arbeta/inbjudna/{invitation.id}/skicka",
    ]  # fmt: skip
    stranger, reader = staff("organiser", "kalmar"), staff("reader")
    for address in addresses:
        assert client.get(address).status_code == 302
        assert stranger.get(address).status_code == 404
        assert reader.get(address).status_code == 403
    assert reader.get("/arbeta/organisationer").status_code == 403


def test_a_one_sided_selection_is_pointed_out(staff):
    event = make.council()
    for name in ("Ettan", "Tvåan", "Trean", "Fyran"):
        make.invitation(event, name, sent=False)
    page = staff().get(list_of(event)).text
    assert "De flesta hör till: Civilsamhälle, Jönköping" in page
    assert "Självständighet och oberoende" in page


def test_the_list_costs_the_same_number_of_questions_for_one_and_for_eight(staff):
    event = make.council()
    browser = staff()
    make.invitation(event, "Ett")
    one = make.questions(lambda: browser.get(list_of(event)))
    for number in range(7):
        make.invitation(event, f"Nummer {'abcdefg'[number]}")
    assert make.questions(lambda: browser.get(list_of(event))) == one


def test_the_register_is_searched_in_any_case_and_keeps_swedish_order(staff):
    for name in ("Örnen", "Änglarna", "Åkerbruket", "Zenit"):
        make.organisation(name)
    browser = staff("organiser", "kalmar")
    page = browser.get("/arbeta/organisationer").text
    places = [page.index(f">{name}<") for name in ("Zenit", "Åkerbruket", "Änglarna", "Örnen")]
    assert places == sorted(places)
    found = browser.get("/arbeta/organisationer?q=ÖRNEN").text
    assert ">Örnen<" in found
    assert ">Zenit<" not in found
    assert ">Zenit<" in browser.get("/arbeta/organisationer?q=vetlanda&lan=06").text
    assert browser.get("/arbeta/organisationer?sida=x").status_code == 400
    nothing = browser.get("/arbeta/organisationer?q=finns%20inte%25").text
    assert "Ingen organisation stämmer" in nothing


def test_an_organisation_is_added_once_and_corrected(staff):
    browser = staff()
    facts = {"name": "Trygg samvaro", "sector": "civil_society", "municipality": "0682"}
    assert browser.submit("/arbeta/organisationer/ny", **facts).status_code == 303
    known = browser.submit("/arbeta/organisationer/ny", **facts | {"name": "trygg  SAMVARO"})
    assert known.status_code == 422
    assert "Trygg samvaro finns redan i registret." in known.text
    made = db.session.scalar(sa.select(Organisation))
    assert (made.slug, made.county_code) == ("trygg-samvaro", "06")
    page = f"/arbeta/organisationer/{made.id}"
    assert browser.submit(page, name="Trygg samvaro i Nässjö").status_code == 303
    assert browser.submit(page, sector="", name="").status_code == 422
    assert browser.get("/arbeta/organisationer/99999").status_code == 404
    db.session.refresh(made)
    assert [one.name for one in made.names] == ["Trygg samvaro i Nässjö"]


def test_a_new_name_holds_from_its_day_and_the_meeting_keeps_the_name_of_its_own(client):
    event = make.council()
    invitation = make.invitation(event, "Kaffevagnen")
    assert "Kaffevagnen" in client.get("/sakrad").text

    def rename(name, day):
        organisation = db.session.get_one(Organisation, invitation.organisation_id)
        services.change_organisation(
            db.session, organisation, facts={"name": name}, renamed=day, by=None, now=NOW
        )

    write(lambda: rename("Fikabilen", date(2026, 12, 15)))
    assert "Kaffevagnen" in client.get("/sakrad").text  # the meeting is on the 14th
    with pytest.raises(Exception, match="gäller från 2026-12-15"):
        write(lambda: rename("Bullbilen", date(2026, 12, 1)))
    write(lambda: rename("Fikabilen i Njudung", None))
    later = make.council(
        title="Senare", slug="senare", starts=NOW + timedelta(days=60),
        ends=NOW + timedelta(days=60, hours=2), registration_closes=None,
    )  # fmt: skip
    id_ = invitation.organisation_id
    told = {"seats": 1, "criterion": "x", "reason": "y", "email": "a@example.se"}

    def again():
        organisation = db.session.get_one(Organisation, id_)
        made = services.invite(
            db.session, db.session.merge(later), organisation=organisation, facts=told, by=None,
            now=NOW,
        )  # fmt: skip
        services.send(db.session, made, by=None, now=NOW)

    write(again)
    names = {
        council["slug"]: council["invited"][0]["organisation"]
        for council in client.get("/sakrad.json").json["councils"]
    }
    assert names == {"senare": "Fikabilen i Njudung", event.slug: "Kaffevagnen"}


def test_a_sector_that_no_one_has_is_refused(staff):
    bad = staff().submit("/arbeta/organisationer/ny", name="X", sector="no such", municipality="9")
    assert bad.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 0
