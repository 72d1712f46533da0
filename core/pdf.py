"""The one place that knows PDF: Markdown to a tree, and data to a finished document.

The templates (`templates/pdf/*.typ`) are programs, so what people wrote never becomes part
of one: it travels as JSON and is laid out as strings.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

Node = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent / "templates" / "pdf"
LANGUAGES = ("sv", "en")
UNDATED = date(1970, 1, 1)
DEEPEST = 5
LONGEST_ADDRESS = 2000
ROUNDS = 4

# What lies deeper than maxNesting is dropped without a word; nobody writes a hundred levels.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable("table")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f\ud800-\udfff]"
)
_JOINERS = re.compile(r"[\u200b-\u200d\ufe00-\ufe0f]")
_RARE = re.compile(r"[^\t\n -\u024f\u0370-\u04ff\u1e00-\u1eff\u2010-\u205e\u20ac\u2212]")
_REFUSED = re.compile(r'(?:the text|contains the codepoint) `"((?:[^"\\]|\\.)+)"`')
_RUST_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


class PdfError(Exception):
    """No document came of it. The message says why, in one sentence."""


def render(template: str, data: Mapping[str, Any], *, language: str = "sv") -> bytes:
    """Typeset `templates/pdf/<template>.typ` with `data` as PDF/A-2a and PDF/UA-1.

    The same data gives the same bytes: the document is dated `data["date"]` (ISO), or
    1970-01-01 where there is none, as PDF/A demands a date. Characters that no font here can
    show come out as their number, e.g. [U+1F600]. Raises PdfError.
    """
    document: bytes = _typeset(
        template, data, language, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=0
    )
    return document


def picture(
    template: str, data: Mapping[str, Any], *, language: str = "sv", per_inch: int = 96
) -> bytes:
    """The first page of what `render` makes of the same data, as PNG with `per_inch` dots."""
    pages: bytes | list[bytes] = _typeset(template, data, language, format="png", ppi=per_inch)
    return pages[0] if isinstance(pages, list) else pages


def _typeset(template: str, data: Mapping[str, Any], language: str, **form: Any) -> Any:
    path = ROOT / f"{template}.typ"
    if not re.fullmatch(r"[a-z_]+", template) or not path.is_file():
        raise PdfError(f"There is no template {template!r} for documents.")
    if language not in LANGUAGES:
        raise PdfError(f"Documents are written in {' or '.join(LANGUAGES)}, not in {language!r}.")
    dated = _date_of(data).isoformat()
    payload = json.dumps(_clean(data), ensure_ascii=False)
    for _round in range(ROUNDS):
        try:
            # Compiled afresh: a typst.Compiler kept for reuse refuses a second thread, and
            # saves next to nothing, as typst remembers fonts and layout by itself.
            return typst.compile(
                str(path),
                root=str(ROOT),
                ignore_system_fonts=True,
                sys_inputs={"data": payload, "language": language, "date": dated},
                **form,
            )
        except typst.TypstError as error:
            refused = _refused(error)
            if not refused:
                raise PdfError(
                    f"The document {template!r} could not be typeset: {error.message}."
                ) from error
            payload = refused.sub(_numbered, payload)
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            # Typst 0.15 panics on some mixtures of rare scripts; it is no Exception, and a
            # worker must live through it. Such a document shows those scripts by number.
            payload = _RARE.sub(_numbered, payload)
    raise PdfError(f"The document {template!r} holds characters that cannot be shown.")


def blocks(markdown: str) -> list[Node]:
    """Markdown as a tree of blocks and inlines for the templates to lay out.

    Blocks: paragraph, heading (level 1 is the highest, none is skipped), list, quote, code,
    table, rule. Inlines: text, strong, em, link (http, https, mailto), code, break. HTML is
    text, an image is its alternative text, and what is nested deeper than five lies flat.
    """
    tree: list[Node] = []
    # Each open token has the list its content goes to; flat text needs no recursion.
    stack: list[tuple[str, list[Any]]] = [("root", tree)]
    for token in _MARKDOWN.parse(_tidy(markdown)):
        if token.nesting == 1:
            stack.append(_opened(token, *stack[-1], depth=_depth(stack)))
        elif token.nesting == -1:
            stack.pop()
        elif token.type == "inline":
            stack[-1][1].extend(_inlines(token.children or []))
        elif token.type == "hr":
            stack[-1][1].append({"type": "rule"})
        else:
            stack[-1][1].append({"type": "code", "text": token.content.rstrip("\n")})
    return _levelled(tree)


def _opened(token: Token, kind: str, parent: list[Any], *, depth: int) -> tuple[str, list[Any]]:
    """What `token` opens under `parent`: its kind, and the list for what follows."""
    opened = token.type.removesuffix("_open")
    content: list[Any] = []
    match opened:
        case "paragraph":
            tight = token.hidden and kind == "list_item"
            parent.append({"type": "paragraph", "tight": tight, "inlines": content})
        case "heading" if depth:
            bold = {"type": "strong", "inlines": content}
            parent.append({"type": "paragraph", "tight": False, "inlines": [bold]})
        case "heading":
            parent.append({"type": "heading", "level": int(token.tag[1]), "inlines": content})
        case "bullet_list" | "ordered_list" | "blockquote" if depth >= DEEPEST:
            return "flat", parent
        case "list_item" if kind == "flat":
            return "flat", parent
        case "list_item":
            parent.append(content)
        case "bullet_list" | "ordered_list":
            start = int(token.attrs.get("start", 1))
            ordered = opened == "ordered_list"
            parent.append({"type": "list", "ordered": ordered, "start": start, "items": content})
        case "blockquote":
            parent.append({"type": "quote", "blocks": content})
        case _:
            return opened, _opened_in_table(opened, kind, parent)
    return opened, content


def _opened_in_table(opened: str, kind: str, parent: list[Any]) -> list[Any]:
    content: list[Any] = []
    match opened:
        case "table":
            parent.append({"type": "table", "head": [], "rows": []})
            return parent
        case "thead":
            return cast("list[Any]", parent[-1]["head"])
        case "tbody":
            return cast("list[Any]", parent[-1]["rows"])
        case "tr" if kind == "thead":
            return parent
    parent.append(content)
    return content


def _depth(stack: list[tuple[str, list[Any]]]) -> int:
    return sum(kind in {"bullet_list", "ordered_list", "blockquote"} for kind, _ in stack)


def _levelled(tree: list[Node]) -> list[Node]:
    """Drop headings without words, and close the gaps between the levels of the others."""
    levels: list[int] = []
    kept = []
    for node in tree:
        if node["type"] == "heading":
            if not _words(node["inlines"]).strip():
                continue
            while levels and levels[-1] >= node["level"]:
                levels.pop()
            levels.append(node["level"])
            node["level"] = len(levels)
        kept.append(node)
    return kept


def _inlines(tokens: list[Token]) -> list[Node]:
    found: list[Node] = []
    stack = [found]
    for token in tokens:
        if token.nesting == 1:
            stack.append(_opened_inline(token, stack[-1], depth=len(stack)))
        elif token.nesting == -1:
            stack.pop()
        elif token.type == "code_inline":
            stack[-1].append({"type": "code", "text": token.content})
        elif token.type == "hardbreak":
            stack[-1].append({"type": "break"})
        elif token.type == "image":
            stack[-1].extend(_inlines(token.children or []))
        else:
            text = " " if token.type == "softbreak" else token.content
            stack[-1].append({"type": "text", "text": text})
    return found


def _opened_inline(token: Token, parent: list[Node], *, depth: int) -> list[Node]:
    kind = token.type.removesuffix("_open")
    node: Node = {"type": kind, "inlines": []}
    if kind == "link":
        node["url"] = str(token.attrs.get("href", ""))
        known = _ADDRESS.fullmatch(node["url"]) and len(node["url"]) <= LONGEST_ADDRESS
    else:
        known = kind in {"strong", "em"}
    if not known or depth > DEEPEST:
        return parent
    parent.append(node)
    return cast("list[Node]", node["inlines"])


def _words(inlines: list[Node]) -> str:
    return "".join(node.get("text", "") + _words(node.get("inlines", [])) for node in inlines)


def _date_of(data: Mapping[str, Any]) -> date:
    given = data.get("date")
    try:
        return date.fromisoformat(str(given)[:10]) if given else UNDATED
    except ValueError as error:
        raise PdfError(f"The date {given!r} of the document is not a date.") from error


def _clean(value: Any) -> Any:
    """JSON values; all else (a date, a lazy translation) becomes text."""
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _tidy(str(value))


def _tidy(text: str) -> str:
    """NFC with plain line feeds; nothing invisible that turns text around or is no text."""
    text = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    return _INVISIBLE.sub("", text)


def _numbered(found: re.Match[str]) -> str:
    text = _JOINERS.sub("", found[0])
    return "".join(char if char.isascii() else f"[U+{ord(char):04X}]" for char in text)


def _refused(error: typst.TypstError) -> re.Pattern[str] | None:
    """The pieces of text that typst found no font for, from what it says about them."""
    pieces = {_unescaped(piece).strip("\u200b") for piece in _REFUSED.findall(error.diagnostic)}
    pieces = {piece for piece in pieces if not piece.isascii()}
    # Longest first: a letter with its marks before the letter alone.
    ordered = sorted(pieces, key=lambda piece: (-len(piece), piece))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _unescaped(quoted: str) -> str:
    return _RUST_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], quoted)
