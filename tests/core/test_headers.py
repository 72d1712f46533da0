"""Decision 12, case S3: the same guards on every answer; no answer to a foreign host."""

import pytest

from accounts.rules import Role
from core.headers import ALWAYS
from tests import world
from tests.conftest import open_client
from tests.core.test_walk import rules


@pytest.fixture
def home(app):
    return world.build("jonkoping")


def guarded(answer):
    return all(answer.headers.get(name) for name in ALWAYS) and "Cache-Control" in answer.headers


@pytest.mark.slow
def test_every_answer_has_the_security_headers(app, home, staff):
    organiser = staff(Role.ORGANISER.value)
    wrong = []
    for rule in rules(app):
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            with organiser.open(world.address(app, rule, home), method=method) as answer:
                if not guarded(answer):
                    wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("address", "code"),
    [("/finns-inte", 404), ("/evenemang/finns-inte", 404), ("/static/finns-inte.css", 404),
     ("/static/../wsgi.py", 404), ("/arbeta", 308), ("/?sida=x", 400)],
)  # fmt: skip
def test_errors_have_the_security_headers(client, address, code):
    answer = client.get(address)
    assert answer.status_code == code
    assert guarded(answer)


def test_an_unchanged_page_has_the_security_headers(app, home, client):
    first = client.get(f"/evenemang/{home.slug}")
    again = client.get(f"/evenemang/{home.slug}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert guarded(again)


def test_a_crash_has_the_security_headers_and_tells_nothing(make_app):
    app = make_app()

    def crash():
        raise ValueError("hemlig text")

    crash.policy = app.view_functions["static"].policy
    app.add_url_rule("/krasch", "crash", crash)
    with app.app_context():
        answer = open_client(app).get("/krasch")
    assert answer.status_code == 500
    assert guarded(answer)
    assert "hemlig" not in answer.text
    assert "Inget är sparat" in answer.text


def test_nothing_is_allowed_inline():
    policy = ALWAYS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_public_pages_set_no_cookie(app, home, client):
    for address in ("/", f"/evenemang/{home.slug}", "/sakrad", "/kalender.ics", "/om/kakor",
                    "/uppdrag", "/healthz", "/robots.txt", "/finns-inte"):  # fmt: skip
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers, address


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "localhost.evil.example"}, {"Host": "localhost@evil"},
     {"Host": "evil.example:80"}, {"Host": ""}, {"Host": "[::1"}],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/", "/logga-in", "/arbeta", "/static/site.css", "/x"])
def test_a_foreign_host_gets_no_page(client, headers, address):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_forwarded_hosts_do_not_count(app, home, client):
    poison = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example",
              "X-Host": "evil.example", "X-Forwarded-Server": "evil.example"}  # fmt: skip
    for address in ("/", f"/evenemang/{home.slug}", f"/evenemang/{home.slug}.ics", "/sitemap.xml",
                    "/arbeta", "/kalender.ics", "/sakrad.json"):  # fmt: skip
        answer = client.get(address, headers=poison)
        assert "evil" not in answer.text + answer.headers.get("Location", ""), address


def test_the_trusted_proxies_alone_say_who_asks(make_app):
    app = make_app(PROXIES=1, BASE_URL="https://samling.example.se")
    seen = []

    @app.before_request
    def note():
        from flask import request  # noqa: PLC0415

        seen.append((request.remote_addr, request.scheme))

    with app.app_context():
        open_client(app).get(
            "/", headers={"Host": "samling.example.se", "X-Forwarded-Proto": "https",
                          "X-Forwarded-For": "6.6.6.6, 10.0.0.7"},
        )  # fmt: skip
    assert seen == [("10.0.0.7", "https")]


def test_transport_security_is_asked_for_where_there_is_tls(make_app):
    for base, wanted in (("https://samling.example.se", True), ("http://localhost", False)):
        app = make_app(BASE_URL=base)
        with app.app_context():
            host = base.partition("//")[2]
            answer = open_client(app).get("/healthz", headers={"Host": host})
        assert ("Strict-Transport-Security" in answer.headers) is wanted
