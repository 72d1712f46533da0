"""Two authorities with one of everything, and a walker's knowledge of every address.

An endpoint with an address part that nobody here knows makes the walks fail: teach `address`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from accounts import queries as account_queries
from accounts import services as account_services
from accounts.models import User
from accounts.rules import Role
from core import files
from core.crypto import derived_token, signature
from core.db import Model, db, reader, write
from core.jobs.models import StoredFile
from core.jobs.services import start as start_job
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.reference import Sector
from core.text import slugify
from events import services as event_services
from events.attachments import services as attachment_services
from events.attachments.receiving import Received
from events.attachments.rules import FileKind, Visibility
from events.models import Assignment, Event, Photo
from events.rules import AssignmentState, ItemKind, Kind, Mode, SpeakerRole
from events.series import services as series_services
from events.series.rules import SeriesKind
from events.speaking import services as speaking_services
from events.speaking.asking import link_token
from events.staff_feed import queries as staff_feed
from events.staff_feed import services as staff_feed_services
from minutes import services as minutes_services
from registrations import services as registration_services
from registrations.calendars import queries as own_feed
from registrations.calendars import services as calendar_services
from registrations.calendars.models import CalendarReply
from registrations.calendars.rules import Answer as CalendarAnswer
from registrations.calendars.rules import Standing
from registrations.circles import queries as circle_queries
from registrations.circles import services as circle_services
from registrations.importing import services as importing
from registrations.importing.checking import Layout, read_as
from registrations.importing.rules import Field
from registrations.invitations import services as invitation_services
from registrations.mailings import services as mailing_services
from registrations.mailings.letters import opt_out_token
from registrations.mailings.models import MailingRecipient
from registrations.mailings.queries import Audience
from registrations.mailings.rules import Purpose
from registrations.parties import services as party_services
from registrations.parties.rules import How
from registrations.questions import services as question_services
from registrations.questions.models import Question
from registrations.questions.rules import Kind as QuestionKind
from registrations.rules import RoleKind, Source
from registrations.selection import services as selection_services
from registrations.selection.rules import Action

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PHOTO = "p" * 42


@dataclass
class Place:
    """What one authority has: ids by the name of the address part, slugs and tokens."""

    board: str
    ids: dict[str, int] = field(default_factory=dict)
    slug: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    assignment: str = ""
    series: str = ""


def build(board: str, canary: str = "Tjäle") -> Place:
    """Everything that one authority can have, through the ordinary services."""
    key = _file_key(board)
    files.storage().put(key, b"x", "image/jpeg")
    return write(lambda: _build(board, canary))


def _file_key(board: str) -> str:
    name = hashlib.sha256(board.encode()).hexdigest()[:32]
    return f"{name[:2]}/{name}"


def _build(board: str, canary: str) -> Place:
    session = db.session
    authority = account_queries.authority_by_slug(session, board)
    assert authority is not None
    place = Place(board)
    by = account_services.add_user(
        session, email=f"kollega.{board}@example.se", name=f"Kim {canary}", password="x" * 20,
        roles=[(authority, Role.READER)], by=None, now=NOW,
    )  # fmt: skip
    starts = NOW + timedelta(days=30)
    facts: dict[str, Any] = {
        "title": f"Konferens {canary}", "starts": starts, "ends": starts + timedelta(hours=6),
        "venue_name": "Folkets hus", "venue_address": "Torget 1", "municipality": "0680",
        "contact_name": "Karin Ek", "contact_email": "karin.ek@example.se",
        "contact_phone": "010-223 60 00", "online_url": f"https://mote.example.se/{board}",
    }  # fmt: skip
    event = event_services.create_event(
        session, authority=authority, kind=Kind.REGIONAL_CONFERENCE,
        facts=facts | {"slug": f"konferens-{board}"},
        capacity={Mode.ROOM: 50, Mode.ONLINE: None}, by=by, now=NOW,
    )  # fmt: skip
    speaker = event_services.add_speaker(
        session, authority, by=by, now=NOW,
        facts={"name": f"Maria {canary}", "title": "chef", "organisation": "Tranås kommun",
               "text": "", "email": "maria@example.se", "consent": True},
    )  # fmt: skip
    photo = Photo(
        token=PHOTO + board[0], authority_id=authority.id, speaker_id=speaker.id, width=1, height=1,
        body=b"x", created=NOW,
    )  # fmt: skip
    speaker.photo = photo
    for title in ("Skolan", "Bostaden"):
        item = event_services.add_item(
            session, event, speakers=[(speaker, SpeakerRole.SPEAKER)], by=by, now=NOW,
            facts={"kind": ItemKind.SEMINAR, "starts": starts, "ends": starts + timedelta(hours=1),
                   "title": f"{title} {canary}", "group": "A", "capacity": 20, "room": title},
        )  # fmt: skip
    event_services.publish(session, event, by=by, now=NOW)
    attachment = attachment_services.attach(
        session, event, Received(FileKind.JPEG, "bild.jpg", 1, _file_key(board)),
        facts=attachment_services.Facts(f"Bild {canary}", Visibility.PUBLIC, alternative="En sal"),
        by=by, now=NOW,
    )  # fmt: skip
    engagement = speaking_services.invite(session, event, speaker, by=by, now=NOW)
    question = _ask(session, event, by)
    person = _register(session, event, canary, [item.id])
    question_services.keep(session, person, {question.wording.id: f"Buss {canary}"}, now=NOW)
    party = _party(session, event, canary)
    council = event_services.create_event(
        session, authority=authority, kind=Kind.ISSUE_COUNCIL,
        facts=facts | {"title": f"Sakråd {canary}", "slug": f"sakrad-{board}",
                       "question": "Hur når vi alla?", "invited_only": True,
                       "inviter_name": "Bo Ek", "inviter_title": "länsråd"},
        capacity={Mode.ROOM: 20}, by=by, now=NOW,
    )  # fmt: skip
    organisation = invitation_services.add_organisation(
        session, by=by, now=NOW,
        facts={"name": f"Föreningen {canary}", "sector": Sector.CIVIL_SOCIETY,
               "municipality": None, "county_code": "06"},
    )  # fmt: skip
    invitation = invitation_services.invite(
        session, council, organisation=organisation, by=by, now=NOW,
        facts={"seats": 2, "criterion": "berörd", "reason": "De möter dem det gäller.",
               "email": f"kansli.{board}@example.se"},
    )  # fmt: skip
    event_services.publish(session, council, by=by, now=NOW)
    invitation_services.send(session, invitation, by=by, now=NOW)
    series = series_services.create_series(
        session, authority, by=by, now=NOW,
        facts={"title": f"Serie {canary}", "text": "", "year": 2027, "kind": SeriesKind.CYCLE},
    )  # fmt: skip
    for meeting in (council, event):
        series_services.join(session, series, meeting, by=by, now=NOW)
    circle_services.take_over(session, series, council, by=by, now=NOW)
    minutes = minutes_services.start(session, event, by=by, now=NOW)
    section = next((s for s in minutes.sections if s.is_movable), minutes.sections[0])
    assignment = Assignment(
        slug=f"uppdrag-{board}", authority_id=authority.id, title=f"Uppdrag {canary}",
        state=AssignmentState.ONGOING,
    )  # fmt: skip
    session.add(assignment)
    session.flush()
    mail = session.scalars(
        sa.select(Outbox).filter_by(authority_id=authority.id).order_by(Outbox.id)
    ).first()
    assert mail is not None
    job = start_job(
        session, kind="prov", payload={}, total=3, now=NOW + timedelta(days=1), by=by,
        authority_id=authority.id, event_id=event.id, about=f"Konferens {canary}",
    )  # fmt: skip
    session.add(StoredFile(job_id=job.id, mimetype="text/plain", body=b"x"))
    rows = [["Namn", "E-post", "Kommun"], [f"Åsa {canary}", "asa", "Tranos"]]
    layout = Layout([Field.NAME, Field.EMAIL, Field.MUNICIPALITY], True, [Mode.ROOM], Mode.ROOM,
                    Sector.OTHER)  # fmt: skip
    sent = importing.keep(
        session, event, name="lista.csv", read=read_as(rows, layout), by=by, now=NOW
    )
    mail.state, mail.error = MailState.FAILED, "550 no such user"
    mailing = mailing_services.draft(
        session, event, by=by, now=NOW,
        facts={"audience": Audience().stored(), "purpose": Purpose.NEWS, "subject": "Nytt",
               "body": f"Hej {{förnamn}}! {canary}", "subject_en": "", "body_en": ""},
    )  # fmt: skip
    recipient = MailingRecipient(mailing_id=mailing.id, registration_id=person.id)
    session.add(recipient)
    session.flush()
    selection, _job = selection_services.begin(
        session, event, action=Action.CANCEL, reason="Fel dag", people=[], by=by, now=NOW
    )
    place.ids = {
        "authority": authority.id, "user": by.id, "event": event.id, "speaker": speaker.id,
        "item": item.id, "registration": person.id, "organisation": organisation.id,
        "invitation": invitation.id, "minutes": minutes.id, "section": section.id,
        "assignment": assignment.id, "mail": mail.id, "job": job.id, "photo": photo.id,
        "mailing": mailing.id, "recipient": recipient.id,
        "question": question.id, "selection": selection.id,
        "import": sent.id,
        "member": party.members[0].id,
        "number": event.releases[-1].number,
        "attachment": attachment.id,
        "engagement": engagement.id,
        "series": series.id, "asked": circle_queries.asked(session, series.id)[0].id,
    }  # fmt: skip
    reply = CalendarReply(
        registration_id=person.id, answer=CalendarAnswer.DECLINED, standing=Standing.COUNTS,
        sequence=1, stamped=NOW, sender=person.email, body_hash="0" * 64, body=b"x", received=NOW,
    )  # fmt: skip
    session.add(reply)
    session.flush()
    place.ids["reply"] = reply.id
    place.slug, place.assignment, place.series = event.slug, assignment.slug, series.slug
    place.tokens = {
        "registration": derived_token("registration", person.link_key, person.token_version),
        "invitation": derived_token("invitation", invitation.id, invitation.token_version),
        "photo": photo.token,
        "attachment": attachment.token,
        "speaking": link_token(engagement),
        "opt_out": opt_out_token(recipient),
        "party": derived_token("party", party.id, party.token_version),
        "own_feed": own_feed.token_of(
            calendar_services.keep_feed(session, person, alarm=60, now=NOW).link_key
        ),
        "staff_calendar": staff_feed.token_of(staff_feed_services.renew(session, by, now=NOW)),
    }
    return place


def _ask(session: Any, event: Event, by: User) -> Question:
    """Two questions; nobody must answer. The second is given."""
    facts = {
        "kind": QuestionKind.YES_NO, "label": "Stannar du på middagen?", "purpose": "För att boka.",
        "options": [], "required": False, "days": 14, "mode": None, "sectors": [],
        "after_id": None, "answer": "",
    }  # fmt: skip
    question_services.add_question(session, event, facts=facts, by=by, now=NOW)
    more = {"kind": QuestionKind.LONG, "label": "Hur reser du hem?", "mode": Mode.ROOM}
    return question_services.add_question(session, event, facts=facts | more, by=by, now=NOW)


def _party(session: Any, event: Event, canary: str) -> Any:
    return party_services.register_party(
        session, event, how=How.ALL, key=f"{event.slug}-grupp", language="sv", now=NOW,
        contact={"name": f"Li {canary}", "email": f"li.{slugify(canary)}@example.se", "phone": "",
                 "organisation": "Tranås kommun", "sector": Sector.MUNICIPALITY,
                 "municipality": "0687"},
        people=[{"first_name": "Bo", "last_name": canary, "role_kind": RoleKind.OFFICIAL,
                 "email": f"bo.{slugify(canary)}@example.se", "mode": Mode.ROOM}],
    )  # fmt: skip


def _register(session: Any, event: Event, canary: str, choices: list[int]) -> Any:
    return registration_services.register(
        session, event, choices=choices, needs={"diet": "vegan", "access": ""}, source=Source.WEB,
        language="sv", now=NOW,
        facts={"first_name": "Åsa", "last_name": canary,
               "email": f"asa.{slugify(canary)}@example.se",
               "phone": "", "organisation": "Tranås kommun", "sector": Sector.MUNICIPALITY,
               "municipality": "0687", "role_kind": RoleKind.OFFICIAL, "mode": Mode.ROOM,
               "list_consent": True, "protected": False},
    )  # fmt: skip


def parts(rule: Rule) -> dict[str, str]:
    """The address parts of a rule with the name of their converter."""
    return {
        name: type(converter).__name__.removesuffix("Converter").lower()
        for name, converter in rule._converters.items()
    }


def address(app: Flask, rule: Rule, place: Place, **other: Place) -> str:
    """The address of `rule` with what `place` has; parts named in `other` are another's."""
    values: dict[str, Any] = {}
    for name, kind in parts(rule).items():
        owner = other.get(name, place)
        if kind == "id":
            values[name] = owner.ids[name.removesuffix("_id")]
        elif name == "county":
            values[name] = owner.board
        elif name == "series":
            values[name] = owner.series
        elif kind == "slug":
            values[name] = owner.assignment if "assignment" in rule.endpoint else owner.slug
        elif "token" in {kind, name}:
            known = ("own_feed", "staff_calendar", "attachment", "opt_out", "invitation", "photo",
                     "party", "speaking")  # fmt: skip
            which = next((k for k in known if k in rule.endpoint), "registration")
            values[name] = owner.tokens[which]
        elif rule.endpoint == "static":
            values[name] = "site.css"
        else:
            raise AssertionError(f"{rule.rule}: say in tests/world.py what <{name}> is")
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def checksum(app: Flask, *, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """A digest of each table as it stands in the database."""
    found = {}
    with reader(db.engine).connect() as connection:
        for table in Model.metadata.sorted_tables:
            if table.name in but:
                continue
            order = list(table.primary_key.columns) or list(table.columns)
            rows = connection.execute(sa.select(table).order_by(*order)).all()
            found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def user(email: str) -> User:
    """The user with that address."""
    found = account_queries.user_by_email(db.session, email)
    assert found is not None
    return found


def token(app: Flask, browser: Any) -> str:
    """The token that this browser finds in the forms it is shown."""
    if browser.get_cookie("visitor") is None:
        browser.set_cookie("visitor", "v" * 43)
    cookie = browser.get_cookie("visitor")
    with app.app_context():
        return signature("csrf", cookie.value)
