"""Names of people in pasted text: "Karin Ek, enhetschef, Boverket och Åsa Öberg (moderator)"."""

import re
from dataclasses import dataclass

from events.rules import SpeakerRole

_CAPITAL = "A-ZÅÄÖÉÜØÆČŠŽĐŁ"
_WORD = rf"[{_CAPITAL}][\w’'.-]*"
_PARTICLE = r"(?:von|af|de|van|der|la|el|al|bin)"
_NAME = re.compile(rf"{_WORD}(?: {_PARTICLE})*(?: {_WORD}){{1,3}}")
_ORGANISATION = re.compile(
    r"kommun|region|länsstyrelse|landsting|verket|verk\b|myndighet|förbund|förening|departement"
    r"|komvux|gymnasi|skolan?\b|bibliotek|museum|förvaltning|församling|pastorat"
    r"|universitet|högskol|institut|stiftelse|nämnd|rådet\b|stad\b|nätverk|kansli|bolag"
    r"|\b(?:AB|SKR|SKL|IVO|MUCF|MCF|MSB|NOD|Röda|Rädda|Svenska|Sveriges|Statens|Hela)\b",
    re.IGNORECASE,
)
_ROLES = {
    "moderator": SpeakerRole.MODERATOR, "moderatorer": SpeakerRole.MODERATOR,
    "samtalsledare": SpeakerRole.MODERATOR, "panel": SpeakerRole.PANELLIST,
    "panelister": SpeakerRole.PANELLIST, "panelist": SpeakerRole.PANELLIST,
    "i panelen": SpeakerRole.PANELLIST, "värd": SpeakerRole.HOST, "värdar": SpeakerRole.HOST,
    "medverkande": SpeakerRole.SPEAKER, "talare": SpeakerRole.SPEAKER,
    "föreläsare": SpeakerRole.SPEAKER, "med": SpeakerRole.SPEAKER,
}  # fmt: skip
_LED = re.compile(rf"({'|'.join(_ROLES)})(\s*:\s*|\s+)", re.IGNORECASE)
MOST = 20  # people in one item


@dataclass(frozen=True)
class ReadPerson:
    """Somebody as the text tells of them."""

    name: str
    title: str = ""
    organisation: str = ""
    role: SpeakerRole = SpeakerRole.SPEAKER


def people(text: str) -> list[ReadPerson]:
    """Those whom `text` names, if it does nothing but name people; else nobody."""
    role = SpeakerRole.SPEAKER
    found: list[ReadPerson] = []
    for part in re.split(r"\s*;\s*", text.strip().rstrip(".;,")):
        told = part
        if match := _LED.match(part):
            role, told = _ROLES[match[1].lower()], part[match.end() :]
        for chunk in _chunks(told):
            some = _persons(chunk, role)
            if not some:
                return []
            found += some
    return found[:MOST]


def _chunks(part: str) -> list[str]:
    """The text cut where a new person begins: at "och", "samt" and "&" before a name."""
    pieces = re.split(r"(,?\s+(?:och|samt|&)\s+)", part)
    chunks = [pieces[0]]
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if _name_of(piece.split(",")[0]):
            chunks.append(piece)
        else:
            chunks[-1] += joint + piece
    return [chunk.strip() for chunk in chunks if chunk.strip()]


def _persons(chunk: str, role: SpeakerRole) -> list[ReadPerson]:
    found: list[tuple[str, SpeakerRole, list[str]]] = []
    parts = re.split(r"\s*,\s*", chunk)
    for place, part in enumerate(parts):
        named = None if found and _is_employer(found[-1][2], parts[place:]) else _name_of(part)
        if named:
            name, rest = named
            own = _ROLES.get(rest.lower())
            found.append((name, own or role, [] if own or not rest else [rest]))
        elif found and part:
            told, own = _without_role(part)
            name, before, more = found[-1]
            found[-1] = (name, own or before, [*more, told] if told else more)
        else:
            return []
    return [_person(*one) for one in found]


def _is_employer(told: list[str], following: list[str]) -> bool:
    """Whether what looks like a name is rather where somebody works: it follows a title, and no
    title of its own follows it ("Emina Begić, rektor, Komvux Värnamo").
    """
    has_title = len(told) == 1 and told[0][:1].islower()
    return has_title and not (len(following) > 1 and following[1][:1].islower())


def _without_role(part: str) -> tuple[str, SpeakerRole | None]:
    """What is told, and the role if it is one or ends with one in parentheses."""
    if own := _ROLES.get(part.lower()):
        return "", own
    match = re.fullmatch(r"(.+?)\s*\(([\w ]+)\)", part)
    if match and (own := _ROLES.get(match[2].lower())):
        return match[1], own
    return part, None


def _name_of(part: str) -> tuple[str, str] | None:
    """The name a part begins with, and what else it says ("från Boverket", "(moderator)")."""
    part = part.strip()
    whole = re.fullmatch(r"(.+?)(?:\s+från\s+(.+)|\s*\((.+)\))?", part)
    if not whole:
        return None
    name, rest = whole[1].strip(), (whole[2] or whole[3] or "").strip()
    if not _NAME.fullmatch(name) or _ORGANISATION.search(name):
        return None
    return name, rest


def _person(name: str, role: SpeakerRole, told: list[str]) -> ReadPerson:
    told = [re.sub(r"^från\s+", "", part).strip() for part in told]
    if not told:
        return ReadPerson(name, role=role)
    if len(told) == 1 and not _ORGANISATION.search(told[0]) and told[0][:1].islower():
        return ReadPerson(name, told[0], role=role)
    return ReadPerson(name, ", ".join(told[:-1]), told[-1], role)
