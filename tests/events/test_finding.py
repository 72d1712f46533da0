"""What is public is found, in Swedish, the moment it is public; nothing else ever is."""

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db, write
from events import services
from events.finding import rules
from events.finding import services as finding
from events.finding.models import SearchDocument
from events.finding.rules import parse
from events.models import Event, Speaker
from events.rules import Kind, State
from tests.conftest import NOW, Client
from tests.events import make
from tests.events.test_public_event import set_state


def hits(client: Client, words: str, **filters: str) -> list[str]:
    """The titles that are found, in their order, without the marks."""
    query = "".join(f"&{name}={value}" for name, value in filters.items())
    page = client.get(f"/sok?q={quote(words)}{query}")
    assert page.status_code == 200
    titles = re.findall(r'<h3 class="title"><a[^>]*>(.*?)</a>', page.text)
    return [re.sub("</?mark>", "", title) for title in titles]


def release(event: Event) -> None:
    write(
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW
        )
    )


def whole(app: Flask) -> bool:
    return [line for check in app.extensions["checks"] for line in check(db.session)] == []


def test_words_are_found_by_their_beginning_in_any_form(app: Flask, client: Client) -> None:
    make.event(published=True, title="Länets bostadskonferens")
    make.event(published=True, title="Konferensen om skolan")
    make.event(published=True, title="Arsdag", lead="Om båtar och nätverksträffar.",
               kind=Kind.WEBINAR)  # fmt: skip
    assert hits(client, "konferens") == ["Konferensen om skolan", "Länets bostadskonferens"]
    assert hits(client, "KONFERENSERNA") == hits(client, "konferens")
    assert hits(client, "bostad") == ["Länets bostadskonferens"]
    assert hits(client, "årsdag") == []
    assert hits(client, "batar") == []
    assert hits(client, "ba\u030atar") == ["Arsdag"]
    assert hits(client, "träff") == ["Arsdag"]
    assert hits(client, "konferens skola") == ["Konferensen om skolan"]
    assert hits(client, "konferens -skolan") == ["Länets bostadskonferens"]
    assert hits(client, '"båtar och"') == ["Arsdag"]
    assert hits(client, '"och båtar"') == []
    assert hits(client, "finnsinte") == []
    assert "Inga träffar." in client.get("/sok?q=finnsinte").text
    assert whole(app)


def test_what_belongs_to_an_event_is_found_with_the_event_and_by_itself(client: Client) -> None:
    event = make.event(published=True, title="Mottagande")
    maria, hidden = make.speaker("Maria Holm"), make.speaker("Kanarie Dold", consent=False)
    make.item(event, "Samtalsledare i Västmanland", text="Om svåra samtal.",
              speakers=(maria, hidden))  # fmt: skip
    assert hits(client, "samtalsledare") == []
    release(event)
    assert hits(client, "samtalsledare") == ["Samtalsledare i Västmanland", "Mottagande"]
    assert hits(client, "holm") == ["Maria Holm", "Samtalsledare i Västmanland", "Mottagande"]
    assert hits(client, "holm", sort="speaker") == ["Maria Holm"]
    assert hits(client, "mottagande maria samtalsledare") == ["Mottagande"]
    assert hits(client, "kanarie") == []
    page = client.get("/sok?q=svåra").text
    assert '<p class="found">Om <mark>svåra</mark> samtal.</p>' in page
    assert re.findall(r'/evenemang/[^"]+', client.get("/?q=samtalsledare").text)

    def take_back() -> None:
        speaker = db.session.get_one(Speaker, maria.id)
        services.change_speaker(db.session, speaker, facts={"consent": False}, by=None, now=NOW)

    write(take_back)
    assert hits(client, "holm") == []


def test_only_what_is_public_is_found(app: Flask, client: Client) -> None:
    draft = make.event(title="Kanarieutkast", lead="Kanarie")
    make.item(draft, "Kanariepunkt", speakers=(make.speaker("Kanarie Talare"),))
    shown = make.event(published=True, title="Öppet hus")
    make.item(shown, "Kanarie som inte är släppt")
    for path in ("/sok?q=kanarie", "/?q=kanarie", "/kalender.ics?q=kanarie", "/en/sok?q=kanarie"):
        assert "Kanarie" not in client.get(path).text.replace("q=kanarie", "")
    assert db.session.scalars(sa.select(SearchDocument.title)).all() == ["Öppet hus"]
    write(
        lambda: services.publish(db.session, db.session.get_one(Event, draft.id), by=None, now=NOW)
    )
    assert hits(client, "kanarie", sort="item") == ["Kanariepunkt"]
    set_state(draft, State.CANCELLED)
    assert hits(client, "kanarieutkast") == ["INSTÄLLT – Kanarieutkast"]
    with pytest.raises(RuntimeError):
        write(lambda: _published_in_vain(make.event(title="Ångrad")))
    assert hits(client, "ångrad") == []
    assert whole(app)


def _published_in_vain(event: Event) -> None:
    services.publish(db.session, db.session.get_one(Event, event.id), by=None, now=NOW)
    db.session.flush()
    raise RuntimeError


def test_filters_narrow_together(client: Client) -> None:
    make.event(
        published=True, title="Möte ett", themes=("bostad", "skola"), audiences=("kommuner",)
    )
    make.event(published=True, title="Möte två", themes=("bostad",), municipality="1280",
               kind=Kind.ISSUE_COUNCIL)  # fmt: skip
    make.event(published=True, title="Möte tre", online=None, room=10,
               starts=NOW.replace(year=2020))  # fmt: skip
    assert set(hits(client, "möte")) == {"Möte ett", "Möte två", "Möte tre"}
    assert set(hits(client, "möte", tema="bostad")) == {"Möte ett", "Möte två"}
    assert hits(client, "möte", tema="bostad", lan="12") == ["Möte två"]
    assert hits(client, "möte", tema="skola", typ="sakrad") == []
    assert hits(client, "möte", grupp="kommuner") == ["Möte ett"]
    assert hits(client, "möte", plats="natet") == ["Möte tre"]
    assert hits(client, "möte", till="2021-01-01") == ["Möte tre"]
    assert hits(client, "möte", fran="2021-01-01", lan="12") == ["Möte två"]
    assert hits(client, "tema_bostad") == hits(client, "lan_12") == []
    for query, titles in (
        ("tema=bostad&lan=06", ["Möte ett"]), ("plats=natet&till=2021-01-01", ["Möte tre"]),
        ("grupp=kommuner", ["Möte ett"]), ("q=m%C3%B6te&tema=skola", ["Möte ett"]),
    ):  # fmt: skip
        page = client.get(f"/?{query}").text
        assert re.findall(r'<h3 class="title"><a[^>]*>(.*?)</a>', page) == titles


NASTY = (
    'title:bostad', '"', '""', '"bostad', 'bostad"', "*", "NEAR(a b)", "a AND OR NOT", "(", ")",
    "{tags}:lan_06", "-", "--", "-bostad", "'", "' OR 1=1 --", "a:*", "&|!", "<->", "\\", "%",
    "_", "\0", "\ufffd\x07", "😀", "a" * 5000, '"' * 999, "-a " * 300, "e-post", "1e5 2.5 -3",
    "\u202eabc", "ﬁ İ ß", "<script>alert(1)</script>", "{{ 7*7 }}", "日本語", "नमस्ते", "http://a.b/c?d=e",
)  # fmt: skip


def test_no_text_is_more_than_text(client: Client) -> None:
    make.event(published=True, title='<script>alert(1)</script> & "e-post" om bostad 100 %')
    for text in NASTY:
        for path in ("/sok", "/", "/kalender.ics"):
            answer = client.get(path, query_string={"q": text})
            assert answer.status_code == 200, (path, text)
            assert path == "/kalender.ics" or b"<script>alert" not in answer.data
    for query in (
        "q=%ed%a0%80",
        "q=%00%ff",
        "q=" + "%61" * 33_000,
        "tema=x&grupp=%00&plats=y&sort=z",
    ):
        assert client.get(f"/sok?{query}").status_code == 200
    assert client.get("/sok?q=a&sida=x").status_code == 400
    assert client.get("/sok?q=bostad&sida=999999").status_code == 200
    page = client.get("/sok?q=script+e-post").text
    assert "&lt;<mark>script</mark>&gt;alert(1)" in page


def test_the_index_is_made_anew_and_its_faults_are_told(app: Flask, client: Client) -> None:
    event = make.event(published=True, title="Bostad")
    write(lambda: db.session.execute(sa.text("DELETE FROM search_index")))
    assert not whole(app)
    runner = app.test_cli_runner()
    assert "1 dokument" in runner.invoke(args=["search", "rebuild"]).output
    assert hits(client, "bostad") == ["Bostad"]
    assert whole(app)
    write(lambda: finding.drop_all(db.session))
    assert hits(client, "bostad") == []
    for look in app.extensions["looks"]:
        look(db.session, now=NOW)
    assert hits(client, "bostad") == ["Bostad"]
    before = db.session.scalars(sa.select(SearchDocument.id)).all()
    write(lambda: services.touch(db.session, db.session.get_one(Event, event.id), now=NOW))
    assert db.session.scalars(sa.select(SearchDocument.id)).all() == before


def test_long_and_strange_texts_can_be_published(client: Client) -> None:
    strange = " ".join(f"ord{n}😀ﬁ\u0301" for n in range(15_000))
    make.event(published=True, title="Långt " + "x" * 190, lead=strange + " slutord")
    assert len(hits(client, "ord14")) == 1
    assert len(hits(client, "x" * 80)) == 1


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Om bostad.", [("Om ", False), ("bostad", True), (".", False)]),
        ("", []),
        ("ord " * 100 + "bostaden " + "ord " * 100, None),
    ],
)
def test_a_snippet_shows_where_the_words_are(
    text: str, pieces: list[tuple[str, bool]] | None
) -> None:
    found = rules.snippet(text, parse("bostäder bostad"))
    assert pieces is None or found == pieces
    if pieces is None:
        assert ("bostaden", True) in found
        assert sum(len(piece) for piece, _marked in found) < 250
