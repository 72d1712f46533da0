"""A list as the document `table` of core.pdf, and what is handed out of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core import pdf
from core.clock import now, to_local
from events.models import Event

Node = dict[str, Any]
LANGUAGE = "sv"


@dataclass(frozen=True)
class File:
    """What is handed out."""

    filename: str
    mimetype: str
    body: bytes | str


def table(
    event: Event, *, columns: list[Node], parts: list[Node], wide: bool = False,
    large: bool = False, **texts: Any,
) -> bytes:  # fmt: skip
    """A list as PDF. `texts`: kind, title, lead and notes, as `templates/pdf/table.typ` says."""
    data = {
        "authority": event.authority.name,
        "case_number": event.case_number,
        "date": to_local(now()).date().isoformat(),
        "wide": wide,
        "large": large,
        "columns": columns,
        "parts": parts,
        "words": {"nothing": _("Ingen att visa än.")},
        **texts,
    }
    return pdf.render("table", data, language=LANGUAGE)


def column(words: str, share: int, kind: str = "text") -> Node:
    """A column; `kind` is "text", "number" or "box", `share` its part of the width."""
    return {"words": words, "share": share, "kind": kind}


def part(heading: str, rows: Sequence[Sequence[str]]) -> Node:
    """Rows under a heading, or under none."""
    return {"heading": heading, "rows": rows}


def pdf_file(name: str, body: bytes) -> File:
    """A PDF under that name."""
    return File(name, "application/pdf", body)
