"""The gate: every endpoint declares who may use it, or the application does not start."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import click
from flask import Flask, current_app, request
from flask.cli import with_appcontext
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter, IntegerConverter

V = TypeVar("V", bound=Callable[..., Any])


class Policy(Protocol):
    """Who may use an endpoint."""

    name: str

    def admit(self, args: dict[str, Any]) -> ResponseReturnValue | None:
        """Let the request in (None), answer it, or abort; may put found objects in `args`."""


class Undeclared(RuntimeError):
    """An endpoint has no policy."""


class _Open:
    def __init__(self, name: str) -> None:
        self.name = name

    def admit(self, args: Mapping[str, Any]) -> None:
        """Everybody."""


PUBLIC = _Open("public")
LINK = _Open("link")


def public(view: V) -> V:
    """Declare that everybody may use the view."""
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def link(view: V) -> V:
    """Declare that the view lets in whoever holds a secret link, and checks it itself."""
    view.policy = LINK  # type: ignore[attr-defined]
    return view


class Larger:
    """A policy that, when the one it holds has let a request in, lets in a larger body too."""

    def __init__(self, policy: Policy, most: int, look: Callable[[], bool] | None) -> None:
        self.policy = policy
        self.name = policy.name
        self.most = most
        self.look = look

    def admit(self, args: dict[str, Any]) -> ResponseReturnValue | None:
        """As the policy held; up to `most` bytes from whoever `look` lets in."""
        answer = self.policy.admit(args)
        if answer is None and (self.look is None or self.look()):
            request.max_content_length = self.most
        return answer


def takes(most: int, look: Callable[[], bool] | None = None) -> Callable[[V], V]:
    """Declare that the view, whose policy is declared already, takes bodies of `most` bytes.

    `look` says, by cookies alone, whether somebody has been let in: where the policy leaves that
    to the view, large bodies of strangers would else be read to the end first.
    """

    def declare(view: V) -> V:
        view.policy = Larger(view.policy, most, look)  # type: ignore[attr-defined]
        return view

    return declare


class SlugConverter(BaseConverter):
    """A readable address part; anything else is no page."""

    regex = "[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?"


class TokenConverter(BaseConverter):
    """A secret of 43 URL-safe characters (256 bits)."""

    regex = "[A-Za-z0-9_-]{43}"


class IdConverter(IntegerConverter):
    """A row number within what the databases can hold."""

    def __init__(self, map: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, min=1, max=2**31 - 1)


def init_app(app: Flask) -> None:
    """Put the gate first among what happens to a request."""
    app.url_map.converters |= {"slug": SlugConverter, "token": TokenConverter, "id": IdConverter}
    app.url_map.merge_slashes = False
    app.before_request(_gate)
    app.cli.add_command(_policies)


def close(app: Flask) -> None:
    """Stop the start if an endpoint is undeclared. Call when all blueprints are there."""
    if "static" in app.view_functions and not hasattr(app.view_functions["static"], "policy"):
        public(app.view_functions["static"])
    missing = sorted(name for name, view in app.view_functions.items() if not _policy_of(view))
    if missing:
        raise Undeclared(f"no policy declared for: {', '.join(missing)}")
    # Nothing here is a coroutine, but Flask looks at every function on every request.
    app.ensure_sync = _as_it_is  # type: ignore[assignment, method-assign]


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def table(app: Flask) -> list[dict[str, Any]]:
    """Every rule with its methods, endpoint and policy name, in the order of the rules."""
    rows = [
        {
            "rule": rule.rule,
            "methods": sorted(rule.methods or ()),
            "endpoint": rule.endpoint,
            "policy": _policy_of(app.view_functions[rule.endpoint]).name,  # type: ignore[union-attr]
        }
        for rule in app.url_map.iter_rules()
    ]
    return sorted(rows, key=lambda row: (row["rule"], row["endpoint"]))


def closed(app: Flask) -> list[str]:
    """The first parts of addresses under which nothing is for everybody: "/arbeta", say."""
    first: dict[str, set[str]] = {}
    for row in table(app):
        first.setdefault(f"/{row['rule'].split('/')[1]}", set()).add(row["policy"])
    return sorted(part for part, policies in first.items() if PUBLIC.name not in policies)


def _policy_of(view: Callable[..., Any]) -> Policy | None:
    return getattr(view, "policy", None)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    policy = _policy_of(current_app.view_functions[request.endpoint])
    if policy is None:
        raise Undeclared(request.endpoint)
    return policy.admit(request.view_args if request.view_args is not None else {})


@click.command("policies")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_appcontext
def _policies(as_json: bool) -> None:
    """List who may use which address."""
    rows = table(current_app)
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(f"{row['policy']:24} {','.join(row['methods']):24} {row['rule']}")
