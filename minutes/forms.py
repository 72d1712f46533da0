"""Forms of minutes: clean and check, never save."""

import wtforms
from flask_babel import lazy_gettext as _l

from core.forms import Form, Line, Number, Prose
from minutes.rules import ADDENDUM_LENGTH

VERSION_MISSING = _l("Ladda om sidan och försök igen: formuläret saknar sitt nummer.")


class HeadForm(Form):
    """What stands above the texts."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)
    case_number = Line(_l("Diarienummer"), length=80, description=_l("Till exempel 851-1234-2026."))
    place = Line(_l("Plats"), length=300)
    chair = Line(
        _l("Ordförande"), length=300, description=_l("Namn och titel på den som ledde mötet.")
    )
    note_taker = Line(_l("Vid anteckningarna"), length=300)


class BodyForm(Form):
    """The text of a part that stands in all minutes."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)
    body = Prose(_l("Text"))


class NewSectionForm(Form):
    """A section that the programme does not have."""

    heading = Line(
        _l("Rubrik"), length=300, required=_l("Skriv en rubrik, till exempel Fortsatt arbete")
    )
    speakers = Line(
        _l("Medverkande"),
        length=1000,
        description=_l("Namn, titel, organisation; nästa namn, titel, organisation"),
    )
    body = Prose(_l("Text"))


class SectionForm(NewSectionForm):
    """A section about a programme item, or one that was added."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)


class RemoveForm(Form):
    """Yes, remove the section as it stood when the question was asked."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)


class PublishForm(Form):
    """Yes, freeze the document that was shown; `seen` is its digest."""

    seen = wtforms.HiddenField()


class AddendumForm(Form):
    """A dated addition to published minutes."""

    body = Prose(
        _l("Tillägg"),
        length=ADDENDUM_LENGTH,
        required=_l("Skriv vad som ska läggas till"),
        description=_l("Till exempel en rättelse, eller vad som har hänt sedan dess."),
    )
