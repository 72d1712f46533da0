"""Decision 10, case D2: a letter's bytes hold our headers and no others, whatever people type."""

import base64
import quopri
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import write
from core.i18n import speaking
from core.mail import EXPECTED, Letter, Part, Quarantined, build, header, verify
from tests.conftest import NOW

NASTY = [
    "=?UTF-8?Q?=0D=0A?=Bcc: x@evil.example",
    "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    "Hej\r\nBcc: x@evil.example",
    "Hej\nBcc: x@evil.example\n\nbrödtext",
    "Hej\rBcc: x@evil.example",
    "Hej\u2028Bcc: x@evil.example",
    "Hej\u0085Bcc: x@evil.example",
    "Hej\x0bBcc: x\x0cCc: y",
    "Hej\x00Bcc: x",
    "\"Å\", <x@evil.example>, 'b' (c) ; d",
    'Åsa \\" <x@evil.example>',
    "=?UTF-8?Q?" + "=41" * 300 + "?=",
    "=\x00?UTF-8?Q?=0ABcc:x?=",
    "\ud800Hej",
    "x" * 5000,
    "Kansliet, " * 15 + "<x@evil.example>",  # folded, the library leaves out its quotes
    " ",
    "",
]


def letter(text="Hej", **more):
    facts = {"subject": text, "blocks": [("text", text), ("facts", [(text, text)]),
             ("list", [text]), ("heading", text), ("link", text, "https://samling.example.se/a")],
             "sender_name": text, "reply_to": "svar@example.se"} | more  # fmt: skip
    return Letter(**facts)


def sent(one, to="asa@example.se", language="sv"):
    with speaking(language):
        return build(one, to=to, message_id="<1@localhost>", at=NOW).as_bytes()


def headers(raw):
    """The headers of the bytes, by a reader that shares nothing with the one that wrote them."""
    head = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")[0]
    found = []
    for line in head.split(b"\n"):
        if line[:1] in {b" ", b"\t"}:
            found[-1][1] += b" " + line.strip()
        else:
            name, _, value = line.partition(b":")
            found.append([name.decode("ascii").lower(), value.strip()])
    return found


def decoded(value):
    """A header's text with its encoded words read (RFC 2047)."""

    def word(match):
        charset, kind, body = match.groups()
        if kind in b"qQ":
            body = quopri.decodestring(body.replace(b"_", b" "))
        else:
            body = base64.b64decode(body)
        return body.decode(charset.decode()).encode()

    joined = re.sub(rb"\?=\s+=\?", b"?==?", value)
    return re.sub(rb"=\?([^?]+)\?([bqBQ])\?([^?]*)\?=", word, joined).decode()


def check(raw, to="asa@example.se"):
    found = headers(raw)
    names = [name for name, _value in found]
    assert len(names) == len(set(names))
    assert set(names) == {"subject", "from", "reply-to", "to", "date", "message-id",
                          "auto-submitted", "mime-version", "content-type"}  # fmt: skip
    values = dict(found)
    assert values["to"].decode() == to
    named, _, address = decoded(values["from"]).rpartition("<")
    assert address.rstrip(">") == "samling@example.se"
    assert bool(named) == address.endswith(">")
    for name in ("subject", "from"):
        text = decoded(values[name])
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_becomes_a_header(app, text):
    clean = letter(text.encode("utf-8", "replace").decode())
    check(sent(clean))


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_text_at_all_becomes_a_header(app, text):
    check(sent(letter(text)))


@pytest.mark.parametrize(
    "to",
    ["a@example.se\r\nBcc: b@evil.example", "a@example.se, b@evil.example", "a@example.se\n",
     "<a@example.se>", "Åsa <a@example.se>", "åsa@example.se", "a@", "", "a@b@example.se",
     "a@example.se;b@evil.example", "=?UTF-8?Q?a?=@example.se\u2028"],
)  # fmt: skip
def test_what_is_no_address_is_kept_back(app, to):
    with pytest.raises(Quarantined):
        sent(letter(), to=to)
    with pytest.raises(Quarantined):
        sent(letter(reply_to=to or "x"))


def test_a_domain_with_swedish_letters_is_spelled_as_the_net_does(app):
    check(sent(letter(), to="info@länsstyrelsen.example.se"),
          to="info@xn--lnsstyrelsen-gcb.example.se")  # fmt: skip


def test_verify_sees_what_was_not_meant(app):
    good = sent(letter())
    verify(good, "asa@example.se")
    for bad in (
        good.replace(b"To: ", b"Bcc: x@evil.example\r\nTo: "),
        good.replace(b"To: ", b"X-Other: 1\r\nTo: "),
        good.replace(b"To: asa@example.se", b"To: asa@example.se, b@evil.example"),
        good.replace(b"Date:", b"Subject: again\r\nDate:"),
        good.replace(b"Date:", b"Bcc: x\nDate:"),
        good.replace(b"Date:", b"Bcc: x\rDate:"),
    ):
        with pytest.raises(Quarantined):
            verify(bad, "asa@example.se")
    assert "bcc" not in EXPECTED


def test_text_and_html_say_the_same(app):
    import email.policy  # noqa: PLC0415
    from html import unescape  # noqa: PLC0415

    blocks = [("text", "Rad ett\nRad två & <b>inte fet</b>"), ("heading", "Så här"),
              ("facts", [("När", "onsdag 23 november 2016 kl. 09.30–16.00")]),
              ("list", ["Åk 7–9"]),
              ("link", "Din anmälan", "https://samling.example.se/x?a=1&b=2")]  # fmt: skip
    raw = sent(letter("Ämne", blocks=blocks, sender_name="Länsstyrelsen"))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
    for said in ("Rad två & <b>inte fet</b>", "onsdag 23 november 2016 kl. 09.30–16.00", "Åk 7–9",
                 "Din anmälan", "Länsstyrelsen"):  # fmt: skip
        assert said in text
        assert said in words
    assert "<b>" not in html
    assert 'href="https://samling.example.se/x?a=1&amp;b=2"' in html
    assert "\n\n\n" not in text.replace("\r", "")
    assert not re.search(r"(src|background)=|url\(|<script|<style|<link", html)


def test_letters_in_two_languages_from_one_worker(app):
    """The language of one letter must not colour the next."""
    with speaking("sv"):
        build(letter(), to="a@example.se", message_id="<1@x>", at=NOW)
    assert b'lang=3D"en"' in sent(letter(), language="en").replace(b"=\r\n", b"")
    assert b'lang=3D"sv"' in sent(letter(), language="sv").replace(b"=\r\n", b"")


def test_an_attachment_is_a_part_and_no_header(app):
    part = Part("inbjudan.ics", "text", "calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                {"method": "PUBLISH", "charset": "utf-8"})  # fmt: skip
    raw = sent(letter(parts=[part]))
    check(raw)
    assert b'filename="inbjudan.ics"' in raw
    assert base64.b64encode(b"BEGIN:VCALENDAR") in raw.replace(b"\r\n", b"")


def test_a_letter_is_not_built_while_the_lock_is_held(app):
    with pytest.raises(RuntimeError, match="mail"):
        write(lambda: build(letter(), to="a@example.se", message_id="<1@x>", at=NOW))


def test_a_header_is_one_line_of_limited_length():
    assert header("a\r\n b") == "a  b"
    assert "=?" not in header("=?UTF-8?Q?=0D=0A?=")
    assert "=?" not in header("=\x00?")
    assert len(header("å" * 5000)) <= 200
