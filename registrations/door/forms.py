"""What the door sends, and the organiser's correction afterwards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Line, Moment, Radio
from registrations.rules import Tick

CAME, ABSENT = "came", "absent"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_NONCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WAITED = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True)
class Press:
    """One press of a button, as the page's script sends it.

    `nonce` is the press's own, `who` whose page it was, `waited` how long it has been under way.
    """

    nonce: str
    registration_id: int
    tick: Tick
    who: int
    waited: timedelta


def read_press(sent: Mapping[str, str]) -> Press | None:
    """The press that was sent; None where it is none of ours."""
    nonce, person = sent.get("nonce", ""), sent.get("registration", "")
    who, waited = sent.get("who", ""), sent.get("waited", "0")
    whole = (
        _NONCE.fullmatch(nonce)
        and _NUMBER.fullmatch(person)
        and _NUMBER.fullmatch(who)
        and _WAITED.fullmatch(waited)
        and sent.get("tick") in {tick.value for tick in Tick}
    )
    if not whole:
        return None
    wait = timedelta(milliseconds=int(waited))
    return Press(nonce, int(person), Tick(sent["tick"]), int(who), wait)


class CorrectionForm(Form):
    """How it really was with somebody's presence, and how one knows."""

    what = Radio(
        _l("Hur var det?"),
        required=_l("Välj om personen var där eller inte."),
        choices=[
            (CAME, _l("Personen var där, hela tiden eller en del")),
            (ABSENT, _l("Personen var inte där, avprickningen var ett misstag")),
        ],
    )
    where = Choice(_l("Vad gäller det?"), blank=_l("Hela evenemanget"))
    came = Moment(_l("Kom"), description=_l("Tomt betyder från början."))
    left = Moment(_l("Gick"), description=_l("Bara om personen gick innan det var slut."))
    reason = Line(
        _l("Anledning"),
        required=_l("Skriv hur du vet det, till exempel ”Satt med i panelen”."),
        length=300,
        description=_l("Står bredvid avprickningen i historiken. Skriv inget om hälsa."),
    )

    def times(self, starts: datetime) -> tuple[datetime | None, datetime | None]:
        """When the person came (None: never) and left, where it began at `starts`."""
        if self.what.data == ABSENT:
            return None, None
        return self.came.data or starts, self.left.data
