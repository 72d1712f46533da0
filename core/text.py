"""Text is text: cleaned where it comes in, escaped where it comes out, Markdown in one place."""

import re
import unicodedata

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markupsafe import Markup

_LINE_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[ \u00a0]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
# Each bracket that may begin a link is looked at to the end of the text: of thousands none is one.
_BRACKETS = 500
_NO_LINKS = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["link", "image"])
_TAGS = {
    "p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "blockquote",
    "code", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SWEDISH_ORDER = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "è": "e", "ü": "y"}
)


def init_app(app: Flask) -> None:
    """Give templates the filter `markdown`."""
    app.jinja_env.filters["markdown"] = markdown


def clean_line(value: str | None) -> str:
    """One line in NFC: no controls, no direction marks, single spaces, none at the ends."""
    text = unicodedata.normalize("NFC", value or "")
    if text.isprintable():  # as most is: then there are neither breaks, controls nor marks in it
        return (_SPACES.sub(" ", text) if "  " in text else text).strip()
    text = _LINE_BREAKS.sub(" ", text)
    return _SPACES.sub(" ", _INVISIBLE.sub("", _CONTROL.sub("", text))).strip()


def clean_prose(value: str | None) -> str:
    """Several lines in NFC with plain line feeds; no controls, no direction overrides."""
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").isprintable():
        return text.strip()
    text = re.sub(r"[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return _INVISIBLE.sub("", _CONTROL.sub("", text)).strip()


def markdown(source: str | None, level: int = 3) -> Markup:
    """Markdown as safe HTML; its top heading becomes `<h{level}>`. The only sanitiser."""
    html = _rendered(source or "")
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{min(6, int(m[2]) + level - 1)}>", html)
    return Markup(  # noqa: S704 - this is the sanitiser
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
        )
    )


def plain(source: str | None) -> str:
    """Markdown without its marks, for places that know no HTML."""
    return re.sub(r"\n{3,}", "\n\n", nh3.clean(_rendered(source or ""), tags=set())).strip()


def _rendered(source: str) -> str:
    parser = _MARKDOWN if source.count("[") <= _BRACKETS else _NO_LINKS
    html: str = parser.render(source)
    return html


def slugify(value: str, length: int = 60) -> str:
    """An address of a-z, 0-9 and hyphens; å and ä become a, ö becomes o."""
    decomposed = unicodedata.normalize("NFKD", value.casefold().replace("æ", "a").replace("ø", "o"))
    words = re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode())
    return words.strip("-")[:length].strip("-")


def name_key(value: str) -> str:
    """What two spellings of one name have in common: NFC, case and spaces folded away."""
    return clean_line(value).casefold().replace("-", " ")


def email_key(address: str) -> str:
    """What two spellings of one address have in common, cut to what its columns hold."""
    return clean_line(address).casefold()[:320]


def swedish_order(value: str) -> str:
    """A sort key that puts å, ä, ö after z (the same on every database)."""
    return unicodedata.normalize("NFC", value).casefold().translate(_SWEDISH_ORDER)


def initials(name: str) -> str:
    """At most two initials, for a face without a photo."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
