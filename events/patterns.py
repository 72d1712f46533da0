"""Starting patterns: what an event of each sort usually is, so that little is left to write.

The texts are contents of the boards' events, in Swedish whatever language the page has.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from events.rules import ItemKind, Kind, Mode
from events.times import moved, wall

Piece = tuple[ItemKind, int, int, str]  # kind, minutes from the start, length in minutes, title

FREE = "Kostnadsfritt."
FREE_WITH_LUNCH = "Kostnadsfritt. Vi bjuder på fika och lunch."
FREE_WITH_COFFEE = "Kostnadsfritt. Vi bjuder på fika."
PUBLIC_SECTOR = "Tjänstepersoner och förtroendevalda i kommuner, regionen och statliga myndigheter."
LAST_MINUTE = time(23, 59)

CONFERENCE: tuple[Piece, ...] = (
    (ItemKind.REGISTRATION, -30, 30, "Registrering och kaffe"),
    (ItemKind.WELCOME, 0, 20, "Välkommen"),
    (ItemKind.TALK, 20, 40, "Lägesbild"),
    (ItemKind.LOCAL_EXAMPLE, 60, 45, "Lokala exempel"),
    (ItemKind.LUNCH, 150, 60, "Lunch"),
    (ItemKind.GROUP_WORK, 210, 75, "Samtal i grupper"),
    (ItemKind.COFFEE, 285, 30, "Fika"),
    (ItemKind.PANEL, 315, 45, "Panelsamtal"),
    (ItemKind.CLOSING, 360, 30, "Sammanfattning och avslutning"),
)
COUNCIL: tuple[Piece, ...] = (
    (ItemKind.WELCOME, 0, 15, "Inledning och syfte"),
    (ItemKind.STATUS_REPORT, 15, 30, "Lägesbild från myndigheterna"),
    (ItemKind.ROUND, 45, 60, "Runda: organisationernas synpunkter"),
    (ItemKind.DISCUSSION, 105, 40, "Diskussion"),
    (ItemKind.CLOSING, 145, 35, "Sammanfattning och fortsatt arbete"),
)


@dataclass(frozen=True)
class Pattern:
    """What an event of one sort is filled in with. `begins` and `ends` are wall clock."""

    kind: Kind
    about: str
    begins: time
    ends: time
    lead: str
    target_group: str
    purpose: str
    cost: str
    room: int | None
    online: int | None
    modes: tuple[Mode, ...]
    items: tuple[Piece, ...]
    invited_only: bool = False


PATTERNS: dict[Kind, Pattern] = {
    pattern.kind: pattern
    for pattern in (
        Pattern(
            Kind.REGIONAL_CONFERENCE,
            "En heldag för länets kommuner, region och myndigheter.",
            time(9, 30), time(16, 0),
            "%(board)s bjuder in till en regional konferens. Vi delar kunskap, lyfter goda "
            "exempel och samtalar om utmaningar och möjligheter.",
            PUBLIC_SECTOR,
            "Informera på ett sammanhållet sätt, utbyta erfarenheter och dela goda exempel.",
            FREE_WITH_LUNCH, 120, 300, (Mode.ROOM,), CONFERENCE,
        ),
        Pattern(
            Kind.INSPIRATION_CONFERENCE,
            "Föredrag och lokala exempel, öppen för många sektorer.",
            time(9, 30), time(16, 0),
            "%(board)s bjuder in till en inspirationskonferens med lokala exempel och samtal.",
            "Civilsamhällets organisationer, kommuner, regionen och statliga myndigheter.",
            "Inspirera, sprida goda exempel och knyta kontakter mellan organisationer.",
            FREE_WITH_LUNCH, 150, 300, (Mode.ROOM,), CONFERENCE,
        ),
        Pattern(
            Kind.ISSUE_COUNCIL,
            "Ett möte om en fråga, med inbjudna organisationer.",
            time(13, 0), time(16, 0),
            "%(board)s bjuder in till sakråd.",
            "Särskilt inbjudna organisationer.",
            "Få del av civilsamhällets kunskap inför det fortsatta arbetet med frågan.",
            FREE_WITH_COFFEE, 30, None, (Mode.ROOM,), COUNCIL, invited_only=True,
        ),
        Pattern(
            Kind.HIGH_LEVEL_MEETING,
            "Ledningar samlas om en fråga, på inbjudan.",
            time(10, 0), time(12, 0),
            "%(board)s bjuder in ledningarna till ett högnivåmöte.",
            "Ledningarna för inbjudna organisationer och myndigheter.",
            "Stämma av läget och komma överens om hur arbetet fortsätter.",
            FREE, 30, None, (Mode.ROOM,),
            (
                (ItemKind.WELCOME, 0, 10, "Välkommen"),
                (ItemKind.STATUS_REPORT, 10, 35, "Lägesbild"),
                (ItemKind.DISCUSSION, 45, 60, "Samtal"),
                (ItemKind.CLOSING, 105, 15, "Överenskommelser och nästa steg"),
            ),
            invited_only=True,
        ),
        Pattern(
            Kind.DIALOGUE_MEETING,
            "Ett samtal, gärna på kvällen, öppet för den som berörs.",
            time(17, 30), time(20, 0),
            "%(board)s bjuder in till dialogmöte. Kom och berätta hur du ser på frågan.",
            "Alla som berörs av frågan.",
            "Lyssna på erfarenheter och synpunkter och ta dem vidare.",
            "Kostnadsfritt. Vi bjuder på kvällsfika.", 80, 100, (Mode.ROOM,),
            (
                (ItemKind.COFFEE, 0, 20, "Kvällsfika"),
                (ItemKind.WELCOME, 20, 25, "Välkommen och bakgrund"),
                (ItemKind.GROUP_WORK, 45, 60, "Samtal vid borden"),
                (ItemKind.Q_AND_A, 105, 30, "Frågor och svar"),
                (ItemKind.CLOSING, 135, 15, "Så går vi vidare"),
            ),
        ),
        Pattern(
            Kind.TRAINING,
            "En kursdag med begränsat antal platser.",
            time(9, 0), time(16, 0),
            "%(board)s bjuder in till utbildning.",
            PUBLIC_SECTOR,
            "Ge kunskap och verktyg som går att använda direkt i arbetet.",
            FREE_WITH_LUNCH, 40, 100, (Mode.ROOM,),
            (
                (ItemKind.WELCOME, 0, 15, "Välkommen"),
                (ItemKind.TALK, 15, 75, "Första passet"),
                (ItemKind.COFFEE, 90, 20, "Fika"),
                (ItemKind.TALK, 110, 70, "Andra passet"),
                (ItemKind.LUNCH, 180, 60, "Lunch"),
                (ItemKind.GROUP_WORK, 240, 90, "Övningar"),
                (ItemKind.Q_AND_A, 345, 45, "Frågor"),
                (ItemKind.CLOSING, 390, 30, "Sammanfattning"),
            ),
        ),
        Pattern(
            Kind.WEBINAR,
            "En till två timmar på nätet.",
            time(10, 0), time(11, 30),
            "%(board)s bjuder in till ett webbinarium.",
            PUBLIC_SECTOR,
            "Informera och svara på frågor.",
            FREE, 100, 500, (Mode.ONLINE,),
            (
                (ItemKind.WELCOME, 0, 5, "Välkommen"),
                (ItemKind.TALK, 5, 55, "Genomgång"),
                (ItemKind.Q_AND_A, 60, 25, "Frågor och svar"),
                (ItemKind.CLOSING, 85, 5, "Avslutning"),
            ),
        ),
    )
}  # fmt: skip


def last_days(starts: datetime, now: datetime) -> dict[str, datetime]:
    """When registration closes (two weeks before) and the last day to cancel (one week before).

    Both at 23.59; where that has been, the evening before, or else the start itself.
    """
    found = {}
    for name, days in (("registration_closes", 14), ("cancel_by", 7)):
        tries = [_evening(starts, days), _evening(starts, 1), starts]
        found[name] = next((one for one in tries if one > now), starts)
    return found


def facts_of(pattern: Pattern, *, board: str, starts: datetime, now: datetime) -> dict[str, Any]:
    """What the pattern fills in for an event of `board` (its name) that starts at `starts`."""
    return {
        "lead": pattern.lead % {"board": board},
        "target_group": pattern.target_group,
        "purpose": pattern.purpose,
        "cost": pattern.cost,
        "invited_only": pattern.invited_only,
    } | last_days(starts, now)


def items_of(pattern: Pattern, starts: datetime, ends: datetime) -> list[dict[str, Any]]:
    """The starter programme as facts of items; what would not fit before the end is left out."""
    items = []
    for kind, offset, length, title in pattern.items:
        begins = moved(starts, timedelta(minutes=offset))
        stops = moved(begins, timedelta(minutes=length))
        if stops <= ends:
            items.append({"kind": kind, "starts": begins, "ends": stops, "title": title})
    return items


def _evening(starts: datetime, days: int) -> datetime:
    day = wall(starts)
    last = datetime.combine(day.date() - timedelta(days=days), LAST_MINUTE)
    return moved(starts, last - day)
