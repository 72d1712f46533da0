"""The page of an event, as everybody sees it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db, write
from events import services
from events.models import Event, Pool
from events.rules import Kind, Mode, State
from tests.conftest import NOW, Client
from tests.events import make
from tests.registrations import make_invitations as invitations

OPEN = {
    "registration_opens": NOW - timedelta(days=1),
    "registration_closes": datetime(2027, 2, 18, 22, 59, tzinfo=UTC),
}


def change(event: Event, **facts: object) -> None:
    def save() -> None:
        found = db.session.get_one(Event, event.id)
        services.change_event(db.session, found, facts=facts, by=None, now=NOW)

    write(save)


def publish(event: Event) -> None:
    write(
        lambda: services.publish(db.session, db.session.get_one(Event, event.id), by=None, now=NOW)
    )


def release(event: Event) -> None:
    write(
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW
        )
    )


def set_state(event: Event, state: State, note: str = "") -> None:
    write(
        lambda: services.set_state(
            db.session, db.session.get_one(Event, event.id), state, note=note, by=None, now=NOW
        )
    )


def take(event: Event, mode: Mode, taken: int) -> None:
    write(
        lambda: db.session.execute(
            sa.update(Pool).filter_by(event_id=event.id, mode=mode).values(taken=taken)
        )
    )


def statements(client: Client, url: str) -> list[str]:
    """What a request asks the database."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return asked


def test_a_draft_has_no_page(client: Client) -> None:
    draft = make.event()
    for suffix in ("", ".ics", "/program.pdf"):
        assert client.get(f"/evenemang/{draft.slug}{suffix}").status_code == 404


def test_the_page_says_it_in_the_order_of_the_boards(client: Client) -> None:
    event = make.event(
        lead="En dag om ansvar.", target_group="Kommuner", purpose="Att jämföra", cost="Gratis",
        directions="Gå rakt fram.", contact_phone="070-174 06 12", hearing_loop=True,
        case_number="851-3907-2026", **OPEN,
    )  # fmt: skip
    make.item(event, "Vad staten ersätter", speakers=(make.speaker("Karin Ek"),))
    publish(event)
    page = client.get(f"/evenemang/{event.slug}").text
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Mottagande och etablering"]
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert [re.sub(r"<[^>]+>", "", heading) for heading in headings] == [
        "Anmälan", "För vem", "Syfte", "Program", "Medverkande", "Var", "Kostnad", "Anmälan",
        "Så hanterar vi dina personuppgifter", "Kontakt",
    ]  # fmt: skip
    assert "torsdag 4 mars 2027 kl. 09.30–16.00" in page
    assert "Sista anmälningsdag är 18 februari 2027." in page
    assert "Folkets hus, Södergatan 5, Jönköping" in page
    assert 'href="tel:+46701740612"' in page
    assert "hörslinga" in page
    assert "Karin Ek, chef, Tranås kommun" in page
    assert page.count('class="button wide"') == 1


def test_the_link_to_the_meeting_is_nowhere(client: Client) -> None:
    event = make.event(published=True, online=300, online_url="https://mote.example.se/hemligt")
    for url in (
        f"/evenemang/{event.slug}", f"/evenemang/{event.slug}.ics", "/", "/kalender.ics",
        f"/en/evenemang/{event.slug}",
    ):  # fmt: skip
        assert "mote.example.se" not in client.get(url).text
    assert "och på nätet" in client.get(f"/evenemang/{event.slug}").text


@pytest.mark.parametrize(
    ("state", "prefix"), [(State.CANCELLED, "INSTÄLLT"), (State.POSTPONED, "FRAMFLYTTAT")]
)
def test_what_is_called_off_says_so_at_the_same_address(
    client: Client, state: State, prefix: str
) -> None:
    event = make.event(published=True, **OPEN)
    assert "Anmäl dig" in client.get(f"/evenemang/{event.slug}").text
    set_state(event, state, note="För få hade anmält sig.")
    page = client.get(f"/evenemang/{event.slug}").text
    assert f"<h1>{prefix} – Mottagande och etablering</h1>" in page
    assert "För få hade anmält sig." in page
    assert "Anmäl dig" not in page
    assert f"{prefix} – Mottagande" in client.get("/").text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"registration_opens": NOW + timedelta(days=2)}, "Anmälan öppnar tisdag 24 november 2026"),
        (
            {"registration_closes": datetime(2026, 11, 20, 23, 0, tzinfo=UTC)},
            "Anmälan är stängd.</strong> Sista anmälningsdag var 20 november 2026.",
        ),
        ({"registration_paused": True}, "Anmälan är stängd."),
        ({"invited_only": True}, "Bara för särskilt inbjudna."),
        (
            {"starts": NOW - timedelta(days=3), "ends": NOW - timedelta(days=2)},
            "Evenemanget är genomfört.",
        ),
    ],
)
def test_where_one_cannot_register_the_page_says_why(
    client: Client, facts: dict[str, object], sentence: str
) -> None:
    event = make.event(published=True, **facts)
    page = client.get(f"/evenemang/{event.slug}").text
    assert sentence in page
    assert f"/evenemang/{event.slug}/anmalan" not in page


def test_seats_show_at_once_though_the_page_is_kept(client: Client) -> None:
    event = make.event(published=True, room=120, online=None, **OPEN)
    url = f"/evenemang/{event.slug}"
    assert "120 av 120 platser kvar" in client.get(url).text
    take(event, Mode.ROOM, 62)
    page = client.get(url)
    assert "58 av 120 platser kvar" in page.text
    assert "På nätet: gott om plats" in page.text
    assert client.get(url, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    take(event, Mode.ROOM, 63)
    assert client.get(url, headers={"If-None-Match": page.headers["ETag"]}).status_code == 200


def test_when_all_is_full_one_can_queue(client: Client) -> None:
    event = make.event(published=True, room=10, **OPEN)
    take(event, Mode.ROOM, 10)
    page = client.get(f"/evenemang/{event.slug}").text
    assert "I salen: fulltecknat" in page
    assert "Ställ dig på reservlistan</a>" in page
    assert "Fulltecknat, reservlista" in client.get("/").text


def test_the_public_sees_the_release_and_not_the_draft(client: Client) -> None:
    event = make.event()
    silent = make.speaker("Tyst Person", consent=False)
    make.item(event, "Första passet", speakers=(silent,))
    publish(event)
    make.item(event, "Tillagt senare", after=2)
    url = f"/evenemang/{event.slug}"
    page = client.get(url).text
    assert "Första passet" in page
    assert "Tillagt senare" not in page
    assert "Tyst Person" not in page
    release(event)
    assert "Tillagt senare" in client.get(url).text
    assert "Tillagt senare" in client.get(f"{url}.ics").text.replace("\r\n ", "")


def test_parallel_seminars_stand_side_by_side_with_their_seats(app: Flask, client: Client) -> None:
    event = make.event()
    make.item(event, "Ensamkommande barn", room="Sal A", group="1", capacity=12)
    make.item(event, "Föreningarnas roll", room="Sal C", group="1", capacity=1)
    publish(event)
    write(lambda: db.session.execute(sa.update(Pool).where(Pool.capacity == 1).values(taken=1)))
    page = re.sub(r"\s+", " ", client.get(f"/evenemang/{event.slug}").text)
    assert page.count('class="parallel"') == 1
    assert "Sal A · 12 platser kvar" in page
    assert "Sal C · fullt" in page
    assert page.count("<time") == 1
    app.config["FAKE_NOW"] = event.ends
    later = client.get(f"/evenemang/{event.slug}").text
    assert "Sal A" in later
    assert "välj ett" not in later
    assert "platser kvar" not in later
    assert "fullt" not in later


def test_a_programme_over_two_days_is_told_by_day(client: Client) -> None:
    event = make.event(ends=make.STARTS + timedelta(days=1))
    make.item(event, "Dag ett")
    make.item(event, "Dag två", after=23)
    publish(event)
    page = client.get(f"/evenemang/{event.slug}").text
    assert "4–5 mars 2027" in page
    assert '<h3 class="day">torsdag 4 mars 2027</h3>' in page
    assert '<h3 class="day">fredag 5 mars 2027</h3>' in page


def test_an_issue_council_says_what_for_and_who_invites(client: Client) -> None:
    event = make.event(
        published=True, kind=Kind.ISSUE_COUNCIL, invited_only=True, question="Hur når vi fler?",
        can_achieve="Länsstyrelsen ändrar sina villkor.", inviter_name="Åsa Lind",
        inviter_title="landshövding",
    )  # fmt: skip
    page = client.get(f"/evenemang/{event.slug}").text
    assert "Hur når vi fler?" in page
    assert "Länsstyrelsen ändrar sina villkor." in page
    assert "Åsa Lind, landshövding" in page


def test_a_hit_asks_at_most_two_questions(client: Client) -> None:
    event = make.event(published=True, online=300, **OPEN)
    for suffix in ("", ".ics"):
        url = f"/evenemang/{event.slug}{suffix}"
        client.get(url)
        assert len(statements(client, url)) <= 2


def test_what_one_asker_adds_to_the_address_does_not_reach_the_next(client: Client) -> None:
    event = make.event(published=True)
    url = f"/evenemang/{event.slug}"
    client.get(f'{url}?x="><script>alert(1)</script>&utm=spam')
    assert "spam" not in client.get(url).text
    other = client.get(url, headers={"Host": "127.0.0.1"}).text
    assert "http://localhost/evenemang/" in other
    assert "127.0.0.1" not in other


def test_caches_must_ask_and_weak_tags_count(client: Client) -> None:
    event = make.event(published=True)
    page = client.get(f"/evenemang/{event.slug}")
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in page.headers
    tag = page.headers["ETag"]
    again = client.get(f"/evenemang/{event.slug}", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


NASTY = '</script><!--<script><img src=x onerror=alert(1)> & "citat" \u2028 ]]>'


def test_no_text_ends_the_script_element_or_becomes_markup(client: Client) -> None:
    event = make.event(published=True, title=NASTY, lead=NASTY, venue_name=NASTY)
    page = client.get(f"/evenemang/{event.slug}").text
    found = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert len(found) == 1
    data = json.loads(found[0])
    assert data["name"].startswith("</script><!--<script>")
    assert "<img src=x" not in page


def test_machines_are_told_what_people_are(client: Client) -> None:
    event = make.event(
        published=True, lead="En dag om ansvar.", online=300, online_url="https://x.se/"
    )
    page = client.get(f"/evenemang/{event.slug}").text
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert script
    data = json.loads(script[1])
    address = f"http://localhost/evenemang/{event.slug}"
    assert data["@type"] == "Event"
    assert data["startDate"] == "2027-03-04T09:30:00+01:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["location"][1]["url"] == address
    assert f'<link rel="canonical" href="{address}">' in page
    english = address.replace("/evenemang/", "/en/evenemang/")
    assert f'<link rel="alternate" hreflang="en" href="{english}">' in page
    assert '<meta property="og:title" content="Mottagande och etablering">' in page
    page = client.get(f"/en/evenemang/{event.slug}").text
    assert f'<link rel="canonical" href="{english}">' in page
    assert '<html lang="en">' in page


def test_the_programme_is_a_pdf_where_there_is_one(client: Client) -> None:
    event = make.event(published=True)
    url = f"/evenemang/{event.slug}/program.pdf"
    assert client.get(url).status_code == 404
    make.item(event, "Första passet")
    release(event)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert answer.mimetype == "application/pdf"


def test_a_change_shows_at_once(client: Client) -> None:
    event = make.event(published=True)
    url = f"/evenemang/{event.slug}"
    client.get(url)
    change(event, title="Nytt namn")
    assert "<h1>Nytt namn</h1>" in client.get(url).text


def test_swedish_text_is_told_from_the_english_around_it(client: Client) -> None:
    event = make.event(published=True, lead="En dag om ansvar.")
    page = client.get(f"/en/evenemang/{event.slug}").text
    assert '<h1 lang="sv">Mottagande och etablering</h1>' in page
    assert '<p class="lead prose" lang="sv">En dag om ansvar.</p>' in page
    assert ' lang="sv">Mottagande och etablering</a>' in client.get("/en/").text


def test_who_was_asked_to_an_issue_council_and_why_is_public(client: Client) -> None:
    council = invitations.council()
    url = f"/evenemang/{council.slug}"
    invitations.invitation(council, "Väntar än", sent=False)
    assert "Väntar än" not in client.get(url).text, "nobody is told before the letter is sent"
    invitations.invitation(council, "Föreningen Bryggan", reason="Möter målgruppen varje dag.")
    page = client.get(url).text
    assert "Föreningen Bryggan" in page
    assert "Möter målgruppen varje dag." in page
    assert "Väntar än" not in page
