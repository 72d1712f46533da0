"""The description of the API (OpenAPI 3.1): the tests hold every answer to it."""

from typing import Any

from core.i18n import public_url
from core.reference import counties
from events.attachments.rules import MIMETYPES, Access
from events.rules import (
    PUBLIC_STATES,
    Audience,
    ItemKind,
    Kind,
    Mode,
    Registering,
    SpeakerRole,
    Theme,
)
from events.views.filters import KINDS, MODES

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
INSTANT: Json = {"type": "string", "format": "date-time"}
ADDRESS: Json = {"type": "string", "format": "uri"}
DAY: Json = {"type": "string", "format": "date"}


def description() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Samling",
            "version": "1.0.0",
            "summary": "Public events of Sweden's county administrative boards.",
            "description": (
                "Read only, no key, from any site. Names of people appear only while they agree "
                "to it: ask again, and keep no copy longer than you need. Fields may be added."
            ),
        },
        "servers": [{"url": public_url("events.api").rstrip("/")}],
        "paths": {
            "/": _path("root", "Where everything is", "Root"),
            "/openapi.json": _path("description", "This description", None),
            "/events": _path(
                "events", "Events that are coming, or between two days", "Events", *_filters()
            ),
            "/events/{slug}": _path(
                "event", "An event with its released programme", "Event", _slug()
            ),
            "/events/{slug}/speakers": _path(
                "speakers", "Those who take part and agree to be named", "Speakers", _slug()
            ),
            "/speakers": _path(
                "all_speakers",
                "Everybody who takes part in a public event and agrees to be named",
                "AllSpeakers",
                *_turning("Speakers a page"),
            ),
            "/kinds": _path("kinds", "The kinds of events", "Kinds"),
            "/counties": _path("counties", "The counties and their boards", "Counties"),
        },
        "components": {"schemas": _schemas()},
    }


def _path(name: str, summary: str, schema: str | None, *parameters: Json) -> Json:
    content = _ref(schema) if schema else {"type": "object"}
    language = _asked("sprak", {"type": "string", "enum": ["sv", "en"]}, "Language of the names")
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*parameters, language],
            "responses": {
                "200": {
                    "description": summary,
                    "headers": {"ETag": {"schema": TEXT}},
                    "content": {"application/json": {"schema": content}},
                },
                "304": {"description": "As before (If-None-Match)"},
                "307": {"description": "The same in the language asked for"},
                "default": {
                    "description": "What went wrong (RFC 9457)",
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                },
            },
        }
    }


def _filters() -> list[Json]:
    return [
        _asked("lan", _codes(counties()), "County"),
        _asked("typ", _codes(KINDS), "Kind of event"),
        _asked("q", TEXT | {"maxLength": 100}, "Words to look for"),
        _asked("fran", DAY, "The first day"),
        _asked("till", DAY, "The last day; alone: what has been, the latest first"),
        _asked("tema", _codes(Theme), "Theme"),
        _asked("grupp", _codes(Audience), "Target group"),
        _asked("plats", _codes(MODES), "In the room or on the net"),
        *_turning("Events a page"),
    ]


def _turning(what: str) -> list[Json]:
    return [
        _asked("antal", WHOLE | {"minimum": 1, "maximum": 100, "default": 50}, what),
        _asked("efter", TEXT, "Where the next page begins: given by `next`"),
    ]


def _slug() -> Json:
    return {"name": "slug", "in": "path", "required": True, "schema": TEXT}


def _asked(name: str, schema: Json, words: str) -> Json:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _schemas() -> Json:
    return {
        "Root": _object(
            **dict.fromkeys(
                ("openapi", "events", "speakers", "kinds", "counties", "issue_councils",
                 "calendar", "pages"),
                ADDRESS,
            ),
            event=TEXT,
        ),
        "Events": _object(events=_list(_ref("EventSummary")), next=_or_none(ADDRESS)),
        "EventSummary": _object(**_summary()),
        "Event": _object(**_summary(), **_rest()),
        "Programme": _object(
            release=WHOLE, published=INSTANT, pdf=ADDRESS, items=_list(_ref("Item"))
        ),
        "Item": _object(
            id=WHOLE, kind=_coded(_codes(ItemKind)), starts=INSTANT, ends=INSTANT, title=TEXT,
            text=TEXT, room=TEXT, track=TEXT, choice_group=TEXT,
            speakers=_list(_object(id=WHOLE, name=TEXT, by=TEXT, role=_codes(SpeakerRole))),
        ),
        "Speakers": _object(speakers=_list(_ref("Speaker"))),
        "Speaker": _object(**_speaker(), items=_list(WHOLE)),
        "AllSpeakers": _object(
            speakers=_list(_object(**_speaker(), events=_list(_ref("Appearance")))),
            next=_or_none(ADDRESS),
        ),
        "Appearance": _object(slug=TEXT, title=TEXT, starts=INSTANT, url=ADDRESS),
        "File": _object(
            title=TEXT, mimetype=_codes(MIMETYPES.values()), bytes=WHOLE, item=_or_none(WHOLE),
            alternative=TEXT, accessible=_codes(Access), accessible_version=_or_none(ADDRESS),
            url=ADDRESS,
        ),
        "Kinds": _object(kinds=_list(_object(code=_codes(Kind), filter=TEXT, name=TEXT))),
        "Counties": _object(
            counties=_list(_object(code=TEXT, name=TEXT, iso_3166_2=TEXT, authority=_authority()))
        ),
        "Problem": _object(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT),
    }  # fmt: skip


def _summary() -> Json:
    return {
        "slug": TEXT, "title": TEXT, "kind": _coded(_codes(Kind)),
        "state": _coded(_codes(PUBLIC_STATES)), "starts": INSTANT,
        "ends": INSTANT, "venue": TEXT, "address": TEXT, "municipality": _or_none(_coded(TEXT)),
        "county": _or_none(_coded(TEXT)), "online": {"type": "boolean"},
        "registration": _codes(Registering), "authority": _authority(), "updated": INSTANT,
        "url": ADDRESS, "page": ADDRESS, "calendar": ADDRESS,
    }  # fmt: skip


def _rest() -> Json:
    return {
        "state_note": TEXT, "lead": TEXT, "purpose": TEXT, "target_group": TEXT, "question": TEXT,
        "cost": TEXT, "case_number": TEXT, "co_organisers": _list(TEXT),
        "in_cooperation_with": TEXT, "assignment": _or_none(TEXT),
        "contact": _object(name=TEXT, email=TEXT, phone=TEXT),
        "registration_opens": _or_none(INSTANT), "registration_closes": _or_none(INSTANT),
        "seats": _list(
            _object(mode=_codes(Mode), capacity=_or_none(WHOLE), left=_or_none(WHOLE))
        ),
        "programme": {"oneOf": [_ref("Programme"), {"type": "null"}]},
        "speakers": _list(_ref("Speaker")), "files": _list(_ref("File")),
    }  # fmt: skip


def _speaker() -> Json:
    return {
        "id": WHOLE, "name": TEXT, "title": TEXT, "organisation": TEXT, "text": TEXT,
        "photo": _or_none(ADDRESS),
    }  # fmt: skip


def _authority() -> Json:
    return _object(slug=TEXT, name=TEXT)


def _coded(code: Json) -> Json:
    return _object(code=code, name=TEXT)


def _codes(values: Any) -> Json:
    return {"type": "string", "enum": sorted({str(value) for value in values})}


def _or_none(schema: Json) -> Json:
    return schema | {"type": [schema["type"], "null"]}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
