"""Cases E5, S5, S6 and S3 of the abuse cases: secret links confused, leaked, guessed, poisoned."""

import logging
import re
import sqlite3

import pytest
import sqlalchemy as sa

from core.db import Model, db, reader, write
from core.outbox.models import Outbox
from registrations import services
from registrations.door_code import door_code
from registrations.models import Invitation, Registration
from registrations.parties.services.forming import link_token
from tests import world
from tests.conftest import forms, links, open_client
from tests.registrations import make, make_parties

LANDINGS = ("/min-anmalan/{}", "/inbjudan/{}", "/min-grupp/{}", "/utskick/1/{}", "/bild/{}.jpg")
BEFORE = re.compile(r"[A-Za-z0-9_-]{43}")  # what differs from one page to the next: form keys


def tokens_of(mails):
    """The secret addresses in letters, by the path they stand under."""
    found = {}
    for mail in mails:
        for link in links(mail.get_body(("plain",)).get_content()):
            path, _slash, token = link.rpartition("/")
            if BEFORE.fullmatch(token):
                found.setdefault(path, []).append(token)
    return found


@pytest.fixture
def issued(app, post):
    """Two authorities with one of everything, a party, and every secret that was mailed."""
    places = {board: world.build(board, board.title()) for board in ("jonkoping", "skane")}
    party = make_parties.party(make.conference(room=20), 2)
    found = tokens_of(post())
    found.setdefault("/min-grupp", []).append(link_token(db.session.get_one(type(party), party.id)))
    db.session.rollback()
    return places, found


def test_a_token_opens_its_own_door_only_and_every_other_answer_is_the_same(app, client, issued):
    """Case E5: of another purpose, cut short, in capitals, longer, a door code, a hash: 404."""
    _places, found = issued
    person = db.session.scalars(sa.select(Registration).order_by(Registration.id)).first()
    others = {token for tokens in found.values() for token in tokens}
    own = {path: set(tokens) for path, tokens in found.items()}
    wrong = set(others) | {door_code(person), person.token_hash, person.link_key}
    for token in list(others)[:3]:
        wrong |= {token[:-1], token.upper(), token.lower(), token.swapcase(), token + "A",
                  token[1:], "A" * 43, token[:21] + "." + token[22:]}  # fmt: skip
    db.session.rollback()
    for landing in LANDINGS:
        pages = {True: set(), False: set()}
        path = landing.partition("/{}")[0]
        for token in sorted(wrong - own.get(path, set())):
            answer = client.get(landing.format(token))
            if answer.status_code == 404:
                pages[bool(BEFORE.fullmatch(token))].add(
                    BEFORE.sub("", answer.text.replace(token, ""))
                )
            else:
                assert answer.status_code == 308, (landing, token)
            assert "Set-Cookie" not in answer.headers or "visitor" in str(answer.headers)
        # What cannot be a token at all may have the page of any unknown address.
        assert {len(found) for found in pages.values()} == {1}, f"{landing} tells tokens apart"


def test_a_link_is_dead_once_it_has_been_changed_and_shows_no_more_after_cancelling(client, post):
    """Case E5: after rotation 404; after cancellation the page says so, and nothing else can be
    done; the cookie of one event's link opens nothing at another."""
    one, other = make.conference(), make.conference(title="En annan dag")
    first, second = make.registration(one, 1), make.registration(other, 2)
    token = tokens_of(post())["/min-anmalan"][0]
    unknown = client.get(f"/min-anmalan/{'A' * 43}")
    client.get(f"/min-anmalan/{token}")
    answer = client.submit("/min-anmalan/avanmal", whose=str(second.id))
    assert answer.status_code == 409
    assert make.again(second).status == "confirmed"

    def rotate():
        me = db.session.get_one(Registration, first.id)
        services.change(
            db.session, me, facts={"email": "ny@example.se"}, by=world.user(add_user()),
            now=make.NOW,
        )  # fmt: skip

    def add_user():
        authority = world.account_queries.authority_by_slug(db.session, "jonkoping")
        world.account_services.add_user(
            db.session, email="kim@example.se", name="Kim Ek", password="x" * 20,
            roles=[(authority, world.Role.ORGANISER)], by=None, now=make.NOW,
        )  # fmt: skip
        return "kim@example.se"

    write(rotate)
    dead = client.get(f"/min-anmalan/{token}")
    assert (dead.status_code, BEFORE.sub("", dead.text)) == (404, BEFORE.sub("", unknown.text))
    assert client.get("/min-anmalan").status_code == 404, "the cookie of the old link is dead too"
    token = tokens_of(post())["/min-anmalan"][-1]
    client.get(f"/min-anmalan/{token}")
    assert client.submit("/min-anmalan/avanmal").status_code == 303
    assert "Du är avanmäld" in client.get("/min-anmalan").text
    for path in ("/min-anmalan/andra", "/min-anmalan/avanmal", "/min-anmalan/overlat"):
        assert client.get(path).location == "/min-anmalan"


def test_a_token_is_nowhere_but_in_the_mail(app, client, issued, tmp_path, database_url, caplog):
    """Case S5: not in the database (outbox and log of the authority among it), in no file but the
    mails, in no line that is logged; no page behind it sends it on or asks a third party."""
    _places, found = issued
    secrets = {token for tokens in found.values() for token in tokens}
    assert len(secrets) >= 6
    with caplog.at_level(logging.DEBUG):
        for token in dict.fromkeys(found["/min-anmalan"]):
            answer = client.get(f"/min-anmalan/{token}")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            page = client.get(answer.location)
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert not re.findall(r'(?:src|srcset|action|data)="(?:https?:)?//', page.text)
            assert not any(secret in page.text for secret in secrets)
            client.submit("/min-anmalan/avanmal")
        for token in found["/inbjudan"]:
            assert client.get(f"/inbjudan/{token}").headers["Referrer-Policy"] == "no-referrer"
            page = client.get("/inbjudan")
            assert not any(secret in page.text for secret in secrets)
    assert not any(secret in caplog.text for secret in secrets)
    db.session.rollback()
    with reader(db.engine).connect() as connection:
        for table in Model.metadata.sorted_tables:
            rows = repr(connection.execute(sa.select(table)).all())
            assert not any(secret in rows for secret in secrets), table.name
    if database_url.startswith("sqlite"):
        file = database_url.removeprefix("sqlite:///")
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.suffix != ".eml":
            held = path.read_bytes()
            assert not any(secret.encode() in held for secret in secrets), path.name


def test_guessing_links_finds_nothing_and_shuts_nobody_out(app, client, post):
    """Case S6: guesses from ever new addresses, true and made up; the owner gets in afterwards."""
    event = make.conference()
    make.registration(event, 1)
    token = tokens_of(post())["/min-anmalan"][0]
    guesser = open_client(app)
    for number in range(150):
        guess = f"{number:04}" + token[4:]
        answer = guesser.get(
            f"/min-anmalan/{guess}", headers={"X-Forwarded-For": f"10.0.{number}.1"},
            environ_overrides={"REMOTE_ADDR": f"10.1.{number}.1"},
        )  # fmt: skip
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)
    assert client.get(f"/min-anmalan/{token}").status_code == 303
    assert "Ada Berg1" in client.get("/min-anmalan").text


def test_a_made_up_hop_does_not_make_somebody_another_behind_a_trusted_proxy(make_app):
    """Case S6: only the hop that our own proxy wrote counts, whatever stands before it."""
    app = make_app(PROXIES=1)
    with app.app_context():
        client = open_client(app)
        token = world.token(app, client)
        codes = [
            client.post(
                "/logga-in", data={"email": "a@example.se", "password": "fel", "csrf_token": token},
                headers={"X-Forwarded-For": f"10.9.9.{number}, 192.0.2.7"},
            ).status_code
            for number in range(12)
        ]  # fmt: skip
    assert codes[-1] == 429


def test_no_foreign_host_gets_into_letters_calendars_or_answers(app, client, post):
    """Case S3: every link in mail and .ics is made from BASE_URL, whatever the request says."""
    event = make.conference()
    poison = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example",
              "X-Original-URL": "http://evil.example/", "X-Forwarded-Port": "666"}  # fmt: skip
    form = f"/evenemang/{event.slug}/anmalan"
    page = client.get(form, headers=poison)
    fields = forms(page.text)[0]["fields"]
    answer = client.post(form, data=fields | make.PERSON, headers=poison)
    assert answer.location == f"{form}/tack"
    assert client.post(form, data=fields, headers={"Host": "evil.example"}).status_code == 400
    mails = post()
    assert mails
    assert all(b"evil" not in bytes(mail) for mail in mails)
    addresses = re.findall(r"https?://[^\s/\"<>]+", mails[0].get_body(("plain",)).get_content())
    assert set(addresses) == {"http://localhost"}
    for path in (f"/evenemang/{event.slug}.ics", f"/evenemang/{event.slug}", "/sitemap.xml"):
        assert "evil" not in client.get(path, headers=poison).text
    assert client.get("http://evil.example/").status_code == 400, "an absolute address"
    outbox = repr(db.session.execute(sa.select(*Outbox.__table__.columns)).all())
    assert "evil" not in outbox
    assert db.session.scalars(sa.select(Invitation)).all() == []
