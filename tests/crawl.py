"""Walks the pages as a person does and collects every form and every query parameter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.conftest import forms

BOARD = re.compile("-(jonkoping|skane)$")  # what ends the slugs of tests/world.py
STARTS = ("/", "/arbeta/", "/arbeta/konto", "/arbeta/organisationer", "/sakrad", "/uppdrag")


@dataclass
class Found:
    """What a walk has seen."""

    pages: dict[str, str] = field(default_factory=dict)
    posts: dict[tuple[str, tuple[str, ...]], tuple[str, dict[str, Any]]] = field(
        default_factory=dict
    )
    queries: dict[tuple[str, str], str] = field(default_factory=dict)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.searches: list[tuple[str, str]] = []
        self.form: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "a" and a.get("href"):
            self.links.append(a["href"] or "")
        elif tag == "form":
            self.form = (a.get("action") or "") if a.get("method", "get") == "get" else None
        elif tag in {"input", "select", "textarea"} and self.form is not None and a.get("name"):
            self.searches.append((self.form, a["name"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None


def shape(path: str) -> str:
    """The address with its numbers, tokens and boards as gaps: one of each kind is enough."""
    return "/".join(
        "*" if part.isdigit() or len(part) == 43 else BOARD.sub("-*", part)
        for part in path.split("/")
    )


def kind(name: str) -> str:
    """The name of a field with its numbers as gaps: a form asks the same of the next person."""
    return re.sub("[0-9]+", "*", name)


def read(found: Found, path: str, text: str) -> list[str]:
    """Note the page's forms and searches; where its links lead."""
    found.pages[path] = text
    reader = Links()
    reader.feed(text)
    for action, name in reader.searches:
        to = urljoin(path, action).partition("?")[0]
        found.queries.setdefault((shape(to), name), f"{to}|")
    for form in forms(text):
        to = urljoin(path, form["action"])
        if to != "/logga-ut":
            key = shape(to), tuple(sorted({kind(name) for name in form["fields"]}))
            found.posts.setdefault(key, (path, form | {"action": to}))
    return [urljoin(path, link).partition("#")[0] for link in reader.links]


def crawl(browser: Any, *, starts: tuple[str, ...] = STARTS, most: int = 400) -> Found:
    """Every page of a kind that can be reached by links; nothing is sent."""
    found, queue, known = Found(), list(starts), {"/logga-ut", "/static"}
    while queue and len(found.pages) < most:
        parts = urlsplit(queue.pop(0))
        if parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/en/"):
            continue
        like = shape(parts.path)
        for name, value in parse_qsl(parts.query):
            found.queries.setdefault((like, name), f"{parts.path}|{value}")
        if like in known:
            continue
        known.add(like)
        with browser.get(parts.path) as page:
            if page.status_code in {301, 302, 303, 308}:
                queue.append(urljoin(parts.path, page.headers["Location"]))
                continue
            if page.status_code == 403 and parts.path in starts:
                continue
            assert page.status_code == 200, f"{parts.path}: {page.status_code}"
            if not page.mimetype.startswith("text/html"):
                continue
            text = page.text
        queue += read(found, parts.path, text)
    return found


def each_post(found: Found) -> Iterator[tuple[str, dict[str, Any]]]:
    """The page a form stands on, and the form."""
    yield from found.posts.values()
