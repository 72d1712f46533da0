"""Cases S1, S3 and S6: who may come in, for how long, and where they are sent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts import services
from accounts.models import SignIn
from accounts.rules import (
    SESSION_IDLE,
    SESSION_LIFE,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ACCOUNT_AND_PLACE,
    SIGN_IN_PER_PLACE,
    SIGN_IN_WINDOW,
)
from core.db import db, write
from tests import world
from tests.conftest import NOW, PASSWORD, open_client

EMAIL = "organiser.jonkoping@example.se"


def test_a_member_signs_in_and_out(client, staff):
    browser = staff("organiser")
    assert "Organiser Exempel" in browser.get("/arbeta/konto").text
    browser.submit("/arbeta/konto", _to="/logga-ut")
    assert "Du är utloggad" in browser.get("/logga-in").text
    assert browser.get("/arbeta/konto").status_code == 302
    assert client.get("/arbeta/konto").status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, staff):
    staff("organiser")
    answers = [
        client.submit("/logga-in", email=email, password=password)
        for email, password in (
            (EMAIL, "fel-losenord-helt"), ("ingen@example.se", PASSWORD), ("nonsens", "x"),
        )
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {422}
    for answer in answers:
        assert "E-postadressen eller lösenordet stämmer inte." in answer.text
        assert "losenord" not in answer.text


def test_the_address_is_the_same_in_capitals(client, staff):
    staff("organiser")
    assert (
        client.submit("/logga-in", email=f" {EMAIL.upper()} ", password=PASSWORD).status_code == 303
    )


def test_a_session_that_somebody_else_chose_is_not_taken_over(client, staff):
    staff("organiser")
    client.set_cookie("samling", "f" * 43)
    client.submit("/logga-in", email=EMAIL, password=PASSWORD)
    cookie = client.get_cookie("samling")
    assert cookie.value != "f" * 43
    assert len(cookie.value) == 43
    assert (
        db.session.scalars(sa.select(SignIn.token_hash).filter_by(token_hash="f" * 43)).all() == []
    )


def test_signing_in_anew_ends_the_session_before(app, staff):
    browser = staff("organiser")
    old = browser.get_cookie("samling").value
    old_browser = open_client(app)
    old_browser.set_cookie("samling", old)
    token = world.token(app, browser)
    answer = browser.post(
        "/logga-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    )
    assert answer.status_code == 303
    assert browser.get_cookie("samling").value != old
    assert old_browser.get("/arbeta/konto").status_code == 302


def replay(app, cookie):
    thief = open_client(app)
    thief.set_cookie("samling", cookie)
    return thief.get("/arbeta/konto").status_code


def test_a_copied_session_is_dead_after_signing_out(app, staff):
    browser = staff("organiser")
    cookie = browser.get_cookie("samling").value
    assert replay(app, cookie) == 200
    browser.submit("/arbeta/konto", _to="/logga-ut")
    assert replay(app, cookie) == 302


def test_a_copied_session_is_dead_after_a_change_of_password(app, staff):
    browser = staff("organiser")
    cookie = browser.get_cookie("samling").value
    answer = browser.submit("/arbeta/losenord", old=PASSWORD, password="ett-helt-annat-ord")
    assert answer.status_code == 303
    assert replay(app, cookie) == 302
    assert browser.get("/arbeta/konto").status_code == 302
    assert browser.submit("/logga-in", email=EMAIL, password=PASSWORD).status_code == 422
    answer = browser.submit("/logga-in", email=EMAIL, password="ett-helt-annat-ord")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old": "fel", "password": "ett-helt-annat-ord"}, "Lösenordet stämmer inte."),
        ({"old": PASSWORD, "password": "kort"}, "minst 12 tecken"),
        ({"old": PASSWORD, "password": PASSWORD}, "Välj ett annat lösenord"),
        ({"old": "", "password": ""}, "Skriv ditt nuvarande lösenord."),
    ],
)
def test_a_password_is_changed_by_who_knows_it(staff, fields, says):
    browser = staff("organiser")
    answer = browser.submit("/arbeta/losenord", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert PASSWORD not in answer.text
    assert browser.get("/arbeta/konto").status_code == 200


def test_a_closed_account_is_out_at_once(app, staff):
    browser = staff("organiser")

    def close():
        world.user(EMAIL).disabled = NOW

    write(close)
    assert browser.get("/arbeta/konto").status_code == 302
    assert browser.submit("/logga-in", email=EMAIL, password=PASSWORD).status_code == 422


def later(make_app, cookie, when):
    app = make_app(FAKE_NOW=when)
    with app.app_context():
        browser = open_client(app)
        browser.set_cookie("samling", cookie)
        return browser.get("/arbeta/konto").status_code


def test_an_idle_session_ends(make_app, staff):
    cookie = staff("organiser").get_cookie("samling").value
    assert later(make_app, cookie, NOW + SESSION_IDLE - timedelta(seconds=1)) == 200
    # That visit counts as use; two hours after it the session has ended.
    assert later(make_app, cookie, NOW + 2 * SESSION_IDLE) == 302


def test_a_session_ends_however_much_it_is_used(make_app, staff):
    cookie = staff("organiser").get_cookie("samling").value
    step = timedelta(hours=1)
    for hour in range(1, int(SESSION_LIFE / step)):
        assert later(make_app, cookie, NOW + hour * step) == 200
    assert later(make_app, cookie, NOW + SESSION_LIFE) == 302


def test_the_cookies_are_bound_to_the_host_where_there_is_tls(make_app, staff):
    staff("organiser")
    app = make_app(BASE_URL="https://samling.example.se")
    with app.app_context():
        browser = open_client(app)
        at = {"base_url": "https://samling.example.se"}
        page = browser.get("/logga-in", **at)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = browser.post(
            "/logga-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": token}, **at
        )
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie") + page.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "__Host-samling", "__Host-kand", "__Host-visitor",
    }  # fmt: skip
    for cookie in cookies:
        flags = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags
        assert not any(flag.startswith("Domain") for flag in flags)


def test_the_database_knows_the_hash_of_a_session_only(staff):
    cookie = staff("organiser").get_cookie("samling").value
    known = db.session.scalars(sa.select(SignIn.token_hash)).all()
    assert len(known) == 1
    assert cookie not in known


@pytest.mark.parametrize(
    "address",
    ["//e", "/\\e", "\\\\e", "https:e", "https://e", "\t//e", "/\t/e", "%2f%2fe", "/%2f%2fe",
     "/%5ce", "javascript:alert(1)", "//localhost@e/", "http://localhost@e/", "/x//e", "", "e",
     " //e", "/\r\nSet-Cookie: a=b", "/arbeta/\u2028", "///e", "/arbeta/#//e"],
)  # fmt: skip
def test_after_signing_in_one_stays_here(client, staff, address):
    staff("organiser")
    answer = client.submit("/logga-in", email=EMAIL, password=PASSWORD, next=address)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/arbeta/"


def test_after_signing_in_one_is_where_one_wanted_to_be(client, staff):
    staff("organiser")
    sent_on = client.get("/en/arbeta/?q=m%C3%B6te&sida=2").headers["Location"]
    answer = client.submit(sent_on, email=EMAIL, password=PASSWORD)
    assert answer.headers["Location"] == "/en/arbeta/?q=m%C3%B6te&sida=2"


def tries(browser, n, email=EMAIL, place="10.0.0.1", token=None):
    """The last answer of `n` wrong guesses."""
    for _ in range(n):
        answer = browser.post(
            "/logga-in", data={"email": email, "password": "fel-losenord", "csrf_token": token},
            environ_overrides={"REMOTE_ADDR": place},
        )  # fmt: skip
    return answer.status_code


@pytest.fixture
def guess(app, client):
    token = world.token(app, client)

    def some(n, **where):
        return tries(client, n, token=token, **where)

    return some


def test_guessing_at_one_account_from_one_place_is_stopped(guess, staff):
    staff("organiser")
    assert guess(SIGN_IN_PER_ACCOUNT_AND_PLACE) == 422
    assert guess(1) == 429
    assert guess(1, place="10.0.0.2") == 422


def test_a_made_up_sender_address_does_not_help(client, app, staff):
    staff("organiser")
    token = world.token(app, client)
    codes = [
        client.post(
            "/logga-in", data={"email": EMAIL, "password": "fel", "csrf_token": token},
            headers={"X-Forwarded-For": f"10.1.1.{n}", "X-Real-IP": f"10.1.1.{n}"},
        ).status_code
        for n in range(SIGN_IN_PER_ACCOUNT_AND_PLACE + 1)
    ]  # fmt: skip
    assert codes[-1] == 429


def test_guessing_at_many_accounts_from_one_place_is_stopped(guess):
    for n in range(SIGN_IN_PER_PLACE):
        code = guess(1, email=f"a{n}@example.se")
    assert code == 422
    assert guess(1, email="b@example.se") == 429


def test_nobody_can_lock_somebody_else_out(app, guess, staff):
    """Even when guesses come from everywhere, one's own browser gets in."""
    mine = staff("organiser")
    mine.submit("/arbeta/konto", _to="/logga-ut")
    each = SIGN_IN_PER_ACCOUNT_AND_PLACE
    for n in range(SIGN_IN_PER_ACCOUNT // each):
        guess(each, place=f"10.0.1.{n}")
    assert guess(1, place="10.0.2.1") == 429
    assert mine.submit("/logga-in", email=EMAIL, password=PASSWORD).status_code == 303


def test_a_quarter_later_one_may_try_again(make_app, guess, staff):
    staff("organiser")
    guess(SIGN_IN_PER_ACCOUNT_AND_PLACE + 1)
    app = make_app(FAKE_NOW=NOW + SIGN_IN_WINDOW)
    with app.app_context():
        browser = open_client(app)
        assert tries(browser, 1, token=world.token(app, browser)) == 422


def test_a_temporary_password_is_changed_before_anything_else(client, staff):
    staff("organiser")
    sealed = services.hash_password("tillfalligt-ord")

    def reset():
        user = world.user(EMAIL)
        user.password_hash, user.password_is_temporary = sealed, True

    write(reset)
    client.submit("/logga-in", email=EMAIL, password="tillfalligt-ord")
    assert client.get("/arbeta/").headers["Location"] == "/arbeta/losenord"
    assert client.post("/arbeta/evenemang/nytt").status_code == 403
    client.submit("/arbeta/losenord", old="tillfalligt-ord", password="mitt-eget-losenord")
    client.submit("/logga-in", email=EMAIL, password="mitt-eget-losenord")
    assert client.get("/arbeta/").status_code == 200
