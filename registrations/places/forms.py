"""The form of an event's limits."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.forms import Choice, Form, Moment, Number, Radio, Version, Yes
from core.reference import SECTOR_WORDS, Sector
from events.models import Event
from events.rules import Mode, WaitingRule
from events.words import WAITING_RULE
from registrations.places.rules import MOST_QUOTAS, Kept


class LimitsForm(Form):
    """Who is let in, how the queue moves, what is kept for whom."""

    version = Version()
    approval = Yes(
        _l("Vi godkänner varje anmälan"),
        description=_l("Den som anmäler sig på webben väntar på ert ja eller nej, utan plats."),
    )
    waiting_rule = Radio(
        _l("När en plats blir ledig"),
        required=_l("Välj vad som ska hända."),
        choices=[(rule.value, words) for rule, words in WAITING_RULE.items()],
    )
    offer_hours = Number(
        _l("Så länge hålls en erbjuden plats, timmar"),
        low=1,
        high=336,
        required=_l("Skriv hur många timmar platsen hålls, till exempel 48."),
    )
    most = Number(
        _l("Högst så många per organisation"),
        low=1,
        high=1000,
        description=_l("Tomt: ingen gräns."),
    )
    modes: tuple[Mode, ...] = ()

    def kept(self) -> list[Kept]:
        """What is kept for whom, in the order of the form."""
        found = []
        for mode in self.modes:
            for number in range(MOST_QUOTAS):
                sector, seats, opens = (self[name] for name in names(mode, number))
                if sector.data and seats.data:
                    found.append(Kept(mode, Sector(sector.data), seats.data, opens.data))
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Whole rows only, and each sector once in a mode."""
        fine = bool(super().validate(extra_validators))
        for mode in self.modes:
            seen: set[str] = set()
            for number in range(MOST_QUOTAS):
                sector, seats, _opens = (self[name] for name in names(mode, number))
                fine &= self._whole(sector, seats, seen)
        return fine

    def _whole(self, sector: Any, seats: Any, seen: set[str]) -> bool:
        if seats.data and not sector.data:
            sector.errors = [_("Välj vilka platserna hålls för.")]
        elif sector.data and not seats.data and not seats.errors:
            seats.errors = [_("Skriv hur många platser som hålls.")]
        elif sector.data and sector.data in seen:
            sector.errors = [_("Den sorten står redan på en annan rad.")]
        else:
            seen.add(sector.data)
            return True
        return False


def names(mode: Mode, number: int) -> tuple[str, str, str]:
    """The fields of one row: for whom, how many seats, when they open to everybody."""
    start = f"kept_{mode.value}_{number}"
    return f"{start}_sector", f"{start}_seats", f"{start}_opens"


def limits_form(event: Event, modes: Sequence[Mode]) -> LimitsForm:
    """The form of an event, as it stands now."""
    fields: dict[str, Any] = {"modes": tuple(modes)}
    data: dict[str, Any] = {
        "version": event.version, "approval": event.approval,
        "waiting_rule": event.waiting_rule.value, "offer_hours": event.offer_hours,
        "most": event.max_per_organisation,
    }  # fmt: skip
    for mode in modes:
        kept = [quota for quota in event.quotas if quota.keeps(mode)]
        for number in range(MOST_QUOTAS):
            sector, seats, opens = names(mode, number)
            fields[sector] = Choice(
                _l("Hålls för"), blank=_l("Ingen"),
                choices=[(one.value, words) for one, words in SECTOR_WORDS.items()],
            )  # fmt: skip
            fields[seats] = Number(_l("Platser"), low=1, high=100_000)
            fields[opens] = Moment(_l("Öppnas för alla"))
            if number < len(kept):
                quota = kept[number]
                data |= {sector: quota.sector.value, seats: quota.seats, opens: quota.opens}
    made: LimitsForm = type("LimitsFormOfEvent", (LimitsForm,), fields)(data=data)
    return made


def rules_of(form: LimitsForm) -> dict[str, Any]:
    """What the form says of who is let in and how the queue moves."""
    return {
        "approval": form.approval.data,
        "waiting_rule": WaitingRule(form.waiting_rule.data),
        "offer_hours": form.offer_hours.data,
    }
