"""Documents: what they declare, what they carry, and what hostile text cannot make of them."""

import io
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pikepdf
import pytest

from core.pdf import ROOT, PdfError, blocks, render

HOSTILE = (
    '#read("/etc/passwd") #eval("1+1") $x^2$ = rubrik *fet* _kursiv_ \\ @ref <lab> `kod` // nej [k]'
)
WORDS = {
    "date": "Datum",
    "place": "Plats",
    "case_number": "Diarienummer",
    "chair": "Ordförande",
    "note_taker": "Vid anteckningarna",
    "participants": "Deltagare",
    "introduction": "Inledning",
    "conclusions": "Sammanfattande slutsatser",
    "closing": "Avslutande kommentarer",
    "addenda": "Tillägg",
    "sector": "Sektor",
    "registered": "Anmälda",
    "came": "Närvarande",
    "total": "Totalt",
    "table": "Tabell",
    "table_caption": "Anmälda och närvarande efter sektor",
    "figure": "Figur",
    "figure_caption": "Anmälda och närvarande, antal personer",
    "checksum": "Kontrollsumma (SHA-256)",
}


def minutes(**changes: Any) -> dict[str, Any]:
    return {
        "authority": "Länsstyrelsen i Jönköpings län",
        "title": "Mottagande och etablering",
        "kind": "Sammanfattande rapport",
        "case_number": "851-1423-2027",
        "date": "2027-03-04",
        "date_text": "torsdag 4 mars 2027 kl. 09.30–16.00",
        "place": "Elmia, Jönköping",
        "chair": "Helena Sandberg, länsråd",
        "note_taker": "Åsa Lind, handläggare",
        "state_text": "Fastställd 18 mars 2027",
        "participants": {
            "registered": 98,
            "came": 87,
            "summary": "Totalt var 98 personer anmälda.",
            "by_sector": [
                {"label": "Civilsamhälle", "registered": 67, "came": 57},
                {"label": "Kommun", "registered": 31, "came": 30},
            ],
        },
        "introduction": blocks("Konferensen hade två syften."),
        "sections": [{
            "heading": "Välkomna",
            "speakers": "Karin Ek",
            "time": "09.30–09.45",
            "body": blocks("Text.\n\n## Frågor\n\nEtt svar."),
        }],
        "conclusions": blocks("| Slutsats | Ansvarig |\n|-|-|\n| Lista | Länsstyrelsen |"),
        "closing": [],
        "addenda": [],
        "words": WORDS,
        **changes,
    }  # fmt: skip


def section(markdown: str, heading: str = "Rubrik") -> dict[str, Any]:
    return {"heading": heading, "speakers": "", "time": "", "body": blocks(markdown)}


def programme(count: int = 12, text: str = "En kort beskrivning av punkten.") -> dict[str, Any]:
    speaker = {"name": "Olle Strand", "by": "utredare, Boverket", "role": "moderator"}
    item = {
        "time": "09.45–10.45",
        "title": "Vad staten ersätter",
        "kind": "Föreläsning",
        "pause": False,
        "text": blocks(text),
        "room": "Sal A",
        "speakers": [speaker],
    }
    items = [item | {"title": f"Punkt {n}"} for n in range(count)]
    items[1] = {"time": "10.00", "title": "Kaffe", "pause": True}
    items[2] = item | {"parallel": [item | {"title": f"Seminarium {n}"} for n in range(3)]}
    return {
        "authority": "Länsstyrelsen i Jönköpings län",
        "title": "Mottagande och etablering",
        "kind": "Regional konferens",
        "when": "torsdag 4 mars 2027",
        "place": "Elmia",
        "release_text": "Version 2",
        "items": items,
        "speakers": [{"name": "Olle Strand", "by": "Boverket", "text": "Utreder."}],
        "contact": "Åsa Lind",
        "words": {"programme": "Program", "speakers": "Medverkande", "contact": "Kontakt"},
    }


def opened(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))


def copied(document: bytes, *options: str) -> str:
    """What a reader can copy; skips where poppler is not installed."""
    if not (pdftotext := shutil.which("pdftotext")):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = [pdftotext, *options, "-", "-"]
    return subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode()


def text_of(document: bytes) -> str:
    return re.sub("\u200b|\u00ad\n", "", copied(document))


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def tags(document: bytes) -> list[str]:
    """The tags of the structure tree, in reading order."""

    def walk(node: pikepdf.Object) -> list[str]:
        if not isinstance(node, pikepdf.Dictionary):
            return []
        kids = node.get("/K", [])
        found = [str(node.S)] if "/S" in node else []
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            found += walk(kid)
        return found

    pdf = opened(document)
    return walk(pdf.Root.StructTreeRoot)


def addresses(document: bytes) -> list[str]:
    pdf = opened(document)
    return [str(one.A.URI) for page in pdf.pages for one in page.get("/Annots", [])]


@pytest.mark.parametrize("template", ["minutes", "programme"])
def test_it_declares_pdf_a_and_pdf_ua(template):
    document = render(template, minutes() if template == "minutes" else programme())
    with opened(document).open_metadata() as xmp:
        assert (xmp.pdfa_status, xmp["pdfuaid:part"]) == ("2A", "1")


@pytest.mark.parametrize(("language", "declared"), [("sv", "sv-SE"), ("en", "en")])
def test_it_is_tagged_and_says_its_language_and_title(language, declared):
    pdf = opened(render("minutes", minutes(), language=language))
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == declared
    assert str(pdf.docinfo.Title) == "Mottagande och etablering"


def test_every_font_is_embedded():
    pdf = opened(render("minutes", minutes(sections=[section("`kod` مرحبا *kursiv* **fet**")])))
    descriptors = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)
                   and o.get("/Type") == "/FontDescriptor"]  # fmt: skip
    assert len(descriptors) >= 4
    assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in descriptors)


def test_qpdf_finds_no_fault(tmp_path):
    path = tmp_path / "minutes.pdf"
    path.write_bytes(render("minutes", minutes()))
    assert len(opened(path.read_bytes()).pages) == 1
    if qpdf := shutil.which("qpdf"):
        done = subprocess.run([qpdf, "--check", str(path)], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_headings_are_tagged_in_order_below_one_title():
    sections = [section("# Hög\n\n#### Låg\n\n# Hög igen"), section("Text.")]
    headings = [tag for tag in tags(render("minutes", minutes(sections=sections)))
                if re.fullmatch("/H[1-6]", tag)]  # fmt: skip
    assert headings == ["/H1", "/H2", "/H2", "/H2", "/H3", "/H4", "/H3", "/H2", "/H2"]


def test_sessions_under_a_title_without_heading_skip_no_level():
    data = programme()
    data["items"] = [data["items"][2] | {"pause": True}, *data["items"]]
    headings = [tag for tag in tags(render("programme", data)) if re.fullmatch("/H[1-6]", tag)]
    assert headings[:7] == ["/H1", "/H2", "/H3", "/H3", "/H3", "/H3", "/H3"]
    assert "/H4" in headings


def test_tables_have_header_cells_and_the_chart_has_words():
    document = render("minutes", minutes())
    assert tags(document).count("/TH") == 3 + 2
    pdf = opened(document)
    figures = [o for o in pdf.objects
               if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]  # fmt: skip
    assert "Civilsamhälle: 67 anmälda, 57 närvarande" in str(figures[0].Alt)


def test_the_same_data_gives_the_same_bytes_in_every_thread():
    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(lambda _: render("minutes", minutes()), range(8)))
    assert len(set(documents)) == 1
    assert documents[0] != render("minutes", minutes(date="2027-03-05"))


def test_it_is_dated_by_its_data():
    assert str(opened(render("minutes", minutes())).docinfo.CreationDate).startswith("D:20270304")
    undated = opened(render("programme", programme()))
    assert str(undated.docinfo.CreationDate).startswith("D:19700101")


@pytest.mark.parametrize("template", ["minutes", "programme"])
def test_what_people_write_is_text_wherever_it_stands(template):
    where = ("title", "place", "kind")
    data = minutes(sections=[section(HOSTILE.replace("*", r"\*").replace("_", r"\_")
                                     .replace("`", r"\`").replace("\\ ", r"\\ ")
                                     .replace("<", r"\<"), HOSTILE)])  # fmt: skip
    if template == "programme":
        data = programme()
        data["items"][0] |= {"title": HOSTILE, "room": HOSTILE}
    text = on_one_line(text_of(render(template, data | dict.fromkeys(where, HOSTILE))))
    assert text.count(HOSTILE) == len(where) + 2
    assert "root:" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("nul\x00 klocka\x07 esc\x1b[0m", "nul klocka esc[0m"),
        ("ensam\ud800 surrogat", "ensam surrogat"),
        ("faktura\u202egnp.exe", "fakturagnp.exe"),
        ("privat \ue000 \U000f0001", "privat [U+E000] [U+F0001]"),
        ("hej 😀 中 ሰላም", "hej [U+1F600] [U+4E2D] [U+1230][U+120B][U+121D]"),
        ("familj 👨‍👩‍👧", "familj [U+1F468][U+1F469][U+1F467]"),
        ("e\u20e3 x", "e[U+20E3] x"),
        ("שלום مرحبا", "שלום مرحبا"),
        ("a\u030angstrom", "ångstrom"),
        ("tre\u2028rader\x0btext", "tre rader text"),
    ],
)
def test_a_character_that_cannot_be_printed_is_left_out_or_numbered(written, shown):
    text = text_of(render("minutes", minutes(place=written)))
    assert shown in on_one_line(re.sub("[\u202a-\u202e]", "", text))


def test_a_mixture_that_makes_typst_panic_still_becomes_a_document():
    mixture = "".join(chr(code) + " " * (code % 50 == 0) for code in range(0xA0, 0x3000))
    text = text_of(render("minutes", minutes(place=mixture, introduction=blocks(mixture))))
    assert "Åå" not in text
    assert "ÄÅÆ" in text
    assert "[U+2F00]" in text


@pytest.mark.parametrize(
    ("start", "piece", "times"),
    [("", "Å", 5000), ("https://example.se/", "abc/", 500), ("", "x", 20_000), ("", "q1-", 900)],
)
def test_a_long_word_is_broken_and_stays_on_the_page(start, piece, times):
    word = start + piece * times
    table = f"`{word}`\n\n| a | b |\n|-|-|\n| {word} | z |"
    document = render("minutes", minutes(place=word, introduction=blocks(f"{word}\n\n{table}")))
    assert text_of(document).replace("\n", "").count(piece) >= 4 * times
    edges = re.findall(r'<word xMin="([\d.]+)" \S+ xMax="([\d.]+)"', copied(document, "-bbox"))
    paper_with_margins = (93, 596 - 93)
    assert min(float(left) for left, _ in edges) > paper_with_margins[0]
    assert max(float(right) for _, right in edges) < paper_with_margins[1]


def test_a_hundred_thousand_letters_are_all_there():
    prose = "Konferensen om samverkan i länet. " * 3000
    text = on_one_line(text_of(render("minutes", minutes(introduction=blocks(prose)))))
    assert re.sub(r"\d+-\d+-\d+ \d+ \(\d+\)", "", text).count("Konferensen") == 3000


def test_only_web_and_mail_addresses_become_links():
    markdown = (
        "[a](https://example.se/a) [b](mailto:a@example.se) <http://example.se> "
        "[c](javascript:alert(1)) [d](file:///etc/passwd) [e](data:text/html,x) "
        "[f](ftp://example.se) [g](/relativ) [h](JaVaScRiPt:alert(1))"
    )
    document = render("minutes", minutes(sections=[section(markdown)]))
    assert addresses(document) == [
        "https://example.se/a",
        "mailto:a@example.se",
        "http://example.se",
    ]
    assert "[c](javascript:alert(1))" in text_of(document)
    assert "link" not in repr(blocks("[f](ftp://example.se) [g](/relativ)"))


def test_the_template_asks_about_an_address_again():
    link = {"type": "link", "url": "javascript:alert(1)", "inlines": [text("tryck")]}
    body = [{"type": "paragraph", "inlines": [link]}]
    document = render("minutes", minutes(introduction=body))
    assert addresses(document) == []
    assert "tryck" in text_of(document)


def test_long_compounds_are_divided_by_swedish_rules_and_short_words_are_not():
    prose = "bostadsförsörjningsansvaret vidare ingen " * 60
    document = render("minutes", minutes(introduction=blocks(prose)))
    ends = set(re.findall(r"(\w+)\u00ad\n", copied(document)))
    assert ends
    assert ends <= {
        "bo", "bostads", "bostadsför", "bostadsförsörj", "bostadsförsörjnings",
        "bostadsförsörjningsan", "bostadsförsörjningsansva", "bostadsförsörjningsansvar",
        "bostadsförsörjningsansvare",
    }  # fmt: skip


def test_what_is_noted_about_the_participants_is_printed():
    people = minutes()["participants"] | {"note": blocks("Tolv kommuner kom.")}
    assert "Tolv kommuner kom." in text_of(render("minutes", minutes(participants=people)))


def test_pages_are_numbered_in_the_swedish_form():
    document = render("minutes", minutes(introduction=blocks("Ett stycke.\n\n" * 80)))
    pages = text_of(document).split("\f")[:-1]
    total = len(opened(document).pages)
    assert total > 1
    assert all(f"{n} ({total})" in page for n, page in enumerate(pages, 1))


def test_a_heading_is_never_left_alone_at_the_foot_of_a_page():
    breaks = set()
    for filling in range(44, 62):
        sections = [section("rad  \n" * filling), section("Stycke.  \nett  \ntvå", "Ensam")]
        pages = text_of(render("minutes", minutes(sections=sections))).split("\f")
        assert ["Ensam" in page for page in pages] == ["Stycke." in page for page in pages]
        breaks.add(["Ensam" in page for page in pages].index(True))
    assert len(breaks) == 2  # the page break has passed the heading


def test_a_programme_of_twelve_items_fits_on_two_pages():
    document = render("programme", programme())
    assert len(opened(document).pages) <= 2
    assert "Seminarium 2" in text_of(document)


def test_a_pause_keeps_its_room_and_text():
    data = programme()
    data["items"][1] |= {"room": "Foajén", "text": blocks("Kaffe med dopp.")}
    assert {"Foajén", "Kaffe med dopp."} <= set(text_of(render("programme", data)).split("\n"))


def test_an_item_longer_than_a_page_is_not_cut():
    document = render("programme", programme(text="Mycket text om samverkan. " * 400))
    assert text_of(document).count("samverkan") == 400 * (11 + 3)


@pytest.mark.parametrize(
    ("template", "data", "language", "sentence"),
    [
        ("../../etc/passwd", {}, "sv", "There is no template '../../etc/passwd' for documents."),
        ("../pdf/house", {}, "sv", "There is no template '../pdf/house' for documents."),
        ("letters", {}, "sv", "There is no template 'letters' for documents."),
        ("minutes", {}, "de", "Documents are written in sv or en, not in 'de'."),
        ("minutes", {"date": "i går"}, "sv", "The date 'i går' of the document is not a date."),
    ],
)
def test_it_refuses_with_a_sentence(template, data, language, sentence):
    with pytest.raises(PdfError, match=f"^{re.escape(sentence)}$"):
        render(template, data, language=language)


def test_what_typst_refuses_is_a_sentence_too():
    with pytest.raises(PdfError, match="'minutes' could not be typeset: dictionary does not"):
        render("minutes", minutes(words={}))


def test_templates_run_no_text_as_a_program():
    sources = ROOT.glob("*.typ")
    code = [line.split("//")[0] for path in sources for line in path.read_text().splitlines()]
    assert code
    assert not re.search(r"\beval\s*\(", "\n".join(code))


# ── Markdown to blocks ───────────────────────────────────────────────────────


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def paragraph(*inlines: dict[str, Any], tight: bool = False) -> dict[str, Any]:
    return {"type": "paragraph", "tight": tight, "inlines": list(inlines)}


def test_inlines_become_a_tree():
    assert blocks("a **b *c*** `d`  \n[e](https://x.se) ![f *g*](x.png) <b>h</b>\ni") == [
        paragraph(
            text("a "),
            {"type": "strong", "inlines": [text("b "), {"type": "em", "inlines": [text("c")]}]},
            text(" "),
            {"type": "code", "text": "d"},
            {"type": "break"},
            {"type": "link", "url": "https://x.se", "inlines": [text("e")]},
            text(" "),
            text("f "),
            {"type": "em", "inlines": [text("g")]},
            text(" <b>h</b>"),
            text(" "),
            text("i"),
        )
    ]


def test_html_is_text():
    assert blocks("<div>a</div>") == [paragraph(text("<div>a</div>"))]


def test_blocks_become_a_tree():
    markdown = "3. a\n   - b\n\n> c\n\n```py\nd\n```\n\n---\n\n| e | f |\n|---|---|\n| g | h |\n"
    nested = {"type": "list", "ordered": False, "start": 1,
              "items": [[paragraph(text("b"), tight=True)]]}  # fmt: skip
    assert blocks(markdown) == [
        {"type": "list", "ordered": True, "start": 3,
         "items": [[paragraph(text("a"), tight=True), nested]]},
        {"type": "quote", "blocks": [paragraph(text("c"))]},
        {"type": "code", "text": "d"},
        {"type": "rule"},
        {"type": "table", "head": [[text("e")], [text("f")]],
         "rows": [[[text("g")], [text("h")]]]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "levels"),
    [("# a\n## b\n### c", [1, 2, 3]), ("### a\n# b\n#### c\n## d", [1, 1, 2, 2]), ("#\n## b", [1])],
)
def test_heading_levels_have_no_gaps(written, levels):
    assert [node["level"] for node in blocks(written)] == levels


def test_a_heading_in_a_quote_is_bold_text():
    bold = {"type": "strong", "inlines": [text("a")]}
    assert blocks("> # a") == [{"type": "quote", "blocks": [paragraph(bold)]}]


@pytest.mark.parametrize(
    "markdown", [">" * 90 + " djupt", "*" * 3000 + "djupt" + "*" * 3000, "- " * 40 + "djupt"]
)
def test_deep_nesting_lies_flat_and_can_be_printed(markdown):
    document = render("minutes", minutes(introduction=blocks(markdown)))
    assert "djupt" in text_of(document)


def test_a_wide_table_is_read_row_by_row():
    row = "|".join(f"c{n}" for n in range(9))
    table = f"|{row}|\n|{'-|' * 9}\n|{row}|"
    assert "c0 | c1 | c2" in text_of(render("minutes", minutes(introduction=blocks(table))))
