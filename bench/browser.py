"""A browser for load: one connection kept alive, cookies, forms; asyncio and nothing else."""

import asyncio
import contextlib
import html
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

WAIT = 15.0  # seconds for one answer
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input[^>]*\btype="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')


class Broken(Exception):
    """The connection broke, or nothing came in time: nobody knows whether it was done."""


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Browser:
    """One person's browser, or one after the other (`forget` in between)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._way: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def forget(self) -> None:
        """Become somebody else's browser; the connection stays."""
        self.cookies.clear()

    def close(self) -> None:
        """Hang up."""
        if self._way is not None:
            self._way[1].close()
            self._way = None

    async def ask(
        self, path: str, fields: Mapping[str, str] | None = None, *, wait: float = WAIT
    ) -> Answer:
        """GET `path`, or POST `fields` to it. Raises `Broken`."""
        try:
            async with asyncio.timeout(wait):
                reader, writer = await self._connect()
                writer.write(self._request(path, fields))
                await writer.drain()
                answer = await _read(reader)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError) as error:
            self.close()
            raise Broken(str(error)) from error
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        for line in answer.headers.get("set-cookie", "").splitlines():
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    async def ask_and_leave(self, path: str, fields: Mapping[str, str]) -> None:
        """POST `fields` and hang up without waiting for the answer."""
        with contextlib.suppress(OSError):
            _reader, writer = await self._connect()
            writer.write(self._request(path, fields))
            await writer.drain()
        self.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._way is None:
            self._way = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        return self._way

    def _request(self, path: str, fields: Mapping[str, str] | None) -> bytes:
        lines = [f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1"]
        lines.append(f"Host: 127.0.0.1:{self.port}")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        body = b""
        if fields is not None:
            body = urlencode(fields).encode()
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in filter(None, head[1:]):
        name, _colon, value = line.partition(":")
        known = headers.get(name.lower())
        headers[name.lower()] = f"{known}\n{value.strip()}" if known else value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(head[0].split(" ")[1]), headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


def hidden(page: str) -> dict[str, str]:
    """What a browser sends of itself with the form of a page that has a key; {} without one."""
    for form in _FORM.findall(page):
        found = [dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(form)]
        fields = {one["name"]: html.unescape(one.get("value", "")) for one in found}
        if "form_key" in fields:
            return fields
    return {}
