"""Put a scenario into the database through the ordinary services. What is there already stays."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts import services as account_services
from accounts.models import Authority
from accounts.rules import Role
from core import reference
from core.errors import Refusal
from core.reference import Sector
from demo.guests import invite, organisation_by_slug, register
from demo.scenario import (
    EVENT_CODES,
    EVENT_FLAGS,
    EVENT_NUMBERS,
    EVENT_TEXTS,
    EVENT_TIMES,
    ScenarioError,
    instant,
    local_day,
    municipality,
    one_of,
)
from events import services as event_services
from events.editing import services as editing_services
from events.models import Event, ProgrammeItem, Speaker
from events.rules import Audience, ItemKind, Kind, Mode, SpeakerRole, State, Theme, WaitingRule
from registrations.door import services as door_services
from registrations.invitations import services as invitation_services
from registrations.models import Registration
from registrations.rules import Tick

AFTER_PUBLISHED = [State.CANCELLED, State.POSTPONED, State.HELD, State.CLOSED]


class Seeder:
    """Applies one scenario; `now` is the moment of seeding."""

    def __init__(self, session: Session, *, now: datetime) -> None:
        self.session = session
        self.now = now
        self.today = local_day(now)

    def apply(self, scenario: dict[str, Any]) -> dict[str, int]:
        """Add what is missing; how many of each kind were added. Raises `ScenarioError`."""
        account_services.seed_boards(self.session)
        return {
            kind: sum(
                add(fields, f"{kind}[{number}]")
                for number, fields in enumerate(scenario.get(kind, []))
            )
            for kind, add in (
                ("authorities", self.authority),
                ("users", self.user),
                ("organisations", self.organisation),
                ("events", self.event),
            )
        }

    def authority(self, fields: dict[str, Any], _place: str) -> bool:
        """An authority that is none of the 21 boards."""
        if account_queries.authority_by_slug(self.session, fields["slug"]):
            return False
        name = fields["name"]
        self.session.add(
            Authority(
                slug=fields["slug"], name=name, short_name=name, sender_name=name,
                county_code=fields.get("county"),
            )
        )  # fmt: skip
        self.session.flush()
        return True

    def user(self, fields: dict[str, Any], place: str) -> bool:
        """A user with roles."""
        if account_queries.user_by_email(self.session, fields["email"]):
            return False
        roles = [
            (self._authority(role["authority"], place), one_of(Role, role["role"], place))
            for role in fields.get("roles", [])
        ]
        try:
            account_services.add_user(
                self.session, email=fields["email"], name=fields.get("name", fields["email"]),
                password=fields["password"], roles=roles, by=None, now=self.now,
            )  # fmt: skip
        except Refusal as refusal:
            raise ScenarioError(f"{place}: {refusal}") from None
        return True

    def organisation(self, fields: dict[str, Any], place: str) -> bool:
        """An organisation of the register."""
        if organisation_by_slug(self.session, fields["slug"]):
            return False
        place_code = municipality(fields.get("municipality"), place=place)
        invitation_services.add_organisation(
            self.session,
            facts={
                "slug": fields["slug"],
                "name": fields["name"],
                "sector": one_of(Sector, fields.get("sector", "civil_society"), place),
                "municipality": place_code,
                "county_code": fields.get("county") or reference.county_of(place_code) or None,
            },
            by=None,
            now=self.now,
        )
        return True

    def event(self, fields: dict[str, Any], place: str) -> bool:
        """An event with its programme, invitations, registrations and ticks, in its state."""
        if self.session.scalar(sa.select(Event.id).filter_by(slug=fields["slug"])):
            return False
        state = one_of(State, fields.get("state", "draft"), place)
        facts = self._facts(fields, place)
        starts: datetime = facts["starts"]
        planned = min(self.now, starts) - timedelta(days=60)
        offered = fields.get("capacity") or {"room": None}
        capacity = {one_of(Mode, mode, place): seats for mode, seats in offered.items()}
        event = event_services.create_event(
            self.session, authority=self._authority(fields.get("authority", "jonkoping"), place),
            kind=one_of(Kind, fields.get("kind", "regional_conference"), place), facts=facts,
            capacity=capacity, by=None, now=planned,
        )  # fmt: skip
        self._rooms(event, fields.get("rooms", []))
        for number, item in enumerate(fields.get("programme", [])):
            self._item(event, item, f"{place}.programme[{number}]")
        if state is not State.DRAFT:
            event_services.publish(self.session, event, by=None, now=planned + timedelta(hours=1))
        came: list[Registration] = []
        for number, asked in enumerate(fields.get("invitations", [])):
            came += invite(self.session, event, asked, f"{place}.invitations[{number}]", planned)
        for number, person in enumerate(fields.get("registrations", [])):
            at = min(self.now, planned + timedelta(hours=2 + 11 * number))
            came += register(self.session, event, person, f"{place}.registrations[{number}]", at)
        for registration in came:
            door_services.tick(
                self.session, registration, tick=Tick.IN, nonce=f"seed-{registration.id}", by=None,
                now=min(self.now, starts - timedelta(minutes=20)),
            )  # fmt: skip
        self._bring_to(event, state, note=fields.get("state_note") or fields.get("note", ""))
        return True

    def _facts(self, fields: dict[str, Any], place: str) -> dict[str, Any]:
        facts: dict[str, Any] = {"slug": fields["slug"]}
        for name in (*EVENT_TEXTS, *EVENT_FLAGS, *EVENT_NUMBERS):
            if name in fields:
                facts[name] = fields[name]
        for name, codes in zip(EVENT_CODES, (Theme, Audience), strict=True):
            facts[name] = tuple(one_of(codes, code, place).value for code in fields.get(name, ()))
        if "waiting_rule" in fields:
            facts["waiting_rule"] = one_of(WaitingRule, fields["waiting_rule"], place)
        fallback = {"starts": "D+30 09:30", "ends": None}
        for name in EVENT_TIMES:
            text = fields.get(name, fallback.get(name))
            if text:
                facts[name] = instant(
                    text, place=f"{place}.{name}", today=self.today,
                    on=local_day(facts["starts"]) if name == "ends" else None,
                    late=name in {"registration_closes", "cancel_by"},
                )  # fmt: skip
        facts.setdefault("ends", facts["starts"] + timedelta(hours=6))
        venue = fields.get("venue", {})
        facts |= {
            "venue_name": venue.get("name", ""),
            "venue_address": venue.get("address", ""),
            "municipality": municipality(venue.get("municipality"), place=f"{place}.venue"),
        }
        return facts

    def _rooms(self, event: Event, rooms: list[dict[str, Any]]) -> None:
        usual = {"seats": None, "step_free": False, "hearing_loop": False, "note": ""}
        editing_services.save_rooms(
            self.session, event, rooms=[(None, 0, usual | fields) for fields in rooms], by=None,
            now=event.created,
        )  # fmt: skip

    def _item(self, event: Event, fields: dict[str, Any], place: str) -> ProgrammeItem:
        day = local_day(event.starts)
        times = {
            name: instant(fields[name], place=f"{place}.{name}", today=self.today, on=day)
            for name in ("starts", "ends")
        }
        speakers = [
            (self._speaker(event, who), one_of(SpeakerRole, who.get("role", "speaker"), place))
            for who in fields.get("speakers", [])
        ]
        return event_services.add_item(
            self.session, event,
            facts=times | {
                "kind": one_of(ItemKind, fields.get("kind", "talk"), place),
                "title": fields["title"],
                "text": fields.get("text", ""),
                "room": fields.get("room", ""),
                "group": fields.get("group", ""),
                "track": fields.get("track", ""),
                "capacity": fields.get("capacity"),
            },
            speakers=speakers, by=None, now=event.created,
        )  # fmt: skip

    def _speaker(self, event: Event, fields: dict[str, Any]) -> Speaker:
        facts = {name: fields.get(name, "") for name in ("name", "title", "organisation")}
        known = self.session.scalar(
            sa.select(Speaker).filter_by(authority_id=event.authority_id, **facts).limit(1)
        )
        facts["consent"] = bool(fields.get("consent", False))
        return known or event_services.add_speaker(
            self.session, event.authority, facts=facts, by=None, now=event.created
        )

    def _bring_to(self, event: Event, state: State, *, note: str) -> None:
        if state not in AFTER_PUBLISHED:
            return
        steps = [State.HELD, State.CLOSED] if state is State.CLOSED else [state]
        for step in steps:
            at = max(min(self.now, event.ends + timedelta(days=1)), event.created)
            event_services.set_state(self.session, event, step, note=note, by=None, now=at)

    def _authority(self, slug: str, place: str) -> Authority:
        found = account_queries.authority_by_slug(self.session, slug)
        if found is None:
            raise ScenarioError(f"{place}.authority: {slug!r} finns inte")
        return found
