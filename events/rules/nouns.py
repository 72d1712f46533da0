"""The kinds of things events are made of, and what the organiser decides about each."""

import enum


class Kind(enum.StrEnum):
    """What sort of event it is."""

    REGIONAL_CONFERENCE = "regional_conference"
    INSPIRATION_CONFERENCE = "inspiration_conference"
    NATIONAL_SUMMIT = "national_summit"
    ISSUE_COUNCIL = "issue_council"
    HIGH_LEVEL_MEETING = "high_level_meeting"
    DIALOGUE_MEETING = "dialogue_meeting"
    CONSULTATION = "consultation"
    TRAINING = "training"
    WEBINAR = "webinar"
    NETWORK_MEETING = "network_meeting"


class State(enum.StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    HELD = "held"
    CLOSED = "closed"


class Mode(enum.StrEnum):
    """How a person takes part."""

    ROOM = "room"
    ONLINE = "online"


class WaitingRule(enum.StrEnum):
    """What happens to a place that becomes free while others wait for one."""

    GIVEN = "given"
    OFFERED = "offered"


class ItemKind(enum.StrEnum):
    """What a programme item is."""

    REGISTRATION = "registration"
    WELCOME = "welcome"
    TALK = "talk"
    LOCAL_EXAMPLE = "local_example"
    PANEL = "panel"
    SEMINAR = "seminar"
    GROUP_WORK = "group_work"
    Q_AND_A = "q_and_a"
    DISCUSSION = "discussion"
    STATUS_REPORT = "status_report"
    ROUND = "round"
    BREAK = "break"
    COFFEE = "coffee"
    LUNCH = "lunch"
    CLOSING = "closing"


PAUSES = {ItemKind.REGISTRATION, ItemKind.BREAK, ItemKind.COFFEE, ItemKind.LUNCH}


class SpeakerRole(enum.StrEnum):
    """What a person does in an item."""

    SPEAKER = "speaker"
    MODERATOR = "moderator"
    PANELLIST = "panellist"
    HOST = "host"


class AssignmentState(enum.StrEnum):
    """Where a government assignment stands."""

    DRAFT = "draft"
    ONGOING = "ongoing"
    REPORTED = "reported"
    INVOICED = "invoiced"
    CLOSED = "closed"


class Step(enum.StrEnum):
    """What the organiser of an event does next."""

    PROGRAMME = "programme"
    PUBLISH = "publish"
    NEW_TIME = "new_time"
    HELD = "held"
    MINUTES = "minutes"


class Odd(enum.StrEnum):
    """What is missing or odd about an event that is to be published."""

    NO_MODE = "no_mode"
    OVER = "over"
    CLOSES_LATE = "closes_late"
    CLOSED_ALREADY = "closed_already"
    NO_PLACE = "no_place"
    NO_CONTACT = "no_contact"
    ROOM_CLASH = "room_clash"
    SPEAKER_CLASH = "speaker_clash"
    NO_QUESTION = "no_question"
    NO_INVITER = "no_inviter"
    NO_PROGRAMME = "no_programme"
    OUTSIDE = "outside"
    NO_CONSENT = "no_consent"
    NO_LINK = "no_link"
    NO_LEAD = "no_lead"
    NO_CASE_NUMBER = "no_case_number"
    ODD_CASE_NUMBER = "odd_case_number"
    NO_ACHIEVE = "no_achieve"
    NO_ACCESS = "no_access"


SERIOUS = frozenset(
    {
        Odd.NO_MODE, Odd.OVER, Odd.CLOSES_LATE, Odd.CLOSED_ALREADY, Odd.NO_PLACE, Odd.NO_CONTACT,
        Odd.ROOM_CLASH, Odd.SPEAKER_CLASH, Odd.NO_QUESTION, Odd.NO_INVITER,
    }
)  # fmt: skip
IN_PROGRAMME = frozenset(
    {Odd.ROOM_CLASH, Odd.SPEAKER_CLASH, Odd.NO_PROGRAMME, Odd.OUTSIDE, Odd.NO_CONSENT}
)


class Registering(enum.StrEnum):
    """Whether one can register now; derived, never stored."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    OFF = "off"
    INVITED_ONLY = "invited_only"


class Theme(enum.StrEnum):
    """What an event is about."""

    HOUSING = "bostad"
    LABOUR = "arbetsmarknad"
    SCHOOL = "skola"
    HEALTH = "halsa"
    INTEGRATION = "integration"
    CHILDREN = "barn"
    EQUALITY = "jamstalldhet"
    CIVIL_SOCIETY = "civilsamhalle"
    DEMOCRACY = "demokrati"
    SAFETY = "trygghet"
    CLIMATE = "klimat"
    PREPAREDNESS = "beredskap"
    RURAL = "landsbygd"


class Audience(enum.StrEnum):
    """Whom an event is for."""

    MUNICIPALITIES = "kommuner"
    REGIONS = "regioner"
    AGENCIES = "myndigheter"
    CIVIL_SOCIETY = "civilsamhalle"
    BUSINESS = "naringsliv"
    POLITICIANS = "fortroendevalda"
    OFFICIALS = "tjanstepersoner"
    RESEARCHERS = "forskare"
    PUBLIC = "allmanhet"


class Part(enum.StrEnum):
    """What a copy of an event may take along."""

    FACTS = "facts"
    PROGRAMME = "programme"
    SPEAKERS = "speakers"
    QUESTIONS = "questions"


# What the organiser decides about an event; all else is set by the verbs.
COPIED_FACTS = frozenset(
    {
        "assignment_id", "lead", "purpose", "target_group", "in_cooperation_with", "cost",
        "venue_name", "venue_address", "municipality", "county_code", "directions", "step_free",
        "hearing_loop", "lift", "parking", "contact_name", "contact_email", "contact_phone",
        "question", "can_achieve", "inviter_name", "inviter_title", "approval", "waiting_rule",
        "offer_hours", "max_per_organisation", "themes", "audiences",
    }
)  # fmt: skip
FACTS = COPIED_FACTS | {
    "title", "kind", "case_number", "starts", "ends", "online_url", "registration_opens",
    "registration_closes", "registration_paused", "invited_only", "cancel_by", "co_organisers",
}  # fmt: skip
CALENDAR_FACTS = frozenset(
    {"title", "starts", "ends", "venue_name", "venue_address", "municipality", "online_url"}
)
ITEM_FACTS = frozenset(
    {"kind", "starts", "ends", "title", "text", "room", "group", "track", "capacity"}
)
SPEAKER_FACTS = frozenset({"name", "title", "organisation", "text", "email", "consent"})
