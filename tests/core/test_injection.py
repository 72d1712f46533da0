"""Cases D2, G1, G5: text of all columns in all letters and all files, read back as others read.

The columns come from the tables (tests/poison.py), the letters from the register of writers
(tests/every_letter.py), the files from the map of addresses: what is new is here by itself.
"""

import csv
import email
import email.policy
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import openpyxl
import pikepdf
import pytest
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField

from core.db import db, write
from core.forms import Form
from core.jobs.worker import run_once as run_job
from events import services as event_services
from events.editing.models import Room
from events.models import Event
from events.rules import Mode
from minutes.models import Addendum, Minutes
from minutes.rules import State as MinutesState
from registrations.invitations.models import Representative
from registrations.mailings.models import Reminder
from registrations.mailings.rules import Occasion
from registrations.models import CheckIn, Registration
from registrations.needs import keep
from registrations.questions import services as question_services
from registrations.questions.rules import Kind as QuestionKind
from registrations.rules import RoleKind, Tick
from tests import world
from tests.calendar_readers import by_icalendar
from tests.conftest import NOW, forms, open_client
from tests.core.test_mail import decoded, headers
from tests.core.test_walk import policy_of, rules
from tests.every_letter import of_every_kind
from tests.poison import SHAPED, columns, poison, poisoned
from tests.registrations.make_papers import text as pdf_text

EVIL = "evil.example"
OWN = "konferens@lansstyrelsen.example.se"
# What those who are not of the authority write, and who is greeted with it in a letter to another.
OUTSIDE = re.compile(r"^(registration|party|party_member|representative|form_reply|need|"
                     r"engagement|calendar_reply)\.|^invitation\.message")  # fmt: skip
NO_ADDRESS = {
    "registration.first_name", "registration.last_name", "party.contact_name", "party_member.name",
    "representative.first_name", "representative.last_name",
}  # fmt: skip
# What minutes and the like may link to, as whoever writes them says so in Markdown.
MARKDOWN = {b"https://evil.example/m", b"https://evil.example/u", b"mailto:evil@evil.example"}
FILES = re.compile(
    r"\.(ics|csv|xlsx|pdf|json|atom|xml|txt|png|jpg)$|/(fil|lage)$|^/api/|/handling(ar)?/|^/(healthz|readyz)"
)


class Page(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.odd = Counter(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        facts = dict(attrs)
        self.odd += [name for name in facts if name.startswith("on") or name == "style"]
        self.links |= {
            value
            for name, value in attrs
            if name in {"href", "src", "action", "formaction", "srcset"} and value
        }
        ours = facts.get("src", "").startswith("/static/")
        if tag == "script" and not ours and "json" not in facts.get("type", ""):
            self.odd.append("script")


@pytest.fixture
def place(app):
    """A world with some rows more than others need."""
    place = world.build("jonkoping")

    def more():
        session = db.session
        event = session.get_one(Event, place.ids["event"])
        person = session.get_one(Registration, place.ids["registration"])
        event.authority.sender_address = OWN
        session.add_all([
            Room(event_id=event.id, name="Skolan", note="Trappa"),
            Addendum(minutes_id=place.ids["minutes"], body="Rättat", author="Bo", added=NOW),
            Reminder(event_id=event.id, occasion=Occasion.BEFORE, days=3, subject="Snart",
                     body="Hej", subject_en="Soon", body_en="Hi"),
            Representative(invitation_id=place.ids["invitation"], registration_id=person.id,
                           first_name="Bo", last_name="Ek", email="bo@example.se",
                           role_kind=RoleKind.OFFICIAL, mode=Mode.ROOM, ours=True),
            CheckIn(event_id=event.id, registration_id=person.id, tick=Tick.IN, at=NOW,
                    nonce="n" * 43, reason=poisoned(8000, 300)),
        ])  # fmt: skip
        keep(session, person.id, {"access": "Teckenspråkstolk"})
        facts = {"kind": QuestionKind.ONE, "label": "Buss?", "purpose": "För att boka.",
                 "options": ["Ja", "Nej"], "required": False, "days": 14, "mode": None,
                 "sectors": [], "after_id": None, "answer": ""}  # fmt: skip
        question_services.add_question(session, event, facts=facts, by=None, now=NOW)

    write(more)
    return place


def test_no_text_does_more_than_be_read(app, place, staff):
    admin, visitor = staff("admin"), guest(app, place)
    publish = f"/arbeta/evenemang/{place.ids['event']}/minnesanteckningar/publicera"
    assert admin.submit(publish).status_code == 303
    clean = dict(letters(app, place)) | dict(files(app, place, admin, visitor))
    marks = write(lambda: spoil(place.ids["event"]))
    assert admin.submit(publish).status_code == 303
    after = dict(letters(app, place, marks)) | dict(files(app, place, admin, visitor))
    wrong = [f"{what}: {clean.get(what)} became {after.get(what)}"
             for what in clean | after if clean.get(what) != after.get(what)]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def spoil(event_id):
    marks = poison()
    event = db.session.get_one(Event, event_id)
    event_services.release_programme(db.session, event, by=None, now=NOW)
    for minutes in db.session.query(Minutes):
        minutes.state, minutes.content, minutes.pdf = MinutesState.DRAFT, None, None
    return marks


def guest(app, place):
    """Who has opened the links of every letter."""
    browser = open_client(app)
    for path, token in (("min-anmalan", "registration"), ("inbjudan", "invitation"),
                        ("min-grupp", "party"), ("medverka", "speaking")):  # fmt: skip
        browser.get(f"/{path}/{place.tokens[token]}")
    return browser


def letters(app, place, marks=None):
    """(which letter, what no text may change in it) of every letter."""
    for number, (case, raw) in enumerate(of_every_kind(app, place)):
        found = headers(raw)
        told = {name: decoded(value) for name, value in found}
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert sorted(name for name, _value in found) == sorted(map(str.lower, mail.keys()))
        page = Page(mail.get_body(("html",)).get_content())
        calendars = [
            part.get_payload(decode=True)
            for part in mail.walk()
            if part.get_content_subtype() in {"calendar", "ics"}
        ]
        for entry in (entry for one in calendars for entry in by_icalendar(one)):
            if "ATTENDEE" in entry:
                assert str(entry["ATTENDEE"]) == f"mailto:{told['to']}", case
                assert str(entry["ORGANIZER"]) == f"mailto:{OWN}", case
        body = "".join(p.get_content() for p in mail.walk() if p.get_content_maintype() == "text")
        if marks:
            allowed = {"event.title", "mailing.subject", "mailing.subject_en"}
            assert marks.in_text(told["subject"]) <= allowed, case
            assert marks.in_text(told["from"]) <= {"authority.sender_name"}, case
            strangers = {one for one in marks.in_text(body) if OUTSIDE.match(one)}
            assert strangers <= NO_ADDRESS, case
        for name in set(told) - {"subject", "from", "content-type"}:
            assert EVIL not in told[name], f"{case}: {name}"
        assert [one.addr_spec for one in mail["From"].addresses] == [OWN], case
        assert mail["Reply-To"].addresses[0].addr_spec == "karin.ek@example.se", case
        assert len(mail["To"].addresses) == 1
        yield f"{number} {case.kind}", {
            "headers": sorted(told), "to": told["to"], "reply-to": told.get("reply-to"),
            "links": sorted(page.links), "images": page.tags["img"], "scripts": page.tags["script"],
            "entries": [_calendar(body) for body in calendars],
            "parts": [part.get_content_type() for part in mail.walk()],
        }  # fmt: skip


def files(app, place, admin, visitor):
    """(where it is, what no text may change in it) of every file, the headers too."""
    for rule in rules(app):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        if not FILES.search(rule.rule) and db.engine.dialect.name != "sqlite":
            continue  # a page is a page on every database
        browser = admin if hasattr(policy_of(app, rule), "roles") else visitor
        with browser.get(world.address(app, rule, place)) as answer:
            told = look(answer)
            if answer.mimetype != "text/html":
                assert FILES.search(rule.rule), f"{rule.rule}: say in FILES that it is a file"
                yield rule.rule, (answer.status_code, *told)
    for to, fields, browser in papers(admin, visitor, place):
        answer = browser.post(to, data=fields)
        if answer.status_code == 303:  # it takes long: a job makes it
            while run_job():
                pass
            answer = browser.get(f"{answer.location}/fil")
        assert (answer.status_code, answer.mimetype == "text/html") == (200, False), to
        yield f"{to} {fields.get('level')} {fields.get('format')}", look(answer)


def papers(admin, visitor, place):
    """The forms that answer with a file: where they lead, what they send, whose they are."""
    here = f"/arbeta/evenemang/{place.ids['event']}"
    for page in (f"{here}/listor", f"{here}/brickor"):
        for form in forms(admin.get(page).text):
            if form["action"] == "/logga-ut":
                continue
            for kind in ("csv", "xlsx", "pdf") if "level" in form["fields"] else ("",):
                kinds = {"format": kind, "contact": "y", "everyone": "y"} if kind else {}
                yield form["action"] or page, form["fields"] | kinds, admin
    for page in ("/min-anmalan", "/medverka"):
        for form in forms(visitor.get(page).text):
            if form["action"].endswith(".json"):
                yield form["action"], form["fields"], visitor


def look(answer):
    """What no text may change in an answer; that it is harmless is seen to here."""
    told = {name.lower(): value for name, value in answer.headers}
    for name, value in told.items():
        assert EVIL not in unquote(value), (answer.request.path, name)
        assert value.isprintable(), (answer.request.path, name)
    names = sorted(set(told) - {"content-length", "etag", "last-modified"})
    return names, answer.mimetype, shape(answer.mimetype, answer.data)


def shape(mimetype, body):
    """What of a file no text may change."""
    kind = mimetype.partition("/")[2].partition("+")[-1] or mimetype.partition("/")[2]
    return SHAPES.get(kind, type)(body)


def _calendar(body):
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return [sorted(f"{name} {sorted(getattr(value, 'params', {}))}"
                   for name, value in entry.property_items(recursive=True))
            for entry in by_icalendar(body)]  # fmt: skip


def _csv(body):
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=@\t\r\n\0\uff1d]|[+-](?![\d ()/-]+$)", cell), cell
    return [len(row) for row in rows]


def _xlsx(body):
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return [sheet.max_column for sheet in book]  # a row is added where a sign was replaced


def _pdf(body):
    """Typst and PDF know nothing of what a text says but how it looks: no link, file or script."""
    assert "root:" not in pdf_text(body)
    with pikepdf.open(io.BytesIO(body)) as document:
        raw = b"".join(
            one.unparse(resolved=True) for one in document.objects
            if not isinstance(one, pikepdf.Stream)
        )  # fmt: skip
        assert not re.search(rb"/(JS|JavaScript|Launch|EmbeddedFile|SubmitForm)\b", raw)
        links = [bytes(one) for one in re.findall(rb"/URI \(([^)]*)\)", raw)]
        assert not [link for link in links if EVIL.encode() in link and link not in MARKDOWN]
        return len(document.attachments)


def _json(body):
    def keys(value):
        if isinstance(value, dict):
            return {name: keys(one) for name, one in value.items()}
        return {repr(keys(one)) for one in value} if isinstance(value, list) else None

    return keys(json.loads(body))


def _xml(body):
    root = ElementTree.fromstring(body)
    links = [one.get("href") for one in root.iter() if one.get("href")]
    assert not [link for link in links if EVIL in link]
    return Counter(one.tag for one in root.iter())


def _page(body):
    page = Page(body.decode())
    assert not page.odd
    assert not page.tags["iframe"] + page.tags["object"] + page.tags["embed"] + page.tags["base"]
    bad = {link for link in page.links if link.startswith(("javascript:", "data:", "//"))}
    assert not bad
    evil = {link.encode() for link in page.links if EVIL in link}
    assert evil <= MARKDOWN
    return


def _text(body):
    return [line.partition(b":")[0] for line in body.splitlines()]


SHAPES = {
    "calendar": _calendar,
    "ics": _calendar,
    "csv": _csv,
    "pdf": _pdf,
    "json": _json,
    "xml": _xml,
    "html": _page,
    "plain": _text,
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": _xlsx,
}


# Fields whose text is kept under another name, or not at all.
KEPT_AS = {
    "note": "state_note", "diet": "need", "other": "need", "access_needs": "need", "q": "value",
    "new_name": "name", "new_title": "title", "new_organisation": "organisation",
    "group": "choice_group", "do": "", "here": "", "dates": "", "to": "recipient",
}  # fmt: skip


def test_every_text_field_of_a_form_is_kept_where_the_poison_is(app):
    known = {column.name for column in columns()} | SHAPED | {"reason", "choice_group", "need", ""}
    fields = {
        re.sub(r"^(before|after)_|(_\d+)+$", "", name)
        for form in below(Form) if not form.__module__.startswith("tests.")
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, StringField)
        and not issubclass(field.field_class, HiddenField | PasswordField)
    }  # fmt: skip
    assert {"title", "lead", "first_name"} <= fields
    assert {name for name in fields if KEPT_AS.get(name, name) not in known} == set()


def below(form):
    """The forms made of a form."""
    return {form}.union(*(below(one) for one in form.__subclasses__()))
