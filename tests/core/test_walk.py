"""Cases E1 and S2: every address × method × role answers as its policy says; no read writes."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.routing import Rule

from accounts.gate import Staff
from accounts.rules import Role
from core.policy import PUBLIC, table
from tests import world
from tests.conftest import open_client

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OVERRIDE = {"X-HTTP-Method-Override": "POST", "X-Original-URL": "/arbeta/", "X-Method": "GET"}
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SAFE = {"GET", "HEAD", "OPTIONS"}
COUNTERS = frozenset({"rate_count", "turns"})  # what counts tries is allowed to count them
KEPT = Path(__file__).parents[1] / "policies.json"


@pytest.fixture
def home(app):
    return world.build("jonkoping")


@pytest.fixture
def away(app, home):
    return world.build("skane", "Drivis")


@pytest.fixture
def browsers(app, staff):
    """A browser for each role at Jönköping, and one of a visitor."""
    return {None: open_client(app)} | {role: staff(role.value) for role in Role}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def declared(app: Flask, rule: Rule) -> set[str]:
    """Every method that some endpoint takes at the same address."""
    return {m for other in rules(app) if other.rule == rule.rule for m in other.methods or ()}


def send(app: Flask, browser, method: str, address: str):
    """The status for a browser that has the token of our own pages; 401: sent to sign in."""
    data = None if method in SAFE else {"csrf_token": world.token(app, browser)}
    with browser.open(address, method=method, data=data) as answer:
        # All calendars are read by other programs (test_calendar_programs), which find them so.
        assert answer.mimetype != "text/calendar" or address.endswith(".ics"), address
        to_sign_in = answer.headers.get("Location", "").startswith("/logga-in")
        return 401 if answer.status_code == 302 and to_sign_in else answer.status_code


def policy_of(app: Flask, rule: Rule):
    """The policy of a rule; of one that wraps another, that other."""
    policy = app.view_functions[rule.endpoint].policy
    return getattr(policy, "policy", policy)


def let_in(app: Flask, rule: Rule) -> frozenset[Role]:
    """The roles that may use an address."""
    policy = policy_of(app, rule)
    return frozenset(policy.roles if isinstance(policy, Staff) else Role)


def expected(app: Flask, rule: Rule, method: str, role: Role | None) -> Callable[[int], bool]:
    """What the policy table says the answer must be."""
    policy = policy_of(app, rule)
    if method not in declared(app, rule):
        return lambda code: code == 405
    if not isinstance(policy, Staff):
        return lambda code: code < 500 and code not in {401, 403, 405}
    if role is None:
        return lambda code: code == (401 if method in SAFE else 403)
    if role not in policy.roles:
        return lambda code: code == 403
    return lambda code: code < 500 and code not in {401, 403, 404, 405}


def test_the_policy_table_is_the_one_that_was_reviewed(make_app):
    """After a review: `./run flask policies --json > tests/policies.json`."""
    assert table(make_app()) == json.loads(KEPT.read_text())


def asked(app: Flask, rule: Rule, home, browsers, methods) -> list[str]:
    """A line for each answer at the address of a rule that is not as its policy says."""
    wrong, address = [], world.address(app, rule, home)
    for method in methods:
        if method == "POST" and rule.endpoint == "accounts.sign_out":
            continue
        known = method in (rule.methods or ())
        if not known and method in declared(app, rule):
            continue
        for role, browser in browsers.items():
            if not known and role not in {None, Role.ADMIN}:
                continue
            if method == "HEAD" and role in let_in(app, rule) - {Role.ADMIN}:
                continue  # the view is that of GET: who is not let in is what matters
            code = send(app, browser, method, address)
            if not expected(app, rule, method, role)(code):
                wrong.append(f"{role} {method} {address}: {code}")
    return wrong


@pytest.mark.slow
def test_every_address_answers_each_role_as_its_policy_says_and_no_read_writes(app, home, browsers):
    safe, unsafe = (sorted(set(METHODS) & SAFE), sorted(set(METHODS) - SAFE))
    before = world.checksum(app, but=COUNTERS)
    wrong = [line for rule in rules(app) for line in asked(app, rule, home, browsers, safe)]
    if world.checksum(app, but=COUNTERS) != before:  # again, to say which
        for rule in rules(app):
            before = world.checksum(app, but=COUNTERS)
            asked(app, rule, home, browsers, safe)
            assert world.checksum(app, but=COUNTERS) == before, f"a read of {rule.rule} writes"
        raise AssertionError("some read changes the database once")
    wrong += [line for rule in rules(app) for line in asked(app, rule, home, browsers, unsafe)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_search_engines_are_led_to_every_public_page_and_to_no_other(app, home):
    visitor = open_client(app)
    robots = RobotFileParser()
    robots.parse(visitor.get("/robots.txt").text.splitlines())
    for rule in rules(app):
        public = policy_of(app, rule) is PUBLIC
        for prefix in ("", "/en"):
            address = prefix + world.address(app, rule, home)
            assert robots.can_fetch("any", address) is public, address
    sitemap = ElementTree.fromstring(visitor.get("/sitemap.xml").text)
    shown = [node.text for node in sitemap.iter(f"{{{SITEMAP}}}loc")]
    assert len(shown) == len(set(shown))
    assert f"http://localhost/en/evenemang/{home.slug}" in shown
    for address in shown:
        assert robots.can_fetch("any", address), address
        assert visitor.get(address.removeprefix("http://localhost")).status_code == 200, address
        assert not any(secret in address for secret in home.tokens.values())


@pytest.mark.slow
def test_what_belongs_to_another_authority_is_not_found(app, home, away, browsers):
    wrong = []
    for rule in rules(app):
        policy = policy_of(app, rule)
        if not isinstance(policy, Staff):
            continue
        for name, kind in world.parts(rule).items():
            if kind != "id" or name == "organisation_id":  # that register is shared
                continue
            by_gate = name.removesuffix("_id") in policy.finds
            address = world.address(app, rule, home, **{name: away})
            for role in Role:
                if role not in policy.roles:
                    continue
                for method in (rule.methods or set()) - (set() if by_gate else {"OPTIONS"}):
                    code = send(app, browsers[role], method, address)
                    if code != 404:
                        wrong.append(f"{role} {method} {address}: {code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_spellings_of_an_address_open_nothing_more(app, home, browsers):
    reader = browsers[Role.READER]
    wrong = []
    for rule in rules(app):
        policy = policy_of(app, rule)
        if not isinstance(policy, Staff) or Role.READER in policy.roles:
            continue
        plain = world.address(app, rule, home)
        first, _, rest = plain.removeprefix("/").partition("/")
        for spelled in (
            plain.rstrip("/") + "/", plain.upper(), f"/{first}/x/%2e%2e/{rest}",
            f"//{first}/{rest}", f"/{first}//{rest}",
            f"{plain};x", f"/{first};x/{rest}", f"/{first}/./{rest}",
            f"{plain}%00", f"/om/../{first}/{rest}", f"/en{plain}", f"/static/..{plain}",
        ):  # fmt: skip
            for method in ("GET", "POST"):
                with reader.open(spelled, method=method, headers=OVERRIDE) as answer:
                    if answer.status_code not in {308, 400, 403, 404, 405}:
                        wrong.append(f"{method} {spelled}: {answer.status_code}")
        with reader.open(plain, method="PUT", headers=OVERRIDE) as answer:
            if answer.status_code != 405:
                wrong.append(f"PUT {plain}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
