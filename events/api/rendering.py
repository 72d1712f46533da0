"""Events as JSON. Names are a promise: add, never rename. Times are ISO 8601 with the offset."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.clock import now, to_local
from core.i18n import public_url
from core.reference import counties, municipality_name
from events.attachments.queries import Shown
from events.attachments.rules import MIMETYPES
from events.finding.queries import Appearances
from events.models import Event, Release
from events.queries.pages import Glance
from events.rules import AssignmentState, Mode, registering
from events.words import ITEM_KIND, KIND, STATE

Content = Mapping[str, Any]
Json = dict[str, Any]


def summary(event: Event) -> Json:
    """An event in a list."""
    modes = [pool.mode for pool in event.pools if pool.mode]
    standing = registering(
        state=event.state, opens=event.registration_opens, closes=event.registration_closes,
        ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only,
        now=now(),
    )  # fmt: skip
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": {"code": event.kind.value, "name": str(KIND[event.kind])},
        "state": {"code": event.state.value, "name": str(STATE[event.state])},
        "starts": instant(event.starts),
        "ends": instant(event.ends),
        "venue": event.venue_name,
        "address": event.venue_address,
        "municipality": _named(event.municipality, municipality_name(event.municipality)),
        "county": _county(event.county_code),
        "online": bool(event.online_url) or Mode.ONLINE in modes,
        "registration": standing.value,
        "authority": _authority(event),
        "updated": instant(event.updated),
        "url": public_url("events.api_event", slug=event.slug),
        "page": public_url("events.show", slug=event.slug),
        "calendar": public_url("events.ics", slug=event.slug),
    }


def whole(event: Event, glance: Glance, release: Release | None, files: Sequence[Shown]) -> Json:
    """An event with its released programme."""
    content: Content = release.content if release else {}
    return summary(event) | {
        "registration": glance.registering.value,
        "state_note": event.state_note,
        "lead": event.lead,
        "purpose": event.purpose,
        "target_group": event.target_group,
        "question": event.question,
        "cost": event.cost,
        "case_number": event.case_number,
        "co_organisers": [one.name for one in event.co_organisers],
        "in_cooperation_with": event.in_cooperation_with,
        "assignment": _assignment(event),
        "contact": {
            "name": event.contact_name,
            "email": event.contact_email,
            "phone": event.contact_phone,
        },
        "registration_opens": maybe(event.registration_opens),
        "registration_closes": maybe(event.registration_closes),
        "seats": [
            {"mode": one.mode.value, "capacity": one.capacity, "left": one.left}
            for one in glance.modes
            if one.mode
        ],
        "programme": programme(release, content),
        "speakers": speakers(content),
        "files": [_file(one) for one in files],
    }


def programme(release: Release | None, content: Content) -> Json | None:
    """The latest release; None where there is none."""
    if release is None:
        return None
    return {
        "release": release.number,
        "published": instant(release.published),
        "pdf": public_url("events.programme_pdf", slug=release.event.slug),
        "items": [_item(item) for item in content.get("items", ())],
    }


def speakers(content: Content) -> list[Json]:
    """Those who have agreed to be named, in the order of the programme."""
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "title": one.get("title", ""),
            "organisation": one.get("organisation", ""),
            "text": one.get("text", ""),
            "photo": _photo(one.get("photo")),
            "items": [
                item["id"]
                for item in content.get("items", ())
                if any(there["id"] == one["id"] for there in item.get("speakers", ()))
            ],
        }
        for one in content.get("speakers", ())
    ]


def everybody(people: Iterable[Appearances], latest: Mapping[int, Release]) -> list[Json]:
    """Those of the people who may be named now, as the latest of their events presents them."""
    found = []
    for one in people:
        release = latest.get(one.events[0].id)
        there = speakers(release.content) if release else []
        for who in there:
            if who["id"] == one.speaker_id:
                events = [_appearance(event) for event in one.events]
                found.append({k: v for k, v in who.items() if k != "items"} | {"events": events})
    return found


def _appearance(event: Any) -> Json:
    return {
        "slug": event.slug,
        "title": event.title,
        "starts": instant(event.starts),
        "url": public_url("events.api_event", slug=event.slug),
    }


def instant(when: datetime) -> str:
    """A time with the offset that Stockholm has then, e.g. 2027-03-04T09:30:00+01:00."""
    return to_local(when).replace(microsecond=0).isoformat()


def maybe(when: datetime | None) -> str | None:
    """The same, or nothing."""
    return instant(when) if when else None


def _item(item: Content) -> Json:
    kind = item["kind"]
    return {
        "id": item["id"],
        "kind": {"code": kind, "name": str({one.value: w for one, w in ITEM_KIND.items()}[kind])},
        "starts": instant(datetime.fromisoformat(item["starts"])),
        "ends": instant(datetime.fromisoformat(item["ends"])),
        "title": item["title"],
        "text": item.get("text", ""),
        "room": item.get("room", ""),
        "track": item.get("track", ""),
        "choice_group": item.get("group", ""),
        "speakers": [
            {"id": one["id"], "name": one["name"], "by": one.get("by", ""), "role": one["role"]}
            for one in item.get("speakers", ())
        ],
    }


def _file(one: Shown) -> Json:
    file = one.file
    return {
        "title": file.title,
        "mimetype": MIMETYPES[file.kind],
        "bytes": file.size,
        "item": file.item_id,
        "alternative": file.alternative,
        "accessible": file.access.value,
        "accessible_version": file.access_url or None,
        "url": public_url("events.attachment", token=file.token),
    }


def _assignment(event: Event) -> str | None:
    assignment = event.assignment
    public = assignment is not None and assignment.state is not AssignmentState.DRAFT
    return assignment.title if assignment and public else None


def _photo(token: str | None) -> str | None:
    return public_url("events.photo", token=token) if token else None


def _authority(event: Event) -> Json:
    return {"slug": event.authority.slug, "name": event.authority.name}


def _county(code: str | None) -> Json | None:
    county = counties().get(code or "")
    return _named(code, county.name) if county else None


def _named(code: str | None, name: str) -> Json | None:
    return {"code": code, "name": name} if code else None


def root() -> Json:
    """Where everything is."""
    base = public_url("events.api")
    return {
        "openapi": public_url("events.api_description"),
        "events": public_url("events.api_events"),
        "event": f"{base.rstrip('/')}/events/{{slug}}",
        "speakers": public_url("events.api_all_speakers"),
        "kinds": public_url("events.api_kinds"),
        "counties": public_url("events.api_counties"),
        "issue_councils": public_url("registrations.councils_json"),
        "calendar": public_url("events.feed"),
        "pages": public_url("events.start"),
    }
