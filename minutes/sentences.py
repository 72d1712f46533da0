"""What a document says about itself, in the language of the reader."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core.clock import to_local
from core.i18n import day_short
from minutes.rules import Part
from registrations.rules import Answer


def summary(people: dict[str, Any]) -> str:
    """How many registered and came, and from how many municipalities, in words.

    Where nobody was checked in, nothing is said of who came: that none did is not known.
    """
    if not people["registered"] and not people["came"]:
        return ""
    text: str = ngettext(
        "%(num)s person var anmäld", "%(num)s personer var anmälda", people["registered"]
    )
    if people["came"]:
        came = _("%(n)s kom", n=people["came"])
        text = _("%(registered)s, och %(came)s.", registered=text, came=came)
    else:
        text += "."
    if people["municipalities"]:
        text += " " + ngettext(
            "De anmälda kom från %(num)s kommun.",
            "De anmälda kom från %(num)s kommuner.",
            people["municipalities"],
        )
    return text


def organisations(people: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The invited organisations of a sakråd by what became of it: (words, names), none empty."""
    kinds: dict[str, list[str]] = {"came": [], "declined": [], "absent": []}
    for row in people["organisations"]:
        declined = row["answer"] == Answer.DECLINED
        kinds["came" if row["came"] else "declined" if declined else "absent"].append(row["name"])
    words = {
        "came": _("Inbjudna organisationer som kom"),
        "declined": _("Tackade nej"),
        "absent": _("Inbjudna som inte kom") if people["came"] else _("Inbjudna"),
    }
    return [(words[kind], names) for kind, names in kinds.items() if names]


def held(content: dict[str, Any]) -> tuple[datetime, datetime]:
    """When the occasion began and ended."""
    return datetime.fromisoformat(content["starts"]), datetime.fromisoformat(content["ends"])


def readable(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts that somebody has something to read in: a heading alone says nothing."""
    people = content["participants"]
    counted = people["registered"] or people["came"] or people["organisations"]
    return [
        part
        for part in content["parts"]
        if part["body"].strip() or (part["part"] == Part.PARTICIPANTS and counted)
    ]


def adopted_on(content: dict[str, Any]) -> date:
    """The day the document was published, in Stockholm."""
    return to_local(datetime.fromisoformat(content["published"])).date()


def adopted(content: dict[str, Any]) -> str:
    """On which day the document was adopted, and by whom."""
    day = day_short(adopted_on(content))
    if content["published_by"]:
        name = content["published_by"]
        return _("Dokumentet fastställdes %(day)s av %(name)s.", day=day, name=name)
    return _("Dokumentet fastställdes %(day)s.", day=day)
