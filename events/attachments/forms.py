"""A file and what is said about it."""

from typing import IO, Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from core.errors import Refusal
from core.forms import Choice, Form, Line, Prose, Radio, Version, Web
from events.attachments.models import Attachment
from events.attachments.rules import Access, Visibility
from events.attachments.services import Facts
from events.attachments.words import ACCESS, VISIBILITY


class AttachmentForm(Form):
    """One file: a new one, or another in the place of one."""

    version = Version()
    file = FileField(
        _l("Fil"),
        description=_l("PDF, PPTX, DOCX, ODT, ODP eller en bild (JPEG, PNG, WebP), högst 25 MB."),
    )
    title = Line(_l("Vad den ska heta"), description=_l("Tomt: som filen."))
    item = Choice(_l("Hör till"), blank=_l("hela evenemanget"), whole=True)
    visibility = Radio(
        _l("Vem får hämta den?"),
        choices=[(one.value, words) for one, words in VISIBILITY.items()],
        default=Visibility.STAFF.value,
    )
    alternative = Prose(
        _l("Vad bilden visar"),
        length=2000,
        description=_l("Behövs för bilder. Läses upp för den som inte ser."),
    )
    access = Radio(
        _l("Kan alla läsa filen?"),
        description=_l(
            "Behövs för dokument (lagen om tillgänglighet till digital offentlig service). "
            "Tillgänglig är till exempel en PDF med rubriker, taggar och bildbeskrivningar."
        ),
        choices=[(one.value, words) for one, words in ACCESS.items()],
        default=Access.UNKNOWN.value,
    )
    access_url = Web(_l("Adress till den tillgängliga versionen"), length=600)
    access_reason = Prose(
        _l("Skäl"),
        length=2000,
        description=_l(
            "Till exempel: ”Någon annans presentation, som vi inte kan göra om. "
            "Ring oss så berättar vi vad som står i den.”"
        ),
    )

    def __init__(
        self, attachment: Attachment | None, items: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        data: dict[str, Any] = {}
        if attachment:
            data = {
                name: getattr(attachment, name)
                for name in ("version", "title", "alternative", "access_url", "access_reason")
            }
            data |= {
                "item": str(attachment.item_id or ""),
                "visibility": attachment.visibility.value,
                "access": attachment.access.value,
            }
        super().__init__(data=data, **kwargs)
        self.item.choices = items
        self.file.flags.required = attachment is None

    def sent(self) -> tuple[IO[bytes], str] | None:
        """The file that was chosen and its name; None where none was."""
        file = self.file.data
        if not isinstance(file, FileStorage) or not file.filename:
            return None
        return file.stream, file.filename

    def must_be_sent(self) -> tuple[IO[bytes], str]:
        """The file that was chosen. Raises `Refusal` where none was."""
        sent = self.sent()
        if sent is None:
            raise Refusal(str(_l("Välj en fil.")), "file")
        return sent

    def facts(self) -> Facts:
        """What was said."""
        return Facts(
            title=self.title.data or "",
            visibility=Visibility(self.visibility.data or Visibility.STAFF),
            item_id=int(self.item.data) if self.item.data else None,
            alternative=self.alternative.data or "",
            access=Access(self.access.data or Access.UNKNOWN),
            access_url=self.access_url.data or "",
            access_reason=self.access_reason.data or "",
        )
