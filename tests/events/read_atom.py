"""A strict reader of Atom (RFC 4287) that knows nothing of how ours is written."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
# RFC 3339, as RFC 4287 section 3.3 narrows it: capital T and Z.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = {"id", "title", "updated"}
AT_MOST_ONCE = {
    "feed": {"generator", "icon", "logo", "rights", "subtitle"},
    "entry": {"content", "published", "rights", "source", "summary"},
}
MANY = {
    "feed": {"author", "category", "contributor", "link", "entry"},
    "entry": {"author", "category", "contributor", "link"},
}


@dataclass(frozen=True)
class Entry:
    """What a feed reader makes of an entry."""

    id: str
    title: str
    updated: datetime
    address: str
    summary: str
    authors: tuple[str, ...]
    terms: frozenset[str]


@dataclass(frozen=True)
class Feed:
    """What a feed reader makes of a feed."""

    id: str
    title: str
    updated: datetime
    self: str
    page: str
    language: str
    entries: tuple[Entry, ...]


def read(body: bytes, content_type: str) -> Feed:
    """The feed. Fails on whatever RFC 4287 does not allow or our readers need and miss."""
    assert content_type.split(";", maxsplit=1)[0] == "application/atom+xml"
    root = ET.fromstring(body)
    _check(root, "feed")
    entries = tuple(_entry(one) for one in root.findall(_name("entry")))
    assert len({one.id for one in entries}) == len(entries), "4.1.1: an entry stands there twice"
    authors = root.findall(_name("author"))
    assert authors or all(one.authors for one in entries), "4.1.1: nobody has written it"
    language = root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    return Feed(
        _iri(root), _plain(root, "title"), _date(root, "updated"), _link(root, "self"),
        _link(root, "alternate"), language, entries,
    )  # fmt: skip


def _entry(entry: ET.Element) -> Entry:
    _check(entry, "entry")
    address = _link(entry, "alternate")  # 4.1.2: there is no content, so there must be one
    if entry.find(_name("published")) is not None:
        assert _date(entry, "published") <= _date(entry, "updated")
    authors = [one.findtext(_name("name"), "") for one in entry.findall(_name("author"))]
    assert all(authors), "3.2.1: a person has a name"
    terms = [one.get("term", "") for one in entry.findall(_name("category"))]
    assert all(terms), "4.2.2.1: a category has a term"
    return Entry(
        _iri(entry), _plain(entry, "title"), _date(entry, "updated"), address,
        _plain(entry, "summary"), tuple(authors), frozenset(terms),
    )  # fmt: skip


def _check(element: ET.Element, kind: str) -> None:
    assert element.tag == _name(kind)
    times = Counter(child.tag.removeprefix(f"{{{ATOM}}}") for child in element)
    assert {name for name in ONCE if times[name] != 1} == set(), f"{kind}: not exactly one"
    assert {name for name in AT_MOST_ONCE[kind] if times[name] > 1} == set(), f"{kind}: several"
    assert set(times) <= ONCE | AT_MOST_ONCE[kind] | MANY[kind], f"{kind}: what Atom has not"
    links = [
        (link.get("rel", "alternate"), link.get("type"), link.get("hreflang"))
        for link in element.findall(_name("link"))
    ]
    alternates = [link for link in links if link[0] == "alternate"]
    assert len(set(alternates)) == len(alternates), "4.1: two alternates of one type and language"


def _iri(element: ET.Element) -> str:
    found = element.findtext(_name("id"), "")
    assert urlsplit(found).scheme, f"4.2.6: {found} is no absolute IRI"
    assert found == found.strip()
    return found


def _plain(element: ET.Element, name: str) -> str:
    found = element.find(_name(name))
    if found is None:
        return ""
    assert found.get("type", "text") == "text"
    assert list(found) == [], "3.1.1.1: text has no elements in it"
    return found.text or ""


def _date(element: ET.Element, name: str) -> datetime:
    text = element.findtext(_name(name), "")
    assert DATE.fullmatch(text), f"3.3: {text} is no date"
    return datetime.fromisoformat(text)


def _link(element: ET.Element, rel: str) -> str:
    (found,) = [one for one in element.findall(_name("link")) if one.get("rel") == rel]
    address: Any = found.get("href")
    assert urlsplit(address).scheme in {"http", "https"}, "a reader has no page to start from"
    return str(address)


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"
