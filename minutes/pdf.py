"""The document as a PDF: from data to what `templates/pdf/minutes.typ` takes. Always in Swedish."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from core import pdf
from core.db import refuse_while_writing
from core.i18n import day_short, span, speaking
from minutes.rules import Part
from minutes.sentences import adopted, adopted_on, held, organisations, readable, summary


def typeset(content: dict[str, Any], *, draft_of: date | None = None) -> bytes:
    """The PDF of `content` (`queries.stamped`, or with `draft_of` a draft of that day).

    Same content, same bytes. Takes tenths of a second: never inside a write transaction.
    Raises `core.pdf.PdfError`.
    """
    refuse_while_writing("PDF")
    with speaking("sv"):
        return pdf.render("minutes", _data(content, draft_of))


def _data(content: dict[str, Any], draft_of: date | None) -> dict[str, Any]:
    texts = {part["part"]: part["body"] for part in content["parts"]}
    people = content["participants"]
    return {
        "authority": content["authority"],
        "title": content["title"],
        "kind": f"{content['form']} · {content['kind']}",
        "case_number": content["case_number"],
        "date": (draft_of or adopted_on(content)).isoformat(),
        "date_text": span(*held(content)),
        "place": content["place"],
        "chair": content["chair"],
        "note_taker": content["note_taker"],
        "state_text": _state_text(content, draft_of),
        "introduction": pdf.blocks(texts[Part.INTRODUCTION]),
        "participants": {
            "registered": people["registered"],
            "came": people["came"],
            "by_sector": people["by_sector"],
            "summary": summary(people),
            "note": _organisations(people) + pdf.blocks(texts[Part.PARTICIPANTS]),
        },
        "sections": [
            {
                "heading": part["heading"],
                "speakers": part["speakers"],
                "time": "",
                "body": pdf.blocks(part["body"]),
            }
            for part in readable(content)
            if part["part"] == Part.ITEM
        ],
        "conclusions": pdf.blocks(texts[Part.CONCLUSIONS]),
        "closing": pdf.blocks(texts[Part.CLOSING]),
        "addenda": [],
        "words": _words(content),
    }


def _organisations(people: dict[str, Any]) -> list[pdf.Node]:
    """The organisations as blocks: names are text, not Markdown."""
    blocks: list[pdf.Node] = []
    for words, names in organisations(people):
        items = [[_paragraph({"type": "text", "text": name}, tight=True)] for name in names]
        head = {"type": "strong", "inlines": [{"type": "text", "text": words}]}
        blocks += [
            _paragraph(head),
            {"type": "list", "ordered": False, "start": 1, "items": items},
        ]
    return blocks


def _paragraph(inline: pdf.Node, *, tight: bool = False) -> pdf.Node:
    return {"type": "paragraph", "tight": tight, "inlines": [inline]}


def _state_text(content: dict[str, Any], draft_of: date | None) -> str:
    if draft_of:
        return _("Utkast %(day)s. Inte fastställt.", day=day_short(draft_of))
    return adopted(content)


def _words(content: dict[str, Any]) -> dict[str, str]:
    headings = {part["part"]: part["heading"] for part in content["parts"]}
    both = _("Anmälda och de som kom, efter sektor")
    return {
        "date": _("Datum"),
        "place": _("Plats"),
        "case_number": _("Diarienummer"),
        "chair": _("Ordförande"),
        "note_taker": _("Vid anteckningarna"),
        "introduction": headings[Part.INTRODUCTION],
        "participants": headings[Part.PARTICIPANTS],
        "sector": _("Sektor"),
        "registered": _("Anmälda"),
        "came": _("Kom"),
        "total": _("Alla"),
        "table": _("Tabell"),
        "table_caption": both if content["participants"]["came"] else _("Anmälda efter sektor"),
        "figure": _("Figur"),
        "figure_caption": both,
        "conclusions": headings[Part.CONCLUSIONS],
        "closing": headings[Part.CLOSING],
        "addenda": _("Tillägg"),
        "checksum": "",
    }
