"""A programme read from pasted text: what becomes an item, and what is told instead."""

from datetime import date, time
from time import process_time

import pytest

from events.editing.rules import Why, parse, read_span
from events.rules import ItemKind, SpeakerRole

DAYS = [date(2027, 3, 8), date(2027, 3, 9)]  # a Monday and a Tuesday


def one(line, **kwargs):
    parsed = parse(line, DAYS[:1], **kwargs)
    assert not parsed.problems, parsed.problems
    (item,) = parsed.items
    return item


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("09.30–10.00", (time(9, 30), time(10))),
        ("9:30-10", (time(9, 30), time(10))),
        ("kl. 9.30 – 10.15", (time(9, 30), time(10, 15))),
        ("klockan 17.30 - 20.00", (time(17, 30), time(20))),
        ("0930-1000", (time(9, 30), time(10))),
        ("9–10", (time(9), time(10))),
        ("från 9.30 till 10.00", (time(9, 30), time(10))),
        ("09.30 − ca 10.00", (time(9, 30), time(10))),
        ("09:30:00-10:00:00", (time(9, 30), time(10))),
        ("24.00–25.00", None), ("09.30", None), ("9.3–10", None), ("2016–2018", None),
        ("", None), ("tio till elva", None), ("09.30–10.00 Fika", None), ("٠٩.٣٠–١٠.٠٠", None),
    ],
)  # fmt: skip
def test_times_are_read_in_the_ways_people_write_them(text, times):
    assert read_span(text) == times


@pytest.mark.parametrize(
    ("line", "title", "kind"),
    [
        ("09.30–10.00 Registrering och kaffe", "Registrering och kaffe", ItemKind.REGISTRATION),
        ("10.00–10.15: Välkomna!", "Välkomna!", ItemKind.WELCOME),
        ("10.00-10.15\tPaus", "Paus", ItemKind.BREAK),
        ("- 12.00–13.00 Lunch", "Lunch", ItemKind.LUNCH),
        ("13.00–14.00 | Panelsamtal", "Panelsamtal", ItemKind.PANEL),
        ("13.00–14.00 – Skolan – vad nu?", "Skolan – vad nu?", ItemKind.TALK),
        ("13.00–13.20 Eftermiddagskaffe", "Eftermiddagskaffe", ItemKind.COFFEE),
        ("13.00–14.00 Lägesbild från Migrationsverket", "Lägesbild från Migrationsverket",
         ItemKind.STATUS_REPORT),
        ("13.00–14.00 Runda: synpunkter", "Runda: synpunkter", ItemKind.ROUND),
    ],
)  # fmt: skip
def test_a_line_is_an_item(line, title, kind):
    item = one(line)
    assert (item.title, item.kind, item.people) == (title, kind, ())


@pytest.mark.parametrize(
    ("told", "title", "people"),
    [
        ("Lägesbild – Karin Ek, enhetschef, Boverket", "Lägesbild",
         [("Karin Ek", "enhetschef", "Boverket")]),
        ("Välkomna! | Malin Almqvist, länsråd", "Välkomna!", [("Malin Almqvist", "länsråd", "")]),
        ("Lokala exempel (Nils Palmgren, Signe Gillberg)", "Lokala exempel",
         [("Nils Palmgren", "", ""), ("Signe Gillberg", "", "")]),
        ("Byn – Lars Bergström, från Hela Sverige ska leva och Jytte Rüdiger, kulturchef", "Byn",
         [("Lars Bergström", "", "Hela Sverige ska leva"), ("Jytte Rüdiger", "kulturchef", "")]),
        ("Skola – Åsa Öberg, chef för skola och fritid, Tranås kommun", "Skola",
         [("Åsa Öberg", "chef för skola och fritid", "Tranås kommun")]),
        ("Panel: Ulla Vik, Region Skåne; Bo Ek, Tranås kommun", "Panel",
         [("Ulla Vik", "", "Region Skåne"), ("Bo Ek", "", "Tranås kommun")]),
        ("Mottagandet – Carl von Essen från Boverket", "Mottagandet",
         [("Carl von Essen", "", "Boverket")]),
        ("Bostäder – Tranås kommun", "Bostäder – Tranås kommun", []),
        ("Före och efter – Rädda Barnen", "Före och efter – Rädda Barnen", []),
    ],
)  # fmt: skip
def test_people_are_read_after_a_dash_or_in_parentheses(told, title, people):
    item = one(f"10.00–11.00 {told}")
    assert item.title == title
    assert [(p.name, p.title, p.organisation) for p in item.people] == people


def test_who_leads_is_told_by_the_word_before_or_after():
    text = "10.00–11.00 Panel\nModerator: Anna Carlstedt\nPanel: Bo Ek, Eva Lind\nStina Alm (värd)"
    item = one(text)
    assert [p.role for p in item.people] == [
        SpeakerRole.MODERATOR, SpeakerRole.PANELLIST, SpeakerRole.PANELLIST, SpeakerRole.HOST,
    ]  # fmt: skip


def test_what_stands_under_the_heading_of_a_track_is_on_it():
    text = """09.30-10 Fika
    Spår A: Kommunens roll
    10-11 Bostad först i Nässjö (sal Vättern), Lars Holm
    11-12 Skola
    Spår B
    10-11 Föreningar
    12-13 Lunch
    13-14 Alla igen"""
    parsed = parse(text, DAYS)
    assert not parsed.problems
    assert [(item.starts.day, item.title, item.track) for item in parsed.items] == [
        (8, "Fika", ""), (8, "Bostad först i Nässjö, Lars Holm", "Spår A: Kommunens roll"),
        (8, "Skola", "Spår A: Kommunens roll"), (8, "Föreningar", "Spår B"), (8, "Lunch", ""),
        (8, "Alla igen", ""),
    ]  # fmt: skip
    assert not any(item.text for item in parsed.items)


def test_named_tracks_under_what_only_says_that_they_are_parallel():
    text = """Måndag
    11.00–12.00 Parallella seminarier
    Spår: Barn och unga
    11.00–12.00 Skolan
    Spår: Arbete
    11.00–12.00 Första jobbet
    Onsdag
    9-10 Avslutning"""
    assert [(item.starts.day, item.title, item.track) for item in parse(text, DAYS).items] == [
        (8, "Skolan", "Barn och unga"), (8, "Första jobbet", "Arbete"), (10, "Avslutning", ""),
    ]  # fmt: skip


def test_rooms_tracks_and_text_find_their_place():
    item = one("10.00–11.00 Spår Bostad: Bygga snabbt [Stora salen] – Per Öst\nTa med en dator.")
    assert (item.track, item.title, item.room) == ("Spår Bostad", "Bygga snabbt", "Stora salen")
    assert item.text == "Ta med en dator."
    assert one("10.00–11.00 Språk – Hodan Warsame, Sal A").room == "Sal A"
    assert one("10.00–11.00\tSpråk\tHodan Warsame\tRum 2").room == "Rum 2"
    assert one("10.00–11.00 Språk\nLokal: Kajutan").room == "Kajutan"


def test_what_is_at_the_same_time_is_a_choice_or_only_side_by_side():
    text = """10.00–11.00 Parallella seminarier
A. Språk – Hodan Warsame
B. Bostäder
11.00–11.30 Fika
11.00–11.30 Mingel
13-14 Vägar
13-14 Broar"""
    parsed = parse(text, DAYS[:1])
    told = [(item.title, item.group, item.kind) for item in parsed.items]
    assert told == [
        ("Språk", "Pass 1", ItemKind.SEMINAR), ("Bostäder", "Pass 1", ItemKind.SEMINAR),
        ("Fika", "", ItemKind.COFFEE), ("Mingel", "", ItemKind.COFFEE),
        ("Vägar", "Pass 2", ItemKind.SEMINAR), ("Broar", "Pass 2", ItemKind.SEMINAR),
    ]  # fmt: skip
    assert {item.group for item in parse(text, DAYS[:1], choice=False).items} == {""}
    two = parse("Dag 1\n9-10 A\n9-10 B\nDag 2\n9-10 C\n9-10 D", DAYS)
    assert [item.group for item in two.items] == ["Dag 1, pass 1"] * 2 + ["Dag 2, pass 1"] * 2


@pytest.mark.parametrize(
    "heading",
    ["Dag 2", "DAG 2:", "Dag två", "Tisdag", "tisdag 9 mars", "Tisdag den 9 mars 2027", "9/3",
     "2027-03-09", "## Dag 2 – tisdag 9 mars", "Program tisdag 9 mars",
     "Tisdag 9 mars: Fördjupning"],
)  # fmt: skip
def test_days_have_headings(heading):
    parsed = parse(f"Måndag\n9-10 Ett\n{heading}\n9-10 Två", DAYS)
    assert not parsed.problems
    assert [(item.title, item.starts.date()) for item in parsed.items] == [
        ("Ett", DAYS[0]), ("Två", DAYS[1])
    ]  # fmt: skip


def test_a_clock_that_goes_back_begins_the_next_day_if_there_is_one():
    text = "09.00 Ett\n15.00–16.00 Två\n09.00–10.00 Tre"
    assert [item.starts.day for item in parse(text, DAYS).items] == [8, 8, 9]
    assert [item.starts.day for item in parse(text, DAYS[:1]).items] == [8, 8, 8]


def test_an_item_without_an_end_lasts_until_the_next():
    items = parse("09.00 Ett\n09.40 Två\n16.00 Slut", DAYS).items
    assert [(item.title, f"{item.ends:%H.%M}") for item in items] == [
        ("Ett", "09.40"), ("Två", "16.00")
    ]  # fmt: skip
    assert f"{one('15.00 Avslutning').ends:%H.%M}" == "15.30"


def test_lines_that_cannot_be_read_are_told_by_their_number():
    text = (
        "Hej alla!\n\nProgram\n25.00 Lunch\n15.00–14.00 Bak\n10.00–11.00\n9-10 Ett\n13.30–25.00 Ut"
    )
    parsed = parse(text, DAYS)
    assert [(problem.line, problem.why) for problem in parsed.problems] == [
        (1, Why.NO_TIME), (4, Why.BAD_TIME), (5, Why.BACKWARDS), (6, Why.NO_TITLE),
        (8, Why.BAD_TIME),
    ]  # fmt: skip
    assert [item.line for item in parsed.items] == [7]


def test_anything_can_be_pasted():
    began = process_time()
    for text in ("", "\n\n", "\x00", "9" * 5000, "9-10 " + "x" * 5000, "–" * 5000, "(" * 3000,
                 "9-10 " + "(A B) " * 900, "9-10 A – " + "Ek, " * 2000, "Dag 99\n9-10 A",
                 "9-10 A\n" * 500, "31/2\n9-10 A", "Dag 2 " * 800, "9-10 a | " * 900,
                 "9-10 " + "a – " * 4900, "9-10 " + "a: " * 6000, "9-10 X " + "(Aa Bb) " * 2400,
                 "9-10 X – " + "Aa från " * 2400, "9-10 A\n" + "Aa Bb\n" * 3300):  # fmt: skip
        parsed = parse(text, DAYS)
        assert len(parsed.items) <= 200
        assert all(len(item.title) <= 200 for item in parsed.items)
    assert process_time() - began < 5
