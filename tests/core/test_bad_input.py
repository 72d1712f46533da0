"""Bad input: whatever is sent, the answer is a sentence, never a crash, never half a change."""

import io
import zlib
from urllib.parse import quote, urlencode

import pytest

from accounts.rules import Role
from core.db import db
from core.policy import table
from tests import world
from tests.conftest import forms, open_client
from tests.crawl import STARTS, crawl, each_post, kind

LONG = "å" * 50_000
NASTY = {
    "missing": None,
    "empty": "",
    "spaces": " \t\n ",
    "repeated": ["a", "b"],
    "long": LONG,
    "NUL": "a\x00b",
    "controls": "\x01\x1b[31m\x7f\x85",
    "line breaks": "a\r\nb\u2028c\u2029d",
    "backwards": "a\u202eb\u2066c\ufeff",
    "arabic digits": "١٢٣",
    "minus": "-1",
    "huge": "1000000000",
    "enormous": "9" * 400,
    "exponent": "1e9",
    "NaN": "NaN",
    "infinity": "inf",
    "object": '{"$gt": ""}',
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}%s%(x)s{0.__class__}",
    "SQL": "' OR 1=1; DROP TABLE event; --",
    "path": "../../../../etc/passwd",
    "emoji": "🫎" * 50,
    "combining": "e" + "\u0301" * 3000,
    "no such time": "2027-03-28T02:30",
    "no such day": "2027-02-30",
    "year one": "0001-01-01T00:00",
}
BYTES = {"invalid UTF-8": b"%ff%fe%c3", "surrogate": b"%ed%a0%80", "overlong": b"%c0%af"}
MAY = {200, 302, 303, 308, 400, 404, 409, 413, 422, 429}


def own(form):
    """A form's fields with a key of its own, so that each try counts."""
    fields = dict(form["fields"])
    if "form_key" in fields:
        fields["form_key"] = world.derived_token(*fields.values())[:43]
    return fields


def pick(kinds, *what):
    """Three of the kinds, others for another field; one more on the slower database."""
    quick = db.engine.dialect.name == "sqlite"
    start = zlib.crc32(repr(what).encode()) + (0 if quick else 5)
    every = -(-len(kinds) // 3) if quick else len(kinds)
    return [kinds[(start + step) % len(kinds)] for step in range(0, len(kinds), every)]


def half(kinds):
    """Every other kind on each database, together all; on both what a database may choke on."""
    odd = db.engine.dialect.name == "sqlite"
    choking = {"NUL", "backwards", "huge", "enormous", "emoji", "year one"}
    return [kind for n, kind in enumerate(kinds) if n % 2 == odd or kind in choking]


def one_of_each(names):
    """Of fields that differ by a number only, the last."""
    return {kind(name): name for name in names}.values()


@pytest.fixture
def places(app):
    return world.build("jonkoping"), world.build("skane", "Drivis")


def said(answer):
    """Whether a page that refuses says something to a person."""
    return answer.mimetype != "text/html" or "<h1" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, None])  # an administrator is shown every form
def test_every_field_of_every_form_takes_anything(app, places, staff, role):
    browser = staff(role.value) if role else visitor(app, places[0])
    before = world.checksum(app, but=MAY_GROW)
    starts = STARTS if role else VISITED
    wrong = []
    for _page, form in each_post(crawl(browser, starts=starts)):
        names = [n for n in form["fields"] if n != "csrf_token"]
        for name in one_of_each(names):
            for how in pick(list(NASTY), form["action"], name):
                fields = own(form)
                # Another field is always wrong too, so that nothing is saved by the way.
                fields |= {"form_key": "x"} | {name: NASTY[how]}
                check(browser, "POST", form["action"], f"{name}: {how}", wrong, data={
                    key: value for key, value in fields.items() if value is not None})  # fmt: skip
        fits = {"long": LONG[: 150_000 // len(names)]}  # all together into what a form may hold
        for how in half(list(NASTY)):
            value = (NASTY | fits)[how]
            fields = {n: value for n in names if n != "form_key"} | {
                "form_key": "x" if "form_key" in names else None,
                "csrf_token": form["fields"]["csrf_token"],
            }
            check(browser, "POST", form["action"], f"all: {how}", wrong, data={
                key: value for key, value in fields.items() if value is not None})  # fmt: skip
        for how, raw in BYTES.items():
            body = urlencode({"csrf_token": form["fields"]["csrf_token"]}).encode()
            body += b"".join(b"&%s=%s" % (quote(n).encode(), raw) for n in names)
            check(browser, "POST", form["action"], how, wrong, data=body,
                  content_type="application/x-www-form-urlencoded")  # fmt: skip
        many = {f"f{n}": "x" for n in range(1001)} | own(form)
        check(browser, "POST", form["action"], "1,001 fields", wrong, data=many | {"form_key": "x"},
              content_type="multipart/form-data")  # fmt: skip
    assert not wrong, "\n".join(wrong)
    assert {name for name, now in world.checksum(app, but=MAY_GROW).items()
            if before[name] != now} == set()  # fmt: skip


# The sign-in form has no key and may count its tries.
MAY_GROW = frozenset({"rate_count", "sign_in", "turns", "idempotency_key"})
VISITED = ("/", "/sakrad", "/logga-in", "/min-anmalan", "/min-grupp", "/inbjudan",
           "/min-anmalan/ny-lank", "/medverka")  # fmt: skip


def visitor(app, place):
    """Somebody who has opened the links of a receipt and of an invitation."""
    browser = open_client(app)
    browser.get(f"/min-anmalan/{place.tokens['registration']}")
    browser.get(f"/inbjudan/{place.tokens['invitation']}")
    browser.get(f"/min-grupp/{place.tokens['party']}")
    browser.get(f"/medverka/{place.tokens['speaking']}")
    return browser


def check(browser, method, address, what, wrong, also=frozenset(), **kwargs):
    with browser.open(address, method=method, **kwargs) as answer:
        if answer.status_code not in MAY | also or not said(answer):
            wrong.append(f"{method} {address} {what}: {answer.status_code}")


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, None])
def test_every_query_parameter_takes_anything(app, places, staff, role):
    browser = staff(role.value) if role else visitor(app, places[0])
    found = crawl(
        browser, starts=("/", "/arbeta/", "/arbeta/konto", "/sakrad") if role else VISITED
    )
    assert ("/", "q") in found.queries or role is None
    wrong = []
    for (_kind, name), known in found.queries.items():
        path = known.partition("|")[0]
        for how in half([how for how in NASTY if how != "missing"]):
            value = NASTY[how] if how != "long" else LONG[:4000]
            query = urlencode({name: value}, doseq=True)
            check(browser, "GET", f"{path}?{query}", how, wrong)
        for how, raw in BYTES.items():
            check(browser, "GET", f"{path}?{name}={raw.decode()}", how, wrong)
        check(browser, "GET", f"{path}?{name}[]=1&{name}[a]=b", "arrays", wrong)
    for path in found.pages:
        check(browser, "GET", f"{path}?finns_inte=%00&q=%00&sida=%00", "unknown", wrong)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_address_part_takes_anything(app, places, staff):
    browser, wrong = staff("admin"), []
    parts = ["0", "-1", "2147483648", "9" * 30, "1.0", "1e3", "%00", "%ff", "١", "å", "a" * 3000,
             "..", "%2e%2e", "*", "'", "x", "A" * 43, "null", "%0d%0aSet-Cookie:a=b"]  # fmt: skip
    for row in table(app):
        if "<" not in row["rule"] or row["endpoint"] == "static":
            continue
        for part in parts:
            address = "".join(
                part if index % 2 else text
                for index, text in enumerate(row["rule"].replace(">", "<").split("<"))
            )
            for method in set(row["methods"]) & {"GET", "POST"}:
                data = {"csrf_token": world.token(app, browser)} if method == "POST" else None
                check(browser, method, address, part[:20], wrong, data=data, also={405})
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("kwargs", "codes"),
    [
        ({"data": "x" * 2_000_000}, {403, 413}),
        ({"data": {"email": "x" * 2_000_000}}, {403, 413}),
        ({"data": {"email": "FILE"}}, {403, 413}),
        ({"json": {"email": ["a"]}}, {403}),
        ({"data": b"\xff\xfe", "content_type": "application/json"}, {403}),
        ({"data": b"--x", "content_type": "multipart/form-data; boundary=x"}, {400, 403}),
        ({"data": b"--x", "content_type": "multipart/form-data"}, {400, 403}),
        ({"data": b"a=b", "content_type": "text/plain; charset=utf-99"}, {400, 403}),
        ({"data": b"a=b", "headers": {"Content-Length": "x"}}, {400, 403}),
    ],
)
def test_a_body_that_is_no_form_is_refused(client, kwargs, codes):
    if kwargs.get("data") == {"email": "FILE"}:
        kwargs = {"data": {"email": (io.BytesIO(b"x" * 2_000_000), "a.txt")}}
    with client.post("/logga-in", **kwargs) as answer:
        assert answer.status_code in codes
        assert "<h1" in answer.text
    answer.request.input_stream.close()  # the test client leaves large bodies to the collector


@pytest.mark.parametrize(
    "headers",
    [{"Cookie": "samling=" + "x" * 43}, {"Cookie": "samling=\xff; visitor=\x01"},
     {"Cookie": "notis=.eJx; kand=;;;=; samling"}, {"Accept-Language": "\xff"},
     {"If-None-Match": '"' * 100}, {"If-Modified-Since": "igår"}, {"Range": "bytes=9-1"},
     {"X-Forwarded-For": "'"}, {"Origin": "http://[::1"}, {"Referer": "\xff"},
     {"Accept": "*/*;q=NaN"}, {"Sec-Fetch-Site": "?"}, {"Content-Type": "\xff"}],
)  # fmt: skip
def test_odd_headers_crash_nothing(app, client, headers):
    for address in ("/", "/logga-in", "/static/site.css", "/arbeta/"):
        with client.get(address, headers=headers) as answer:
            assert answer.status_code in {200, 302, 304, 400, 416}
    data = {"csrf_token": world.token(app, client)}
    assert client.post("/logga-in", headers=headers, data=data).status_code in {400, 403, 422}


def test_what_was_typed_is_kept_and_nothing_is_saved(app, staff):
    admin = staff("admin")
    board = world.account_queries.authority_by_slug(db.session, "jonkoping")
    before = world.checksum(app)
    url = f"/arbeta/myndighet/{board.id}/uppgifter"
    answer = admin.submit(url, name='Vårt <namn> & "ditt"', reply_to="fel", phone="abc")
    assert answer.status_code == 422
    assert world.checksum(app) == before
    assert forms(answer.text)[0]["fields"]["name"] == 'Vårt <namn> & "ditt"'
    assert "namn@kommun.se" in answer.text
    assert "010-223 60 00" in answer.text
