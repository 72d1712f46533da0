"""What a file is, by its content and never by its name; nothing is unpacked to find out.

Documents are kept byte for byte: they are only ever handed over to be saved. Pictures are made
anew, without metadata.
"""

import io
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from core.db import refuse_while_writing
from core.errors import Refusal
from events.attachments.rules import MOST_BYTES, FileKind
from events.photos import FORMATS, MOST_PIXELS, upright

SIDE = 2400  # pixels
MOST_PARTS = 5000  # in one document
MOST_DIRECTORY = 1024 * 1024  # bytes of its table of contents
MOST_UNPACKED = 300 * 1024 * 1024  # bytes
MOST_TIMES = 200  # times larger unpacked
TYPES = "[Content_Types].xml"
END = 22  # bytes of a ZIP's last record
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError,
    RuntimeError, struct.error,
)  # fmt: skip
MAIN = {
    FileKind.DOCX: (
        "word/document.xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    FileKind.PPTX: (
        "ppt/presentation.xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": FileKind.ODT,
    b"application/vnd.oasis.opendocument.presentation": FileKind.ODP,
}


@dataclass(frozen=True)
class Ready:
    """A file that may be kept."""

    kind: FileKind
    body: IO[bytes]
    size: int  # bytes


def look(sent: IO[bytes]) -> Ready:
    """What `sent` is, ready to be kept. Raises `Refusal` (field "file") for what may not be."""
    refuse_while_writing("a file")
    size = sent.seek(0, io.SEEK_END)
    if size == 0:
        raise _refused(_("Filen är tom. Välj en annan."))
    if size > MOST_BYTES:
        raise _refused(_("Filen är större än 25 MB. Förminska bilderna i den eller dela upp den."))
    sent.seek(0)
    head = sent.read(16)
    if head.startswith(b"%PDF-"):
        _check_pdf(sent, size)
        return _as_it_is(FileKind.PDF, sent, size)
    if head.startswith(b"PK\x03\x04"):
        return _as_it_is(_document(sent, size), sent, size)
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(sent)
    raise _unknown()


def _as_it_is(kind: FileKind, sent: IO[bytes], size: int) -> Ready:
    sent.seek(0)
    return Ready(kind, sent, size)


def _check_pdf(sent: IO[bytes], size: int) -> None:
    sent.seek(max(0, size - 4096))
    if b"%%EOF" not in sent.read():
        raise _refused(_("PDF-filen är inte hel. Spara den på nytt och försök igen."))


def _document(sent: IO[bytes], size: int) -> FileKind:
    try:
        _check_directory(sent, size)
        with zipfile.ZipFile(sent) as parts:
            _check_parts(parts.infolist(), size)
            return _kind(parts)
    except UNREADABLE:
        raise _refused(_("Filen går inte att läsa. Spara den på nytt och försök igen.")) from None


def _check_directory(sent: IO[bytes], size: int) -> None:
    """The table of contents must be small before anything reads it whole."""
    sent.seek(max(0, size - END - 20))
    tail = sent.read()
    if b"PK\x06\x07" in tail[:20] or tail[-END : -END + 4] != b"PK\x05\x06":
        raise zipfile.BadZipFile
    count, length = struct.unpack("<HL", tail[-END + 10 : -END + 16])
    if count > MOST_PARTS or length > MOST_DIRECTORY:
        raise _bomb()


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or sum(part.compress_size for part in parts) > size:
        raise zipfile.BadZipFile
    unpacked = sum(part.file_size for part in parts)
    if unpacked > min(MOST_UNPACKED, MOST_TIMES * size):
        raise _bomb()
    if any(part.flag_bits & 1 for part in parts):
        raise _refused(_("Filen är låst med lösenord. Ta bort lösenordet och försök igen."))
    for name in names:
        low = name.casefold()
        if "vbaproject" in low or "/activex/" in low or low.startswith(("basic/", "scripts/")):
            raise _macros()


def _kind(parts: zipfile.ZipFile) -> FileKind:
    names = {part.filename for part in parts.infolist()}
    if TYPES in names:
        types = _read(parts, TYPES)
        if b"macroenabled" in types.lower():
            raise _macros()
        for kind, (part, declared) in MAIN.items():
            if part in names and declared in types:
                return kind
    elif parts.infolist() and parts.infolist()[0].filename == "mimetype":
        found = OPEN_DOCUMENT.get(_read(parts, "mimetype"))
        if found and "content.xml" in names:
            return found
    raise _unknown()


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        return part.read(MOST_DIRECTORY)


def _picture(sent: IO[bytes]) -> Ready:
    sent.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs; we refuse them by header
            with Image.open(sent, formats=FORMATS) as image:
                return _made_anew(image)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise _refused(_("Bilden går inte att läsa. Spara om den och försök igen.")) from None


def _made_anew(image: Image.Image) -> Ready:
    if image.size[0] * image.size[1] > MOST_PIXELS:
        raise _too_many_pixels()
    drawn = image.format == "PNG" or "A" in image.getbands()
    image.draft("RGB", (SIDE, SIDE))
    image.load()
    image.thumbnail((SIDE, SIDE))  # before it is turned: two large ones take twice the memory
    turned = upright(image)
    seen = turned.convert("RGBA" if drawn else "RGB")
    canvas = Image.new(seen.mode, seen.size)
    canvas.paste(seen)
    out = io.BytesIO()
    kind = FileKind.PNG if drawn else FileKind.JPEG
    canvas.save(out, "PNG" if drawn else "JPEG", quality=88, optimize=True)
    return _as_it_is(kind, out, out.tell())


def _refused(sentence: str) -> Refusal:
    return Refusal(sentence, "file")


def _unknown() -> Refusal:
    return _refused(
        _(
            "Välj en PDF, en presentation (PPTX, ODP), ett dokument (DOCX, ODT) eller en bild "
            "(JPEG, PNG, WebP). Gamla format behöver sparas om i ett av dem."
        )
    )


def _bomb() -> Refusal:
    return _refused(_("Filen blir för stor när den packas upp. Spara den som PDF i stället."))


def _macros() -> Refusal:
    return _refused(
        _("Filen innehåller makron (små program). Spara den utan makron, eller som PDF.")
    )


def _too_many_pixels() -> Refusal:
    return _refused(_("Bilden har fler än 40 miljoner bildpunkter. Förminska den och försök igen."))
