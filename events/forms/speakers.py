"""The register of speakers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField

from accounts.models import Authority
from core.forms import Choice, Email, Line, Prose, Version
from events.models import Speaker
from events.speaking.forms import ConsentForm, sent_file

FACTS = ("name", "title", "organisation", "text", "email")


class SpeakerForm(ConsentForm):
    """Who it is, what may be shown of them, and their photo."""

    version = Version()
    authority = Choice(_l("Myndighet"), required=_l("Välj vilken myndighets register."))
    name = Line(_l("Namn"), required=_l("Skriv namnet."))
    title = Line(_l("Titel"), description=_l("Till exempel kulturchef."))
    organisation = Line(_l("Organisation"))
    text = Prose(_l("Kort om personen"), length=2000)
    email = Email(
        _l("E-post"), length=320,
        description=_l("Visas aldrig på webben. Hit går inbjudan att medverka."),
    )  # fmt: skip
    photo = FileField(
        _l("Foto"), description=_l("JPEG, PNG eller WebP, högst 8 MB. Vi förminskar det.")
    )

    def __init__(self, speaker: Speaker | None, authorities: list[Authority]) -> None:
        names = (*FACTS, "version")
        data = {name: getattr(speaker, name) for name in names} if speaker else {}
        super().__init__(speaker, **data)
        self.authority.choices = [(one.slug, one.name) for one in authorities]
        if speaker or len(authorities) == 1:
            del self["authority"]

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return {name: self[name].data for name in FACTS}

    def sent_photo(self) -> bytes | None:
        """The file that was sent, if any."""
        return sent_file(self.photo)
