"""A conference of two days with parallel tracks, its programme pasted as an organiser would."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.text import slugify
from demo.seed import Seeder
from events.editing.rules import Read, parse
from events.models import Event
from events.times import wall

SLUG = "tva-dagar-om-att-hora-hemma"
TUESDAY = 1
PROGRAMME = """
Dag 1
09.00–09.30 Registrering och kaffe, Foajén
09.30–09.45 Välkommen – Sigrid Tegnér, länsöverdirektör, Länsstyrelsen i Jönköpings län (värd) [Kongressalen]
09.45–10.30 Vad gör en plats till ett hem? – Berit Solvang, docent i sociologi, Högskolan i Jönköping [Kongressalen]
10.30–10.50 Fika, Foajén
10.50–11.50 Spår Bostad: Hyresrätter på landsbygden – Tor-Erik Palmér, vd, Holavedens Bostäder AB [Sal Vättern]
10.50–11.50 Spår Arbete: Vägen in på verkstadsgolvet – Amina Warsame, rekryterare, Gislaveds Plast AB och Jens Rosander, studievägledare, Gislaveds kommun [Sal Sommen]
10.50–11.50 Spår Föreningsliv: När simskolan blev mötesplats – Lovisa Hedman, ordförande, Tranås Simförening [Sal Bolmen]
11.50–12.50 Lunch, Restaurang Hamnen
12.50–13.35 Samtal: kommunens ansvar och grannens – Tomas Ekdal, kommundirektör, Eksjö kommun; Siham Al-Rawi, verksamhetsledare, Föreningen Öppet hus; Moderator: Antti Gustavsson, journalist och samtalsledare, Höglandets Pressbyrå [Kongressalen]
13.45–14.45 Spår Bostad: Från andra hand till eget kontrakt – Petter Lindås, bostadsstrateg, Jönköpings kommun [Sal Vättern]
13.45–14.45 Spår Arbete: Svenska på arbetstid – Sanna Milton, rektor, Komvux Värnamo [Sal Sommen]
13.45–14.45 Spår Föreningsliv: Nycklar till lokalen, och till makten – Klara Brännström, utvecklingsledare, Region Jönköpings län [Sal Bolmen]
14.45–15.15 Fika och utställning, Foajén
15.15–16.15 Samtal i grupper: en sak vi gör i vår [Kongressalen]
Grupper efter kommun. Ta med en sak som ni har prövat och som inte gick som ni tänkte.
16.15–16.30 Summering av dagen – Sigrid Tegnér, länsöverdirektör, Länsstyrelsen i Jönköpings län [Kongressalen]
18.30–21.00 Gemensam middag, Restaurang Hamnen

Dag 2
08.30–09.00 Morgonkaffe, Foajén
09.00–09.45 Det vi vet om tillit – Ingvar Tell, forskare, Göteborgs universitet [Kongressalen]
09.45–10.30 Lokalt exempel: biblioteket som håller öppet till tio – Gunvor Stål, bibliotekschef, Vetlanda kommun [Kongressalen]
10.30–10.50 Fika, Foajén
10.50–11.50 Spår Bostad: Trångboddhet och skolresultat – Joar Hellman, utredare, Boverket [Sal Vättern]
10.50–11.50 Spår Arbete: Praktik som leder vidare – Dana Rashid, enhetschef, Arbetsförmedlingen [Sal Sommen]
10.50–11.50 Spår Föreningsliv: Ungdomarna som tog över gården – Nellie Grahn, fritidsledare, Nässjö kommun [Sal Bolmen]
11.50–12.50 Lunch, Restaurang Hamnen
12.50–13.50 Panelsamtal: vem gör vad efter i dag? – Panel: Tomas Ekdal, kommundirektör, Eksjö kommun; Lovisa Hedman, ordförande, Tranås Simförening; Joar Hellman, utredare, Boverket [Kongressalen]
Moderator: Antti Gustavsson, journalist och samtalsledare, Höglandets Pressbyrå
13.50–14.15 Avslutning – Sigrid Tegnér, länsöverdirektör, Länsstyrelsen i Jönköpings län [Kongressalen]
""".strip()  # noqa: E501 - lines as they stand in the invitation
SEATS = {"Sal Vättern": 60, "Sal Sommen": 45, "Sal Bolmen": 30}
ROOMS: list[dict[str, Any]] = [
    {"name": "Kongressalen", "seats": 160, "step_free": True, "hearing_loop": True},
    *({"name": name, "seats": seats, "step_free": True, "hearing_loop": name != "Sal Bolmen"}
      for name, seats in SEATS.items()),
    {"name": "Foajén", "step_free": True}, {"name": "Restaurang Hamnen", "seats": 180,
     "note": "Fem minuters promenad. Säg till i förväg om du behöver skjuts."},
]  # fmt: skip
EVENT: dict[str, Any] = {
    "slug": SLUG, "authority": "jonkoping", "kind": "inspiration_conference", "state": "published",
    "title": "Två dagar om att höra hemma",
    "lead": "Bostad, arbete och föreningsliv i tre spår, med tid att jämföra hur det går till i "
            "vardagen. Kom en dag eller två.",
    "purpose": "Att kommuner, föreningar och arbetsgivare i länet ska hitta nästa gemensamma steg.",
    "target_group": "Kommuner, föreningar, arbetsgivare och statliga myndigheter i länet",
    "case_number": "851-5102-2026", "in_cooperation_with": "Region Jönköpings län",
    "venue": {"name": "Kongresshuset Spiran", "address": "Hamnplan 2, Jönköping",
              "municipality": "0680"},
    "step_free": True, "hearing_loop": True, "lift": True,
    "cost": "Kostnadsfritt. Fika, luncher och middag ingår.",
    "contact_name": "Staffan Pettersson", "contact_email": "konferens.jonkoping@example.se",
    "contact_phone": "070-174 06 12", "capacity": {"room": 160}, "rooms": ROOMS,
}  # fmt: skip
FIRST = ("Alma", "Bengt", "Cecilia", "Dawit", "Elsa", "Folke", "Gudrun", "Hamid", "Irma", "Jonas",
         "Karima", "Leif", "Mona", "Nils", "Olga", "Pär")  # fmt: skip
LAST = ("Alm", "Brodin", "Ceder", "Dalén", "Englund", "Fors", "Granath", "Hamza", "Ingves",
        "Järv", "Kidane")  # fmt: skip
PEOPLE = 34


def add_two_days(session: Session, *, now: datetime) -> None:
    """Add the conference, with people who have chosen, unless it is there."""
    if session.scalar(sa.select(Event.id).filter_by(slug=SLUG)):
        return
    first = _tuesday(wall(now).date() + timedelta(days=70))
    days = [first, first + timedelta(days=1)]
    items = [_item(read) for read in parse(PROGRAMME, days).items]
    Seeder(session, now=now).event(
        EVENT | {
            "starts": f"{days[0]} 09:00", "ends": f"{days[1]} 14:15", "programme": items,
            "registration_opens": "D-10 08:00", "registration_closes": "D+55 23:59",
            "registrations": [_person(number, items) for number in range(PEOPLE)],
        },
        "demo",
    )  # fmt: skip


def _tuesday(since: date) -> date:
    return since + timedelta(days=(TUESDAY - since.weekday()) % 7)


def _item(read: Read) -> dict[str, Any]:
    return {
        "starts": f"{read.starts:%Y-%m-%d %H:%M}", "ends": f"{read.ends:%Y-%m-%d %H:%M}",
        "kind": read.kind.value, "title": read.title, "text": read.text, "room": read.room,
        "group": read.group, "track": read.track,
        "capacity": SEATS.get(read.room) if read.group else None,
        "speakers": [
            {"name": one.name, "title": one.title, "organisation": one.organisation,
             "role": one.role.value, "consent": True}
            for one in read.people
        ],
    }  # fmt: skip


def _person(number: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    dice = random.Random(number)  # noqa: S311 - the same people every time
    groups = dict.fromkeys(item["group"] for item in items if item["group"])
    first, last = FIRST[number % len(FIRST)], LAST[(number * 5 + 3) % len(LAST)]
    return {
        "first_name": first, "last_name": last, "organisation": "Eksjö kommun",
        "email": f"{slugify(first)}.{slugify(last)}.{number}@example.se",
        "sector": "municipality", "municipality": "0686", "mode": "room",
        "list_consent": number % 2 == 0,
        "choices": {
            group: dice.choice([item["title"] for item in items if item["group"] == group])
            for group in groups
        },
    }  # fmt: skip
