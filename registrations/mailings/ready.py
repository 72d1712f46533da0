"""Ready-made texts, in both languages: data that the organiser begins with and changes freely."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from registrations.mailings.rules import Occasion, Purpose


@dataclass(frozen=True)
class Ready:
    """A text to begin with. `name` is what it is called in the list to choose from."""

    name: Any
    subject: str
    body: str
    subject_en: str
    body_en: str
    purpose: Purpose = Purpose.PLACE


READY = {
    "praktiskt": Ready(
        _l("Praktisk information"),
        "Inför {evenemang}",
        "Hej {förnamn}!\n\n"
        "Snart ses vi på {evenemang}. Det här är bra att veta innan du kommer.\n\n"
        "Tid: {tid}\nPlats: {plats}\n\n"
        "Du har valt: {mina_val}\n\n"
        "Du deltar på nätet. Anslut gärna några minuter före start: {möteslänk}\n\n"
        "Får du förhinder? Avanmäl dig senast {sista_dag}, så kan någon annan få platsen.\n\n"
        "{min_sida}\n\n"
        "Välkommen!",
        "Practical information: {evenemang}",
        "Hello {förnamn}!\n\n"
        "We look forward to seeing you at {evenemang}. Here is what you need to know.\n\n"
        "Time: {tid}\nPlace: {plats}\n\n"
        "You have chosen: {mina_val}\n\n"
        "You are taking part online. Please connect a few minutes early: {möteslänk}\n\n"
        "Can you not come? Please cancel by {sista_dag}, so that somebody else can have your "
        "place.\n\n"
        "{min_sida}\n\n"
        "Welcome!",
    ),
    "paminnelse": Ready(
        _l("Påminnelse"),
        "Påminnelse: {evenemang}",
        "Hej {förnamn}!\n\n"
        "Du är anmäld till {evenemang}. Det är dags om några dagar.\n\n"
        "Tid: {tid}\nPlats: {plats}\n\n"
        "Du har valt: {mina_val}\n\n"
        "Här ansluter du: {möteslänk}\n\n"
        "Stämmer något inte, eller kan du inte komma? Ändra eller avanmäl dig på din sida.\n\n"
        "{min_sida}\n\n"
        "Vi ses!",
        "Reminder: {evenemang}",
        "Hello {förnamn}!\n\n"
        "You are registered for {evenemang}. It takes place in a few days.\n\n"
        "Time: {tid}\nPlace: {plats}\n\n"
        "You have chosen: {mina_val}\n\n"
        "Connect here: {möteslänk}\n\n"
        "Is something wrong, or can you not come? Change or cancel on your page.\n\n"
        "{min_sida}\n\n"
        "See you soon!",
    ),
    "lokal": Ready(
        _l("Ändrad lokal"),
        "Ny lokal: {evenemang}",
        "Hej {förnamn}!\n\n"
        "Vi har bytt lokal för {evenemang}. Tiden är densamma.\n\n"
        "Tid: {tid}\nNy plats: {plats}\n\n"
        "Du behöver inte göra något. Din anmälan gäller.\n\n"
        "{min_sida}\n\n"
        "Välkommen!",
        "New venue: {evenemang}",
        "Hello {förnamn}!\n\n"
        "{evenemang} has moved to another venue. The time is the same.\n\n"
        "Time: {tid}\nNew place: {plats}\n\n"
        "You do not need to do anything. Your registration stands.\n\n"
        "{min_sida}\n\n"
        "Welcome!",
    ),
    "tack": Ready(
        _l("Tack"),
        "Tack för att du kom: {evenemang}",
        "Hej {förnamn}!\n\n"
        "Tack för att du var med på {evenemang}. Det ni berättade och frågade tar vi med oss i "
        "det fortsatta arbetet.\n\n"
        "Nu kan du läsa minnesanteckningarna: {dokumentation}\n\n"
        "Har du tänkt på något efteråt? Svara på det här mejlet.",
        "Thank you for coming: {evenemang}",
        "Hello {förnamn}!\n\n"
        "Thank you for taking part in {evenemang}. We take what you told and asked with us in "
        "our further work.\n\n"
        "You can now read the notes of the meeting: {dokumentation}\n\n"
        "Have you thought of something since? Reply to this message.",
    ),
}  # fmt: skip

# What a reminder says until somebody writes something else.
OF_REMINDER = {Occasion.BEFORE: READY["paminnelse"], Occasion.AFTER: READY["tack"]}
