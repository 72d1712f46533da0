"""Mail to participants: written, looked at, sent once to each, told about afterwards."""

import html
import re
from datetime import timedelta

import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db, write
from core.jobs.models import Job
from core.jobs.rules import State as JobState
from core.jobs.worker import run_once
from core.mail import Letter, build
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.outbox.worker import compose
from events import services as event_services
from events.models import Event
from events.rules import Mode
from events.rules import State as EventState
from registrations import services as registration_services
from registrations.mailings import services
from registrations.mailings.models import Mailing, MailingRecipient, OptOut
from registrations.models import Registration
from registrations.rules import Source
from tests.conftest import NOW
from tests.events import make as make_events
from tests.minutes import make as make_minutes
from tests.reading import forms
from tests.registrations import make, make_invitations
from tests.registrations.make_lists import come

TEXT = "Hej {förnamn}!\n\nVi ses {tid} på {plats}.\n\nDu har valt: {mina_val}\n\n{min_sida}"


def start(event):
    return f"/arbeta/evenemang/{event.id}/utskick"


def write_one(browser, event, **fields):
    """Write a mailing; its address."""
    told = {"subject": "Inför {evenemang}", "body": TEXT} | fields
    answer = browser.submit(f"{start(event)}/nytt", **told)
    assert answer.status_code == 303, answer.text
    return answer.location


def work():
    while run_once():
        pass


def send(browser, address, **fields):
    answer = browser.submit(address, _at=page_form(browser, address), **fields)
    work()
    return answer


def page_form(browser, address):
    """Which form of the page sends it."""
    return next(n for n, form in enumerate(forms(browser.get(address).text))
                if "when" in form["fields"])  # fmt: skip


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_a_mailing_goes_to_those_who_meet_every_condition_and_to_nobody_else(staff, post):
    event = make.conference(online=50)
    make.registration(event, 1)
    make.registration(event, 2, sector="municipality")
    make.registration(event, 3, mode="online")
    make.registration(event, 4, email="", source=Source.STAFF)
    post()
    browser = staff()
    address = write_one(browser, event, sector="civil_society", mode="room")
    page = browser.get(address).text
    assert ">1</b> person får mejlet" in page
    assert "1 saknar e-postadress" in page
    assert "Ada Berg1" in page
    assert "Ada Berg2" not in page
    assert post() == []
    assert send(browser, address).status_code == 303
    [message] = post()
    assert message["To"] == "ada.berg1@example.se"
    assert message["Subject"] == "Inför Mottagande och etablering"
    text = text_of(message)
    assert text.startswith("Hej Ada!")
    assert "Vi ses" in text
    assert "/min-anmalan/" in text
    assert "Du har valt" not in text
    page = message.get_body(("html",)).get_content()
    assert "Hej Ada!" in page
    assert "/min-anmalan/" in page
    assert "Skickat till 1 av 1" in browser.get(address).text


def text_in(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_unknown_placeholder_is_refused_with_the_list_and_everything_is_kept(staff):
    event = make.conference()
    browser = staff()
    answer = browser.submit(
        f"{start(event)}/nytt", subject="Hej {efternamn}", body="Ses {när}! {plats} {0.__class__}"
    )
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "{efternamn} går inte att fylla i" in text
    assert "{när}, {0.__class__} går inte att fylla i" in text
    assert "{förnamn}, {namn}, {evenemang}" in text
    assert "Ses {när}! {plats} {0.__class__}" in text
    assert "{min_sida} går inte" in html.unescape(
        browser.submit(f"{start(event)}/nytt", subject="{min_sida}", body="Hej").text
    )
    assert db.session.scalar(sa.select(Mailing.id)) is None


def test_what_is_filled_in_is_text_and_never_read_as_a_template(staff, post):
    event = make.conference(title="<b>{plats}</b> {{7*7}} {förnamn}")
    make.registration(event, first_name="{min_sida}", last_name="<script>x</script>")
    post()
    browser = staff()
    address = write_one(browser, event, subject="Hej {namn}", body="Hej {namn}!\n\n{evenemang}")
    send(browser, address)
    [message] = post()
    assert message["Subject"] == "Hej {min_sida} <script>x</script>"
    text = text_of(message)
    assert "Hej {min_sida} <script>x</script>!" in text
    assert "<b>{plats}</b> {{7*7}} {förnamn}" in text
    page = message.get_body(("html",)).get_content()
    assert "Hej {min_sida} &lt;script&gt;x&lt;/script&gt;!" in page
    assert "<script>" not in page
    assert "/min-anmalan/" not in page


def test_the_link_to_the_meeting_is_for_those_with_a_place_online_alone(staff, post):
    event = make.conference(room=1, online=5)
    make.registration(event, 1, mode=Mode.ROOM)
    make.registration(event, 2, mode=Mode.ONLINE)
    make.registration(event, 3, mode=Mode.ROOM)
    post()
    browser = staff()
    body = "Hej!\n\nAnslut här: {möteslänk}\n\nHälsningar"
    answer = browser.submit(
        f"{start(event)}/nytt", subject="Länk", body=body, statuses=["confirmed", "waiting"]
    )
    send(browser, answer.location)
    links = {m["To"].split("@")[0]: "mote.example.se" in text_of(m) for m in post()}
    assert links == {"ada.berg1": False, "ada.berg2": True, "ada.berg3": False}


def test_a_protected_person_is_written_to_but_shown_as_the_alias_and_not_named_in_mail(staff, post):
    event = make.conference()
    person = make.registration(event, protected=True, source=Source.STAFF)
    post()
    browser = staff()
    address = write_one(browser, event, subject="Hej {namn}!")
    page = browser.get(address).text
    assert f"Skyddad deltagare {person.id}" in page
    assert not re.search(r"\bAda\b", page)
    assert "ada.berg0@example.se" not in page
    send(browser, address)
    [message] = post()
    assert message["To"] == "ada.berg0@example.se"
    assert message["Subject"] == "Hej!"
    assert text_of(message).splitlines()[0] == "Hej!"
    assert not re.search(r"\bAda\b", message.as_string())
    for page in (browser.get(address).text, browser.get(start(event)).text):
        assert not re.search(r"\bAda\b", page)


def test_the_preview_steps_through_the_recipients_without_their_secret_links(staff):
    event = make.conference()
    make.registration(event, 1)
    make.registration(event, 2, language="en")
    browser = staff()
    address = write_one(
        browser, event, subject_en="About {evenemang}", body_en="Hello {förnamn}!\n\n{min_sida}"
    )
    first, second = browser.get(address).text, browser.get(f"{address}?prov=2").text
    assert "Så läser Ada Berg1 mejlet" in first
    assert "Hej Ada!" in text_in(first)
    assert "Hello Ada!" in text_in(second)
    assert "About Mottagande" in second
    assert "personens egen länk" in first
    assert "/min-anmalan/" not in first + second
    assert browser.get(f"{address}?prov=0").status_code == 400
    assert "Så läser" not in browser.get(f"{address}?prov=3").text


def test_a_test_goes_to_the_one_who_works_with_it_and_to_nobody_else(staff, post):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    address = write_one(browser, event)
    page = forms(browser.get(address).text)
    at = next(n for n, form in enumerate(page) if form["action"].endswith("/prov"))
    assert browser.submit(address, _at=at).status_code == 303
    [message] = post()
    assert message["To"] == "organiser.jonkoping@example.se"
    assert message["Subject"].startswith("Prov: Inför")
    assert "/min-anmalan/" not in text_of(message)
    assert db.session.scalar(sa.select(MailingRecipient.id)) is None


def test_each_is_written_to_in_their_language_where_it_is_written(staff, post):
    event = make.conference()
    make.registration(event, 1)
    make.registration(event, 2, language="en")
    post()
    browser = staff()
    bilingual = {"subject_en": "About {evenemang}", "body_en": "Hello {förnamn}, {tid}"}
    send(browser, write_one(browser, event, **bilingual))
    told = {m["To"]: (m["Subject"].split()[0], text_of(m)) for m in post()}
    assert told["ada.berg1@example.se"][0] == "Inför"
    assert told["ada.berg2@example.se"][0] == "About"
    assert "Thursday 4 March 2027" in told["ada.berg2@example.se"][1]
    send(browser, write_one(browser, event, subject="Bara svenska"))
    assert {m["Subject"] for m in post()} == {"Bara svenska"}
    half = browser.submit(
        f"{start(event)}/nytt", subject="A", body="B", subject_en="Only a subject"
    )
    assert half.status_code == 422
    assert "Skriv både ämne och text på engelska" in half.text


def test_a_planned_one_goes_at_its_time_to_those_who_are_there_then(staff, post, make_app):
    event = make.conference()
    make.registration(event, 1)
    leaves = make.registration(event, 2)
    post()
    browser = staff()
    address = write_one(browser, event)
    early = send(browser, address, when="later", send_at="2026-11-21T09:00")
    assert (early.status_code, "Tiden har passerat" in early.text) == (422, True)
    missing = send(browser, address, when="later", send_at="2027-03-28T02:30")
    assert (missing.status_code, "finns inte den dagen" in missing.text) == (422, True)
    assert send(browser, address, when="later", send_at="2026-11-24T09:00").status_code == 303
    assert post() == []
    assert "Går tisdag 24 november 2026 kl. 09.00" in browser.get(address).text
    make.registration(event, 3, notify=False)
    write(lambda: registration_services.cancel(
        db.session, db.session.get_one(Registration, leaves.id), now=NOW, notify=False
    ))  # fmt: skip
    with make_app(FAKE_NOW=NOW + timedelta(days=2)).app_context():
        work()
    db.session.rollback()
    to = db.session.scalars(sa.select(Outbox.recipient).where(Outbox.kind == "mailing.letter"))
    assert sorted(to) == ["ada.berg1@example.se", "ada.berg3@example.se"]


def test_a_planned_one_can_be_called_off_and_changed_until_it_goes(staff, post, make_app):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    address = write_one(browser, event)
    send(browser, address, when="later", send_at="2026-11-24T09:00")
    assert browser.submit(f"{address}/andra", subject="Ändrat").status_code == 303
    page = forms(browser.get(address).text)
    at = next(n for n, form in enumerate(page) if form["action"].endswith("/stall-in"))
    assert browser.submit(address, _at=at).status_code == 303
    with make_app(FAKE_NOW=NOW + timedelta(days=3)).app_context():
        work()
    assert post() == []
    send(browser, address)
    assert [m["Subject"] for m in post()] == ["Ändrat"]
    late = browser.submit(f"{address}/andra", subject="För sent")
    assert (late.status_code, "kan inte ändras" in late.text) == (422, True)
    assert "Ändrat" in browser.get(address).text


def test_pressing_send_again_in_another_tab_sends_nothing_more(staff, post):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    address = write_one(browser, event)
    tab = next(form["fields"] for form in forms(browser.get(address).text)
               if "when" in form["fields"])  # fmt: skip
    send(browser, address)
    again = browser.post(address, data=tab, follow_redirects=True)
    work()
    assert "redan på väg" in again.text
    assert len(post()) == 1


def test_a_copy_is_a_new_draft_and_a_sent_one_is_kept(staff, post):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    address = write_one(browser, event, sector="civil_society")
    send(browser, address)
    post()
    page = forms(browser.get(address).text)
    at = next(n for n, form in enumerate(page) if form["action"].endswith("/kopiera"))
    copied = browser.submit(address, _at=at)
    assert copied.status_code == 303
    assert "Inför {evenemang}" in browser.get(copied.location).text
    removed = browser.submit(address, _at=at, _to=f"{address}/ta-bort")
    assert removed.status_code == 422
    assert len(db.session.scalars(sa.select(Mailing.id)).all()) == 2


def test_news_can_be_unsubscribed_from_by_a_mail_program_and_by_hand(staff, post, client):
    event = make.conference()
    for number in (1, 2, 3):
        make.registration(event, number)
    post()
    browser = staff()
    news = {"subject": "Nästa konferens", "body": "Kom även i höst.", "purpose": "news"}
    send(browser, write_one(browser, event, **news))
    told = {m["To"].split("@")[0]: m for m in post()}
    address = re.fullmatch(r"<http://localhost(/\S+)>", told["ada.berg1"]["List-Unsubscribe"])[1]
    assert told["ada.berg1"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in text_of(told["ada.berg1"])
    assert client.get(address).status_code == 200  # a scanner looks: nothing happens
    body = {"List-Unsubscribe": "One-Click"}
    assert client.post(address, data=body).status_code == 200
    assert client.post(address, data=body).status_code == 200
    assert client.post(address, data=body | {"x": "1"}).status_code == 403
    assert client.post(address[:-1] + ("A" if address[-1] != "A" else "B"),
                       data=body).status_code == 404  # fmt: skip
    by_hand = re.search(r"http://localhost(/utskick/\S+?)>", text_of(told["ada.berg2"]))[1]
    done = client.submit(by_hand)
    assert "Du är avregistrerad" in client.get(done.location).text
    page = write_one(browser, event, **news)
    assert "2 har avregistrerat sig" in browser.get(page).text
    send(browser, page)
    assert [m["To"] for m in post()] == ["ada.berg3@example.se"]
    assert "2 hade avregistrerat sig" in browser.get(page).text
    send(browser, write_one(browser, event))  # about their own place: to all
    assert len(post()) == 3
    kept = db.session.scalars(sa.select(OptOut.address)).all()
    assert len(kept) == 2
    assert not any("ada" in address for address in kept)
    elsewhere = make_events.event("skane", published=True)
    make.registration(elsewhere, 1)
    post()
    send(staff(board="skane"), write_one(staff(board="skane"), elsewhere, **news))
    assert len(post()) == 1


def test_mail_about_the_place_has_no_way_out_of_it(staff, post):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    send(browser, write_one(browser, event))
    [message] = post()
    assert message["List-Unsubscribe"] is None
    assert "vregistrera" not in text_of(message)


def test_a_long_address_to_unsubscribe_at_is_written_whole(make_app):
    with make_app(BASE_URL="https://samling.lansstyrelsen.example.se").app_context():
        address = "https://samling.lansstyrelsen.example.se/utskick/2147483647/" + "A-_" * 14 + "a"
        letter = Letter("Nytt", [("text", "Hej")], "Länsstyrelsen", "", unsubscribe=address)
        raw = build(letter, to="a@example.se", message_id="<x@example.se>", at=NOW).as_bytes()
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in raw


def test_who_did_not_get_it_is_told_and_the_address_is_corrected_for_good(staff, post):
    event = make.conference()
    person = make.registration(event, 1)
    post()
    browser = staff()
    address = write_one(browser, event)
    send(browser, address)
    mail = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "mailing.letter")).one()
    mail_id = mail.id

    def fail():
        row = db.session.get_one(Outbox, mail_id)
        row.state, row.error = MailState.FAILED, "550 no such user"

    write(fail)
    page = browser.get(address).text
    assert "Skickat till 0 av 1, 1 kom inte fram" in text_in(page)
    assert "550 no such user" in page
    assert "1 kom inte fram" in browser.get(start(event)).text
    old = make.again(person).token_hash
    recipient = db.session.scalar(sa.select(MailingRecipient.id))
    answer = browser.submit(
        f"/arbeta/utskick/mottagare/{recipient}", email="ny@example.se", reason="Felskriven."
    )
    assert answer.status_code == 303
    [message] = post()
    assert message["To"] == "ny@example.se"
    after = make.again(person)
    assert after.email == "ny@example.se"
    assert after.token_hash not in {None, old}
    assert "/min-anmalan/" in text_of(message)
    reasons = db.session.scalars(
        sa.select(AuditEntry.details).where(AuditEntry.action == "mailing.readdressed")
    ).all()
    assert reasons == [{"reason": "Felskriven."}]
    assert "Skickat till 1 av 1" in text_in(browser.get(address).text)


def test_a_correction_on_the_page_of_mails_changes_the_registration_too(staff, post):
    event = make.conference()
    person = make.registration(event, 1)
    old = person.token_hash

    def fail():
        row = db.session.scalars(sa.select(Outbox)).one()
        row.state, row.error = MailState.FAILED, "550 no such user"
        return row.id

    mail_id = write(fail)
    answer = staff().submit(f"/arbeta/post/{mail_id}", to="ny@example.se")
    assert answer.status_code == 303
    after = make.again(person)
    assert (after.email, after.token_hash != old) == ("ny@example.se", True)
    assert [m["To"] for m in post()] == ["ny@example.se"]


def test_reminders_are_told_with_their_dates_and_refused_when_too_late(staff):
    event = make.conference()
    browser = staff()
    where = f"{start(event)}/paminnelser"
    assert "måndag 1 mars 2027 kl. 09.00" in browser.get(where).text
    saved = browser.submit(where, before_on="y", after_on="y", before_days="5")
    assert saved.status_code == 303
    page = text_in(browser.get(start(event)).text)
    assert "Påminnelse före evenemanget: går lördag 27 februari 2027 kl. 09.00" in page
    assert "Tack efter evenemanget: går fredag 5 mars 2027 kl. 09.00" in page
    late = browser.submit(where, before_on="y", before_days="60")
    assert late.status_code == 303
    soon = make.conference(title="Snart", starts=NOW + timedelta(days=2))
    refused = browser.submit(f"{start(soon)}/paminnelser", before_on="y")
    assert (refused.status_code, "har redan passerat" in refused.text) == (422, True)
    bad = browser.submit(where, before_on="y", before_body="Hej {vem}")
    assert (bad.status_code, "{vem} går inte att fylla i" in html.unescape(bad.text)) == (422, True)


def test_thanks_go_to_those_who_came_with_the_documentation_when_there_is_one(
    staff, post, make_app
):
    event = make.conference()
    came, stayed_away = make.registration(event, 1), make.registration(event, 2)
    post()
    come(came)
    staff().submit(f"{start(event)}/paminnelser", after_on="y")
    with make_app(FAKE_NOW=event.ends + timedelta(days=1)).app_context():
        services.remind_due(db.session, now=event.ends + timedelta(days=1))
        work()
    db.session.rollback()
    to = db.session.scalars(sa.select(Outbox.recipient).where(Outbox.kind == "mailing.letter"))
    assert to.all() == [came.email]
    assert stayed_away.email != came.email
    row = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "mailing.letter")).one()
    letter, _message = compose(row)
    assert letter.subject == "Tack för att du kom: Mottagande och etablering"
    assert "minnesanteckningarna" not in str(letter.blocks)


def test_organisations_that_have_not_answered_are_reminded_once(staff, post, make_app):
    event = make_invitations.council()
    silent = make_invitations.invitation(event, "Kaffevagnen")
    make_invitations.invitation(event, "Bokbussen", sent=False)
    post()
    staff().submit(f"{start(event)}/paminnelser", unanswered_on="y", unanswered_days="2")
    at = event.registration_closes - timedelta(days=1)
    for _again in range(2):
        with make_app(FAKE_NOW=at).app_context():
            services.remind_due(db.session, now=at)
            work()
    db.session.rollback()
    letters = db.session.scalars(
        sa.select(Outbox.recipient).where(Outbox.kind == "invitation.reminder")
    ).all()
    assert letters == [silent.email]
    assert make_invitations.again(silent).reminded == at
    page = staff().get(f"{start(event)}").text
    assert "Påminnelse till inbjudna som inte har svarat" in page


def test_the_page_of_the_list_costs_the_same_for_many(staff):
    event = make.conference()
    make.registration(event, 1, notify=False)
    browser = staff()
    write_one(browser, event)
    few = make_invitations.questions(lambda: browser.get(start(event)))
    for _number in range(6):
        write_one(browser, event)
    assert make_invitations.questions(lambda: browser.get(start(event))) == few


def test_the_documentation_is_linked_to_when_it_is_published(staff, post):
    event = make_minutes.with_people(make_minutes.held(), registered=2, came=1)
    browser = staff()
    told = {"subject": "Tack", "body": "Läs {dokumentation} här.", "came": "ja"}
    before = text_in(browser.get(write_one(browser, event, **told)).text)
    assert "Läs" not in before.split("mejlet", 1)[1].split("Skicka ett prov")[0]
    make_minutes.published(event)
    send(browser, write_one(browser, event, **told))
    [message] = post()
    where = f"http://localhost/evenemang/{event.slug}/dokumentation"
    assert f"Läs dokumentationen <{where}> här." in text_of(message)
    assert f'<a href="{where}"' in message.get_body(("html",)).get_content()


def test_what_was_planned_about_an_event_that_is_called_off_does_not_go(staff, post, make_app):
    event = make.conference()
    make.registration(event, 1)
    post()
    browser = staff()
    about, news = write_one(browser, event), write_one(browser, event, purpose="news")
    for address in (about, news):
        send(browser, address, when="later", send_at="2026-11-24T09:00")
    write(lambda: event_services.set_state(
        db.session, db.session.get_one(Event, event.id), EventState.CANCELLED, note="Sjukdom.",
        by=None, now=NOW,
    ))  # fmt: skip
    with make_app(FAKE_NOW=NOW + timedelta(days=3)).app_context():
        work()
    db.session.rollback()
    states = db.session.scalars(sa.select(Mailing.state).order_by(Mailing.id)).all()
    assert states == ["draft", "sent"]
    assert "Utkast" in browser.get(about).text


def test_one_whose_work_was_given_up_is_told_and_goes_on_where_it_was(staff, post):
    event = make.conference()
    for number in range(3):
        make.registration(event, number)
    post()
    browser = staff()
    address = write_one(browser, event)
    browser.submit(address, _at=page_form(browser, address))

    def give_up():
        job = db.session.scalars(sa.select(Job)).one()
        services.step(db.session, job, now=NOW)
        job.state = JobState.FAILED

    write(give_up)
    page = browser.get(address)
    assert "Arbetet med att skicka stannade" in page.text
    at = next(n for n, form in enumerate(forms(page.text))
              if form["action"].endswith("/fortsatt"))  # fmt: skip
    for _again in range(2):
        browser.submit(address, _at=0, _to=forms(page.text)[at]["action"])
    work()
    assert len(post()) == 3
    assert "stannade" not in browser.get(address).text


def test_half_an_english_text_of_a_reminder_is_refused(staff):
    event = make.conference()
    answer = staff().submit(f"{start(event)}/paminnelser", before_on="y", before_subject_en="")
    assert (answer.status_code, "både ämne och text på engelska" in answer.text) == (422, True)
