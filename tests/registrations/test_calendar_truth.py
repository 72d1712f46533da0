"""Calendar files and mails against whatever happens to events, and whatever people write."""

import contextlib
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import STOCKHOLM
from core.db import db, write
from core.errors import Refusal
from events import services
from events.ical import event_calendar
from events.models import Event, ProgrammeItem
from events.rules import Mode, State
from registrations import services as registering
from registrations.calendars.entries import by_mail
from registrations.models import Registration
from registrations.rules import Source, Status
from tests.calendar_readers import agreed, by_ical_js, by_icalendar, lines
from tests.conftest import NOW
from tests.events import make as events
from tests.registrations import make
from tests.registrations.test_calendar_mail import invitation, method

ROOT = Path(__file__).parents[2]
NASTY = (
    "x\r\nATTENDEE:mailto:b@evil.example\r\nEND:VEVENT\r\nBEGIN:VALARM",
    '";CN="b":mailto:b@evil.example',
    "=?UTF-8?Q?=0D=0A?=Bcc: b@evil.example",
    "a\u2028BEGIN:VEVENT\u2029\x85b\x0bc",
    "å" * 90 + "\U0001f600" * 30,
    "\\n\\N\\;\\,\\\\ ^n ^' %0d%0aBcc:b@evil.example",
)


@pytest.fixture
def app(make_app):
    """Without bounds: one person gets more letters here than a day brings."""
    made = make_app(GUARDS="off")
    with made.app_context():
        yield made


def last_sundays():
    """The days the clocks change, 2026–2030."""
    for year in range(2026, 2031):
        for month in (3, 10):
            day = datetime(year, month, 31, tzinfo=UTC)
            yield day - timedelta(days=(day.weekday() + 1) % 7)


def test_the_instants_are_those_of_the_page_on_every_day_the_clocks_change(client):
    at = {}
    for day in last_sundays():
        for hours in (0, 1):  # before, and after it was skipped or for the second time
            starts = day + timedelta(hours=hours, minutes=30)
            event = events.event(
                published=True, starts=starts, ends=starts + timedelta(hours=1),
                title=f"{day:%Y%m%d} {hours}",
            )  # fmt: skip
            at[event.title] = (event.slug, starts)
    assert len(at) == 20
    read = {
        str(one["SUMMARY"]): one for one in agreed(client.get("/kalender.ics?fran=2026-01-01").data)
    }
    assert set(read) == set(at)
    for title, (slug, starts) in at.items():
        assert read[title].decoded("DTSTART").timestamp() == starts.timestamp()
        page = client.get(f"/evenemang/{slug}").text
        data = page.replace('": "', '":"')
        assert f'"startDate":"{starts.astimezone(STOCKHOLM).isoformat()}"' in data, title
        assert f"kl. {starts.astimezone(STOCKHOLM):%H.%M}–" in page


EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            ["time", "place", "title", "link", "state", "state", "release", "leave", "come",
             "choose", "mode"]
        ),
        st.integers(0, 2),
    ),
    min_size=3, max_size=8,
)  # fmt: skip
STATES = (State.PUBLISHED, State.POSTPONED, State.CANCELLED)
GOES_BY = ("DTSTART", "DTEND", "LOCATION", "SUMMARY", "STATUS")


class Undone(Exception):
    """The walk is over: everything is to be as it was."""


def edit(event, person, items, what, number, now):
    """One thing that an organiser or a participant does; each has three values, so it recurs."""
    session, by = db.session, {"by": None, "now": now}
    starts = events.STARTS + timedelta(hours=number)
    facts = {
        "time": {"starts": starts, "ends": starts + timedelta(hours=2)},
        "place": {"venue_name": f"Sal {number}"}, "title": {"title": f"T {number}"},
        "link": {"online_url": f"https://mote.example.se/{number}"},
    }  # fmt: skip
    if what in facts:
        services.change_event(session, event, facts=facts[what], **by)
    elif what == "state":
        services.set_state(session, event, STATES[number], **by)
    elif what == "release":
        services.change_item(session, items[0], facts={"title": f"Punkt {number}"}, **by)
        services.release_programme(session, event, **by)
    elif what == "leave":
        registering.cancel(session, person, **by)
    elif what == "come":
        registering.register(
            session, event, facts=make.person(), choices=(), needs={}, source=Source.WEB,
            language="sv", now=now,
        )  # fmt: skip
    else:
        mode = (Mode.ROOM, Mode.ONLINE, Mode.ROOM)[number]
        registering.change(
            session, person, **by,
            choices=[item.id for item in items[number : number + 1]] if what == "choose" else None,
            facts={"mode": mode} if what == "mode" else {},
        )  # fmt: skip


def shown(event, person):
    """What the file of everybody and the person's own letter say now, by their properties."""
    there = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED"}.get(person.status)
    bodies = {"public": event_calendar(event)}
    if there:
        bodies["own"] = by_mail(person, there).body
    return {
        whose: {line.replace(";", ":", 1).split(":", 1)[0]: line for line in lines(body)}
        for whose, body in bodies.items()
    }


def grown(before, after, names):
    """The number grew if what people go by is another, and never falls."""
    number, then = (int(said["SEQUENCE"].partition(":")[2]) for said in (before, after))
    same = all(before.get(name) == after.get(name) for name in names)
    later = before["LAST-MODIFIED"] <= after["LAST-MODIFIED"]
    return before["UID"] == after["UID"] and later and (then > number or (then == number and same))


def test_whatever_is_done_the_number_grows_and_the_identity_stays(app):
    event = make.conference(online=9)
    items = make.parallel(event)
    person = make.registration(event)
    ids = event.id, person.id, [item.id for item in items]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EDITS)
    def holds(edits):
        def walk():
            event, person = (
                db.session.get_one(Event, ids[0]),
                db.session.get_one(Registration, ids[1]),
            )
            items = [db.session.get_one(ProgrammeItem, id_) for id_ in ids[2]]
            last = shown(event, person)
            for minute, (what, number) in enumerate(edits, 1):
                try:
                    with db.session.begin_nested():
                        edit(event, person, items, what, number, NOW + timedelta(minutes=minute))
                except Refusal:
                    pass
                for whose, said in shown(event, person).items():
                    names = (*GOES_BY, "METHOD", "DESCRIPTION") if whose == "own" else GOES_BY
                    assert grown(last[whose], said, names), (what, number, last[whose], said)
                    last[whose] = said
            raise Undone

        with app.test_request_context(), contextlib.suppress(Undone):
            write(walk)

    holds()


def test_whatever_is_sent_in_between_the_last_letter_says_how_it_ended(app, post):
    doings = st.sampled_from(["time", "title", "state", "release", "leave", "come", "send", "send"])

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(doings, st.integers(0, 2)), min_size=4, max_size=14))
    def holds(edits):
        event = make.conference()
        items = make.parallel(event)
        event_id, person = event.id, make.registration(event)
        sent = []

        def do(what, number):
            edit(
                db.session.get_one(Event, event_id), db.session.get_one(Registration, person.id),
                [db.session.get_one(ProgrammeItem, item.id) for item in items], what, number, NOW,
            )  # fmt: skip

        for what, number in [*edits, ("send", 0)]:
            if what == "send":
                sent += [mail for mail in post() if mail.get_content_maintype() == "multipart"]
                continue
            try:
                write(lambda what=what, number=number: do(what, number))
            except Refusal:
                db.session.rollback()
        told = [(method(mail), invitation(mail)) for mail in sent
                if any(p.get_content_type() == "text/calendar" for p in mail.walk())]  # fmt: skip
        assert len({str(entry["UID"]) for _kind, entry in told}) <= 1
        said = [(kind, entry["SEQUENCE"], entry.to_ical()) for kind, entry in told]
        for (_k, before, text), (_kind, after, then) in pairwise(said):
            stamp = re.compile(rb"DTSTAMP:\S+")
            assert after > before or stamp.sub(b"", text) == stamp.sub(b"", then)
        there = make.again(person).status is Status.CONFIRMED
        off = db.session.get_one(Event, event_id).state is State.CANCELLED
        if told and not off:
            assert told[-1][0] == ("REQUEST" if there else "CANCEL")

    holds()


def test_one_poisoned_item_does_not_spoil_a_programme_of_two_hundred(client):
    event = make.conference()
    items = [
        {"id": n, "kind": "talk", "starts": event.starts.isoformat(), "title": f"Punkt {n}",
         "ends": event.ends.isoformat(), "speakers": []}
        for n in range(1, 201)
    ]  # fmt: skip
    items[7]["title"] = NASTY[0] + NASTY[3]
    items[8]["starts"] = "i morgon"

    def release():
        found = db.session.get_one(Event, event.id)
        found.releases[-1].content = {"items": items, "speakers": []}

    write(release)
    body = client.get(f"/evenemang/{event.slug}/program.ics").data
    assert all(len(line) <= 75 and line.decode() is not None for line in body.split(b"\r\n"))
    read = by_icalendar(body)
    assert len(read) == len(by_ical_js(body)) == 199
    assert b"ATTENDEE" not in body.replace(b"\\nATTENDEE", b"").replace(b" ATTENDEE", b"")
    assert [str(one["RELATED-TO"]) for one in read] == [event.uid] * 199
    few = body.split(b"BEGIN:VEVENT")
    some = few[0] + b"".join(b"BEGIN:VEVENT" + one for one in few[6:10])
    agreed(some + b"END:VCALENDAR\r\n")


def test_nothing_of_it_rests_on_assertions():
    """Under `python -O` too a broken component is found out and left without its texts."""
    program = (
        "from events.ical_lines import Component, BrokenComponent\n"
        "c = Component('VEVENT'); c.add('X', 'a\\r\\nATTENDEE:mailto:b')\n"
        "try: c.finished()\n"
        "except BrokenComponent: print('found out')\n"
        "c = Component('VEVENT'); c.text('SUMMARY', 'a\\r\\nATTENDEE:b\\u2028c'); "
        "print(len(c.finished().split(b'\\r\\n')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-O", "-c", program], capture_output=True, text=True, check=True,
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["found out", "4"]
