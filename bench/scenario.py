"""The data that is measured on, in the seed format."""

from typing import Any

EVENT = "konferens-som-mats"
EVENT_WITH_CHOICES = "konferens-med-pass"
BROAD = "konferens-med-fyra-spar"
COUNTIES = ("jonkoping", "skane", "stockholm", "vasterbotten", "orebro")


def scenario(events: int) -> dict[str, Any]:
    """Two full events (12 items, 200 registered), one with parallel items, one with 60 items in
    four tracks, and small ones."""
    small = [_small(n) for n in range(3, events)]
    return {"events": [_full(), _with_choices(), _broad(), *small]}


def _full() -> dict[str, Any]:
    items = [
        {
            "starts": f"{9 + number // 2:02}:{30 * (number % 2):02}",
            "ends": f"{9 + (number + 1) // 2:02}:{30 * ((number + 1) % 2):02}",
            "kind": "talk" if number % 4 else "break",
            "title": f"Programpunkt {number + 1} om mottagande och etablering",
            "text": "Vad staten ersätter, hur ni söker det och vad som har fungerat i länet.",
            "room": "Stora salen",
            "speakers": [
                {
                    "name": f"Talare {number} Exempelsson", "title": "enhetschef",
                    "organisation": "Migrationsverket", "consent": True,
                }
            ] if number < 8 else [],
        }
        for number in range(12)
    ]  # fmt: skip
    people = [
        {
            "first_name": f"Förnamn{number}", "last_name": f"Efternamn{number}",
            "email": f"deltagare{number}@example.se", "organisation": "Tranås kommun",
            "sector": "municipality", "municipality": "0687", "mode": "room",
        }
        for number in range(200)
    ]  # fmt: skip
    return _small(0) | {
        "slug": EVENT, "kind": "regional_conference",
        "title": "Mottagande och etablering i Jönköpings län",
        "lead": "En dag för kommuner och region om hur ansvaret delas och vad som fungerar.",
        "purpose": "Att jämföra arbetssätt och komma överens om vem som gör vad.",
        "capacity": {"room": 1_000_000}, "programme": items, "registrations": people,
        "starts": "D+60 09:00", "ends": "D+60 17:00",
    }  # fmt: skip


def _with_choices() -> dict[str, Any]:
    """The full event with two slots of three parallel items beside its programme."""
    items = [
        {
            "starts": starts, "ends": ends, "kind": "seminar", "title": f"Pass {starts}, {title}",
            "group": starts.replace(":", "."), "capacity": 1_000_000,
        }
        for starts, ends in (("13:00", "14:00"), ("14:30", "15:30"))
        for title in ("skolan", "bostaden", "arbetet")
    ]  # fmt: skip
    full = _full()
    return full | {"slug": EVENT_WITH_CHOICES, "programme": full["programme"] + items}


def _broad() -> dict[str, Any]:
    """Fifteen slots of four parallel items, one of which is chosen; 40 speakers."""
    items = [
        {
            "starts": _clock(slot), "ends": _clock(slot + 1), "kind": "seminar",
            "title": f"Seminarium {slot + 1}.{track + 1} om mottagande och etablering",
            "text": "Vad staten ersätter, hur ni söker det och vad som har fungerat i länet.",
            "room": f"Sal {track + 1}", "group": _clock(slot).replace(":", "."), "capacity": 200,
            "speakers": [
                {
                    "name": f"Talare {(4 * slot + track) % 40} Exempelsson", "consent": True,
                    "title": "enhetschef", "organisation": "Migrationsverket",
                }
            ],
        }
        for slot in range(15)
        for track in range(4)
    ]  # fmt: skip
    return _full() | {"slug": BROAD, "programme": items, "registrations": []}


def _clock(slot: int) -> str:
    return f"{9 + slot // 2:02}:{30 * (slot % 2):02}"


def _small(number: int) -> dict[str, Any]:
    return {
        "slug": f"evenemang-{number}", "authority": COUNTIES[number % len(COUNTIES)],
        "kind": "dialogue_meeting" if number % 3 else "issue_council",
        "state": "published", "title": f"Dialogmöte nummer {number}",
        "lead": "Ett möte om bostäder, skola och arbete.",
        "starts": f"D+{30 + number % 300} 09:30", "ends": f"D+{30 + number % 300} 12:00",
        "registration_opens": "D-10 08:00", "registration_closes": "D+25 23:59",
        "venue": {"name": "Residenset", "address": "Storgatan 1", "municipality": "0680"},
        "capacity": {"room": 80},
    }  # fmt: skip
