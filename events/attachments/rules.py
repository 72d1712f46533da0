"""What may be attached, who sees it, and what the law asks before everybody may.

Public documents must be accessible, or it must be said why they are not (lag 2018:1937 om
tillgänglighet till digital offentlig service, 9-13 §§).
"""

import enum
import re

MOST_BYTES = 25 * 1024 * 1024
MOST_FILES = 100  # at one event
MOST_OF_EVENT = 500 * 1024 * 1024  # bytes
MOST_AN_HOUR = 120  # files that one person sends
NAME_LENGTH = 100  # characters of a file's name, with its ending


class Visibility(enum.StrEnum):
    """Who may fetch it."""

    PUBLIC = "public"
    REGISTERED = "registered"
    STAFF = "staff"


class FileKind(enum.StrEnum):
    """What it is, by its content."""

    PDF = "pdf"
    PPTX = "pptx"
    DOCX = "docx"
    ODT = "odt"
    ODP = "odp"
    JPEG = "jpg"
    PNG = "png"


class Access(enum.StrEnum):
    """How a document stands to those who cannot read it as it is."""

    UNKNOWN = "unknown"
    ACCESSIBLE = "accessible"
    ELSEWHERE = "elsewhere"
    EXEMPT = "exempt"


IMAGES = frozenset({FileKind.JPEG, FileKind.PNG})
MIMETYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODP: "application/vnd.oasis.opendocument.presentation",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}


class Lacking(enum.StrEnum):
    """What must be said before everybody may see it."""

    ALTERNATIVE = "alternative"
    ACCESS = "access"
    ADDRESS = "address"
    REASON = "reason"


def lacking(
    kind: FileKind, *, alternative: str, access: Access, address: str, reason: str
) -> Lacking | None:
    """What stands in the way of showing it to everybody, if anything."""
    if kind in IMAGES:
        return None if alternative else Lacking.ALTERNATIVE
    if access is Access.UNKNOWN:
        return Lacking.ACCESS
    if access is Access.ELSEWHERE and not address:
        return Lacking.ADDRESS
    if access is Access.EXEMPT and not reason:
        return Lacking.REASON
    return None


def file_name(cleaned: str, kind: FileKind) -> str:
    """What the file is called when it is saved: the last part of its name, with a true ending.

    `cleaned` is one line without control characters and direction marks.
    """
    last = re.split(r"[/\\]", cleaned)[-1]
    stem = re.sub(r'[<>:"|?*]', "", re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last)).strip(". ")
    return f"{stem[: NAME_LENGTH - 5].strip() or 'fil'}.{kind.value}"
