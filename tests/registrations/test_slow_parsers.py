"""Case F2: no parser of ours can be kept busy by what somebody writes."""

import contextlib
import time

import pytest
from werkzeug.datastructures import MultiDict

from core import forms as fields
from core.errors import Refusal
from core.text import clean_line, clean_prose, markdown, slugify
from core.web import clean_query
from events.rules import usual_case_number
from registrations.door_code import registration_by_code
from registrations.forms.public import LINKED
from registrations.importing import guessing, pasting, reading
from registrations.mailings import rules as mailing_rules
from tests.registrations import make
from tests.registrations.make_lists import crowd, url

LENGTH = 10_000
MOST = 0.1  # seconds
HOSTILE = (
    "a", " ", "\t", "\n", "\n \t", "(", ")", "[", "![", "[a](", "<", "<a ", "</", "*", "**a", "_a_",
    "`", "``a", "~", ">", "> ", "- ", "1. ", "|", "|-", "#", "\\", "&#", "&amp;", "{", "{a", "}",
    "{{", "a@", "@", "a.", ".", "a.b@", "@a.se,", '"', '""', "0", "0 ", "0-", "+", "+46 ", "-",
    "a-", "A-", "/", "//", "www.", "http://", "://", "å", "A\u030a", "\u0300",
    "\u200b", "\u202e", "\x00",
    "\r", ";", ",", ", ", "'", ":", "e-post: ", "tel: ", "<a@b.se>", "Ek, Bo <", "851-", "1-A",
    "\ud800", "<!--", "<![CDATA[", "a:b", "=", "?", "%", "%2f",
)  # fmt: skip


class Form(fields.Form):
    email = fields.Email("x", length=10**6)
    phone = fields.Phone("x", length=10**6)
    web = fields.Web("x", length=10**6)
    line = fields.Line("x")
    number = fields.Number("x")
    day = fields.Day("x")
    moment = fields.Moment("x")


def field(name):
    def parse(text):
        form = Form()
        form.process(MultiDict({name: text}))
        form.validate()

    return parse


def refusing(parse):
    """Whether it is refused does not matter, as long as it is soon."""

    def run(text):
        with contextlib.suppress(Refusal, ValueError):
            parse(text)

    return run


PARSERS = {
    **{name: field(name) for name in ("email", "phone", "web", "line", "number", "day", "moment")},
    "clean line": clean_line,
    "clean prose": clean_prose,
    "markdown": lambda text: markdown(clean_prose(text)),
    "slug": slugify,
    "search": clean_query,
    "case number": usual_case_number,
    "linked": LINKED.search,
    "placeholders": mailing_rules.pieces,
    "paragraphs": lambda text: mailing_rules.paragraphs(text, {}),
    "paste": refusing(pasting.read),
    "csv": refusing(reading.from_csv),
    "split name": guessing.split_name,
    "sector": guessing.sector,
    "headings": lambda text: guessing.fields_of([text]),
    "content": lambda text: guessing.fields_by_content([[text]]),
    "sensitive": guessing.is_sensitive,
    "door code": lambda text: registration_by_code(None, 1, text),
}


def hostile():
    """Each pattern again and again, with an end that fits nothing; the shortest without it too."""
    for pattern in HOSTILE:
        text = (pattern * LENGTH)[:LENGTH]
        if len(pattern) == 1:
            yield pattern, text
        yield pattern, text[:-2] + "\u00a4!"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # they ask no database
def test_no_parser_takes_long_over_ten_thousand_hostile_characters(app):
    texts = list(hostile())
    slow = []
    with app.test_request_context():
        for name, parse in PARSERS.items():
            for pattern, text in texts:
                took = [seconds(parse, text)]
                while took[-1] >= MOST and len(took) < 3:  # something else may have been going on
                    took.append(seconds(parse, text))
                if min(took) >= MOST:
                    slow.append(f"{name} {pattern!r}: {min(took) * 1000:.0f} ms")
    assert not slow, "\n".join(slow)


def seconds(parse, text):
    began = time.thread_time()
    parse(text)
    return time.thread_time() - began


def test_no_search_of_hostile_text_keeps_either_database_busy(app, client, staff):
    event = make.conference()
    crowd(event, 300)
    browser = staff("organiser")
    pages = (
        (client, "/"),
        (client, "/sakrad"),
        (browser, url(event)),
        (browser, url(event, "dorren")),
    )
    slow = []
    for reader, page in pages:
        for pattern in ("a", "%", "_", "\\", "a ", '"', "*", "å ", "&|!", "(", "-a", "a:*"):
            asked = {"q": (pattern * LENGTH)[:LENGTH]}
            took = []
            while not took or (took[-1] >= 1 and len(took) < 3):
                began = time.perf_counter()
                assert reader.get(page, query_string=asked).status_code in {200, 400}
                took.append(time.perf_counter() - began)
            if min(took) >= 1:
                slow.append(f"{page} {pattern!r}: {min(took):.1f} s")
    assert not slow, "\n".join(slow)
