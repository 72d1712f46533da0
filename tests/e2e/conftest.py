"""A real browser against a real server, with a real mail relay on the other side."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, current_app
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from core.db import db

ROOT = Path(__file__).parents[2]
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
SHOTS = os.environ.get("SCREENSHOTS")
# How long a page may take, in milliseconds: a machine that does everything else besides is slow.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
# Where nothing hangs on the database: what is behind is tried on both without a browser.
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not chromium() and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="Chromium finns inte: webbläsarproven hoppas över")
                )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sink:
    """A mail relay that keeps what it is given."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 tack"

    def wait_for(self, to: str, subject: str = "", seconds: float = 15) -> EmailMessage:
        """The newest message to `to` with `subject` in its subject."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                if to in str(message["To"]) and subject in str(message["Subject"]):
                    return message
            time.sleep(0.1)
        raise AssertionError(
            f"no mail to {to} with {subject!r}: {[str(m['Subject']) for m in self.messages]}"
        )


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def sink() -> Iterator[Sink]:
    relay = Sink(free_port())
    controller = Controller(relay, hostname="127.0.0.1", port=relay.port)
    controller.start()
    yield relay
    controller.stop()


def seed(_database_url: str, scenario: dict[str, Any] | Path, folder: Path) -> None:
    """Put a scenario, or the file of one, into the database of the server, as of now.

    By the application of this process, on the same database: a program of its own would take
    longer to start than many a test to run.
    """
    file = folder / "scenario.json"
    if isinstance(scenario, Path):
        file = scenario
    else:
        file.write_text(json.dumps(scenario), encoding="utf-8")
    fake, current_app.config["FAKE_NOW"] = current_app.config["FAKE_NOW"], None
    done = current_app.test_cli_runner().invoke(args=["seed", str(file)])
    current_app.config["FAKE_NOW"] = fake
    db.session.remove()
    assert done.exit_code == 0, done.output


@pytest.fixture
def upcoming(server: str, database_url: str, tmp_path: Path) -> str:
    """The server, with the demo's coming events."""
    seed(database_url, ROOT / "demo/data/upcoming.json", tmp_path)
    return server


@pytest.fixture
def server(app: Flask, database_url: str, sink: Sink, tmp_path: Path) -> Iterator[str]:
    """The served application with the demo's users in it; its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = os.environ | {
        "SAMLING_DATABASE_URL": database_url, "SAMLING_BASE_URL": address,
        "SAMLING_SMTP_URL": f"smtp://127.0.0.1:{sink.port}", "SAMLING_WORKER": "embedded",
        "SAMLING_ENV": "development", "FLASK_APP": "wsgi",
    }  # fmt: skip
    env.pop("SAMLING_FAKE_NOW", None)
    programs = Path(sys.executable).parent
    process = subprocess.Popen(
        [programs / "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
         "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws",
         "--log-level", "warning", "wsgi:create_app"],
        cwd=ROOT, env=env,
    )  # fmt: skip
    try:
        seed(database_url, ROOT / "demo/data/users.json", tmp_path)  # while that one starts
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(address + "/healthz", timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "Chromium saknas men krävs (REQUIRE_BROWSER=1)"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="sv-SE", base_url=server)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="sv-SE", base_url=server)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def sign_in(page: Page, to: str = "/arbeta/", email: str = "organisator@example.se") -> None:
    """Sign in as somebody of the demonstration, and go on to `to`."""
    page.goto(f"/logga-in?next={to}")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill("samling-demo")
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in").click()


def _axe(page: Page) -> Any:
    """What axe finds; anew where the page went on to the next one meanwhile."""
    for _time in range(4):
        try:
            page.wait_for_load_state()
            return Axe().run(page)
        except Error:
            page.wait_for_timeout(300)
    return Axe().run(page)


def look(page: Page, name: str) -> None:
    """Check what every page must hold, and keep its picture where SCREENSHOTS says."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    found = _axe(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.locator("h1").count() == 1, f"{name}: one h1"
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert too_wide <= 0, f"{name}: {too_wide} px too wide"
