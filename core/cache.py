"""Public pages, rendered once per version and kept in the process; answered with ETag and 304."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, request
from werkzeug.http import parse_etags

BYTES = 32 * 1024 * 1024  # of pages in each process
Page = tuple[bytes, str]


class PageCache:
    """The latest pages by key, up to `limit` bytes. Safe between threads."""

    def __init__(self, limit: int = BYTES) -> None:
        self.limit = limit
        self.size = 0
        self.pages: OrderedDict[Hashable, Page] = OrderedDict()
        self.lock = threading.Lock()

    def peek(self, key: Hashable) -> Page | None:
        """Body and ETag under `key`, if they are there."""
        return self.pages.get(key)

    def get(self, key: Hashable, render: Callable[[], str | bytes]) -> Page:
        """Body and ETag under `key`; rendered where it is not there."""
        page = self.pages.get(key)
        if page is None:
            page = tagged(render())
            self.put(key, page)
        return page

    def put(self, key: Hashable, page: Page) -> None:
        """Keep `page`; the oldest go where there is no more room."""
        with self.lock:
            if key not in self.pages:
                self.pages[key] = page
                self.size += len(page[0])
            while self.size > self.limit and len(self.pages) > 1:
                _key, oldest = self.pages.popitem(last=False)
                self.size -= len(oldest[0])


def tagged(made: str | bytes) -> Page:
    """The bytes of a page and their ETag."""
    body = made.encode() if isinstance(made, str) else made
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def page_cache(app: Flask) -> PageCache:
    """The pages that this process keeps for `app`."""
    cache: PageCache = app.extensions.setdefault("page_cache", PageCache())
    return cache


def cached(
    key: Hashable,
    render: Callable[[], str | bytes],
    *,
    mimetype: str = "text/html; charset=utf-8",
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with the page under `key`, or 304 where the asker has it.

    `key` must name everything the page depends on. The page must not hold anything personal.
    """
    page = page_cache(current_app).get((key, mimetype), render)
    return answer(page, mimetype=mimetype, headers=headers)


def answer(
    page: Page, *, mimetype: str = "text/html; charset=utf-8", headers: dict[str, str] | None = None
) -> Response:
    """A public page with its ETag, or 304 where the asker has it."""
    body, etag = page
    kept = {"Cache-Control": "public, no-cache"} | (headers or {})
    sent = [("ETag", etag), *kept.items()]
    # Compared weakly (RFC 9110, 13.1.2): proxies that compress weaken the tag.
    asked = request.environ.get("HTTP_IF_NONE_MATCH")
    if asked and parse_etags(asked).contains_weak(etag.strip('"')):
        return Response(status=304, headers=sent)
    return Response(body, headers=[("Content-Type", mimetype), *sent])


def personal(body: bytes, *, mimetype: str) -> Response:
    """Somebody's own file: kept nowhere on the way, and sent only where it has changed."""
    headers = {"Cache-Control": "private, no-cache"}
    return answer(tagged(body), mimetype=mimetype, headers=headers)
