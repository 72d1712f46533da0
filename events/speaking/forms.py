"""What speakers, and those who write for them, fill in."""

from collections.abc import Mapping
from datetime import date
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from core.clock import today
from core.errors import Refusal
from core.forms import Day, Form, Line, Prose, Radio, Several, Version, Yes
from events.models import Speaker
from events.speaking.models import Engagement
from events.speaking.rules import Answer, Consent, Need
from events.speaking.words import ANSWER, CONSENT, CONSENT_MEANS, NEED

UNTIL = _l("Till och med")


class ReplyForm(Form):
    """Whether the speaker comes."""

    version = Version()
    answer = Radio(
        _l("Kan du medverka?"), required=_l("Välj ja eller nej."),
        choices=[(Answer.YES.value, _l("Ja, jag kommer")), (Answer.NO.value, _l("Nej, tyvärr"))],
    )  # fmt: skip
    message = Prose(_l("Något du vill säga till arrangören?"), length=2000)

    def __init__(self, engagement: Engagement) -> None:
        answer = "" if engagement.answer is Answer.NONE else engagement.answer.value
        super().__init__(
            data={"version": engagement.version, "answer": answer, "message": engagement.message}
        )


class RoomForm(Form):
    """What the room must have."""

    needs = Several(
        _l("Vad behöver du?"), choices=[(need.value, words) for need, words in NEED.items()]
    )
    other = Prose(
        _l("Något annat?"), length=1000,
        description=_l("Till exempel bord att visa saker på, eller en sladd till just din dator."),
    )  # fmt: skip

    def __init__(self, needs: tuple[str, ...], other: str) -> None:
        super().__init__(data={"needs": list(needs), "other": other})

    def wanted(self) -> list[Need]:
        """What was ticked."""
        return [Need(value) for value in self.needs.data or []]


class AboutForm(Form):
    """How the speaker is presented."""

    version = Version()
    title = Line(_l("Titel"), description=_l("Till exempel kulturchef."))
    organisation = Line(_l("Organisation"))
    text = Prose(_l("Om dig"), length=2000, description=_l("Två eller tre meningar räcker."))
    photo = FileField(
        _l("Foto"), description=_l("JPEG, PNG eller WebP, högst 8 MB. Vi förminskar det.")
    )

    def __init__(self, speaker: Speaker) -> None:
        names = ("version", "title", "organisation", "text")
        super().__init__(data={name: getattr(speaker, name) for name in names})

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return {name: self[name].data for name in ("title", "organisation", "text")}


class SlidesForm(Form):
    """One presentation."""

    title = Line(_l("Vad den ska heta"), description=_l("Tomt: som filen."))
    file = FileField(_l("Fil"), description=_l("PDF, PPTX eller ODP, högst 25 MB."))

    def __init__(self) -> None:
        super().__init__()
        self.file.flags.required = True

    def sent(self) -> tuple[IO[bytes], str]:
        """The file that was chosen and its name. Raises `Refusal` where none was."""
        file = self.file.data
        if not isinstance(file, FileStorage) or not file.filename:
            raise Refusal(_("Välj en fil."), "file")
        return file.stream, file.filename


class ConsentForm(Form):
    """What may be shown, each thing by itself and with a last day."""

    name_ok = Yes(CONSENT[Consent.NAME], description=CONSENT_MEANS[Consent.NAME])
    name_until = Day(UNTIL)
    photo_ok = Yes(CONSENT[Consent.PHOTO], description=CONSENT_MEANS[Consent.PHOTO])
    photo_until = Day(UNTIL)
    recording_ok = Yes(CONSENT[Consent.RECORDING], description=CONSENT_MEANS[Consent.RECORDING])
    recording_until = Day(UNTIL)
    slides_ok = Yes(CONSENT[Consent.SLIDES], description=CONSENT_MEANS[Consent.SLIDES])
    slides_until = Day(UNTIL)

    def __init__(self, speaker: Speaker | None, suggested: date | None = None, **data: Any) -> None:
        super().__init__(data=_consents(speaker, suggested) | data)
        self.open_ended = suggested is None
        for _what, _ok, until in self.pairs():
            until.flags.required = not self.open_ended

    def pairs(self) -> list[tuple[Consent, Any, Any]]:
        """Each consent with its box and its last day."""
        return [(what, self[f"{what}_ok"], self[f"{what}_until"]) for what in Consent]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """A consent that is given needs a last day that has not been."""
        right = bool(super().validate(*args, **kwargs))
        for _what, ok, until in self.pairs():
            sentence = self._wrong(until.data) if ok.data and not until.errors else ""
            if sentence:
                until.errors = [*until.errors, sentence]
                right = False
        return right

    def _wrong(self, until: date | None) -> str:
        if until is None:
            return "" if self.open_ended else _("Skriv till och med vilken dag det gäller.")
        return "" if until >= today() else _("Välj en dag som inte har varit.")

    def wanted(self) -> Mapping[Consent, date | None]:
        """What was said yes to, and until when."""
        return {what: until.data for what, ok, until in self.pairs() if ok.data}


class TypedForm(Form):
    """What a speaker has said by telephone, typed in by the organiser."""

    version = Version()
    answer = Radio(
        _l("Svar"), required=_l("Välj vad personen har svarat."),
        choices=[(answer.value, words) for answer, words in ANSWER.items()],
    )  # fmt: skip
    message = Prose(_l("Meddelande"), length=2000)
    needs = Several(
        _l("Behöver i rummet"), choices=[(need.value, words) for need, words in NEED.items()]
    )
    other = Prose(_l("Något annat i rummet"), length=1000)

    def __init__(self, engagement: Engagement, needs: tuple[str, ...], other: str) -> None:
        super().__init__(
            data={
                "version": engagement.version, "answer": engagement.answer.value,
                "message": engagement.message, "needs": list(needs), "other": other,
            }
        )  # fmt: skip

    def wanted(self) -> list[Need]:
        """What was ticked."""
        return [Need(value) for value in self.needs.data or []]


def sent_file(field: Any) -> bytes | None:
    """The file that was sent, if any; its name is not used for anything."""
    file = field.data
    body = file.read() if isinstance(file, FileStorage) else b""
    return body or None


def _consents(speaker: Speaker | None, suggested: date | None) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for what in Consent:
        holds = speaker is not None and speaker.shows(what)
        data[f"{what}_ok"] = holds
        until = speaker.until(what) if speaker and holds else None
        data[f"{what}_until"] = until or suggested
    return data
