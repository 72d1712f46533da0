"""What a form carries to show that a person sent it, and what the answer tells.

The time at which the form was opened, signed together with its key; a field to leave empty; and,
while very many register, a sum that the browser works out. How many register is counted in the
database by each registration; a process learns of a rush from its own, so that showing the form
asks nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from flask_babel import gettext as _

from core import crypto, throttle
from core.clock import now
from core.db import db
from core.errors import Refusal
from registrations.bots.rules import (
    BITS,
    SETTLES,
    Verdict,
    has_worked,
    judge,
    rush_limit,
)
from registrations.queries.public import Standing

NO_EVENT = 0  # the form belongs to none: no rush, the rest as usual
OPENED, WORK, TRAP = "form_opened", "form_work", "website"


@dataclass
class Watch:
    """How a form is watched that is shown or was sent.

    `stamp` stands in it; with `bits` the browser is asked to work; `by_itself`: and to send the
    form again when it has. `note` says why it is shown once more.
    """

    stamp: str
    bits: int = 0
    verdict: Verdict = Verdict.TAKE
    by_itself: bool = False
    note: str = ""

    @property
    def challenge(self) -> str:
        """What the sum is of."""
        return self.stamp.rpartition(".")[2]

    @property
    def suspect(self) -> bool:
        """Whether the registration is to be confirmed by mail."""
        return self.verdict is Verdict.CONFIRM

    def ask(self) -> None:
        """Raise `Refusal` for a form that must be sent once more."""
        if self.verdict is Verdict.AGAIN:
            self.note = _(
                "Sidan har varit öppen länge. Läs igenom och skicka igen: allt du skrev finns kvar."
            )
        elif self.verdict is Verdict.WORK:
            self.by_itself = True
            self.note = _(
                "Väldigt många anmäler sig just nu. Din webbläsare gör en kontroll och skickar "
                "sedan formuläret. Händer inget? Skicka igen, så bekräftar du i ett mejl."
            )
        else:
            return
        raise Refusal(self.note)


def stamped(form_key: str, opened: datetime, bits: int) -> str:
    """When the form of that key was opened and what was asked of the browser, signed."""
    text = f"{opened.timestamp():.2f}-{bits}"
    return f"{text}.{crypto.signature('form-opened', f'{text} {form_key}')}"


def blank(event_id: int, form_key: str) -> Watch:
    """The watch of a form that is opened now."""
    bits = BITS if is_rush(event_id) else 0
    return Watch(stamped(form_key, now(), bits), bits)


def sent(event_id: int) -> Watch:
    """The watch of the form that was sent."""
    key, moment = request.form.get("form_key", ""), now()
    least = timedelta(seconds=float(current_app.config["FORM_SECONDS"]))
    stamp = request.form.get(OPENED, "")
    opened, bits = _read(stamp, key)
    if current_app.config["GUARDS"] == "off":
        return Watch(stamp if opened else stamped(key, moment, 0), bits)
    verdict = judge(
        age=None if opened is None else moment - opened,
        least=least,
        trapped=bool(request.form.get(TRAP, "").strip()),
        rush=is_rush(event_id),
        asked=bits > 0,
        worked=bits > 0 and has_worked(stamp.rpartition(".")[2], request.form.get(WORK, "")),
    )
    if opened is None or verdict is Verdict.AGAIN:
        opened = moment - least  # whoever has to read it through once more need not wait
    bits = BITS if is_rush(event_id) else bits
    return Watch(stamped(key, opened, bits), bits, verdict)


def of_request(event_id: int, form_key: str) -> Watch:
    """The watch of the form that was sent, or of the one that is asked for."""
    return sent(event_id) if request.method == "POST" else blank(event_id, form_key)


def count(standing: Standing, *, people: int = 1) -> None:
    """Count registrations; from a rush on, browsers are asked to work. Inside `write`."""
    limit = int(current_app.config["RUSH"] or 0) or rush_limit(_capacity(standing))
    moment = now()
    subject, minute = f"registrations:{standing.event_id}", timedelta(minutes=1)
    for _each in range(people):
        if not throttle.hit(db.session, subject, limit=limit, per=minute, now=moment):
            _rushes()[standing.event_id] = moment + SETTLES


def is_rush(event_id: int) -> bool:
    """Whether very many register to that event just now, as far as this process knows."""
    until = _rushes().get(event_id)
    return until is not None and now() < until


def _rushes() -> dict[int, datetime]:
    found: dict[int, datetime] = current_app.extensions.setdefault("rushes", {})
    return found


def _capacity(standing: Standing) -> int | None:
    seats = [pool.capacity for pool in standing.pools if pool.mode]
    return None if None in seats else sum(one or 0 for one in seats)


def _read(stamp: str, form_key: str) -> tuple[datetime | None, int]:
    """When the form was opened and how many bits were asked for; None where nothing proves it."""
    text, _dot, seal = stamp.rpartition(".")
    if not crypto.same(seal, crypto.signature("form-opened", f"{text} {form_key}")):
        return None, 0
    opened, _dash, bits = text.rpartition("-")
    return datetime.fromtimestamp(float(opened), UTC), int(bits)
