"""What is sent is read whatever program made it, and what is no table hurts nobody."""

import contextlib
import io
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refusal
from core.reference import Sector
from core.text import clean_line
from events.rules import Mode
from registrations import spreadsheets
from registrations.importing import guessing, pasting, reading
from registrations.importing.checking import Layout, check
from registrations.importing.rules import Field, letter
from tests.registrations.importing.make import csv, people, xlsx

ROWS = [["Förnamn", "Efternamn", "E-post"], ["Åsa", "Öberg", "asa@example.se"],
        ["Bo", "Ek", "bo@example.se"]]  # fmt: skip


@pytest.fixture(autouse=True)
def words(app):
    """Sentences need the application."""
    with app.test_request_context():
        yield


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_usual_kind(separator, encoding):
    assert reading.read(csv(ROWS, separator, encoding)).rows == ROWS


def test_lines_under_the_table_are_no_people():
    rows = [*ROWS, ["", "", ""], ["Hämtad 2026-11-22", "", ""], ["3 är inte med", "", ""]]
    assert reading.read(csv(rows)).rows == ROWS
    one_column = [["Namn"], ["Åsa Öberg"], [""], ["Bo Ek"]]
    assert reading.read(csv(one_column)).rows == one_column


def test_a_comma_in_a_name_does_not_make_it_the_separator():
    rows = [["Namn", "E-post"], ["Öberg, Åsa", "a@example.se"], ["Ek, Bo", "b@example.se"]]
    assert reading.read(csv(rows)).rows == rows


def test_quotes_and_line_breaks_in_a_cell():
    text = 'Namn;Organisation\r\n"Ek; Bo";"Rad ett\nrad två ""citat"""\r\n'
    assert reading.read(text.encode()).rows[1] == ["Ek; Bo", 'Rad ett\nrad två "citat"']


def test_the_separator_that_excel_names_itself():
    assert reading.read(b"sep=|\r\nNamn|E-post\r\nBo Ek|bo@example.se").rows[1][0] == "Bo Ek"


def test_xlsx_with_an_empty_sheet_first_and_numbers_as_text():
    rows = [["Namn", "Telefon", "Kommun", "Lista"], ["Bo Ek", 102236000, 687, True]]
    assert reading.read(xlsx(rows)).rows == [
        ["Namn", "Telefon", "Kommun", "Lista"], ["Bo Ek", "102236000", "687", "ja"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [b"", b"   \r\n", b"PK\x03\x04 not a zip", b"\x00\x01\x02" * 100, b"%PDF-1.7\n" + b"\x00" * 50,
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, bytes(range(256)) * 20],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(body):
    with pytest.raises(Refusal) as refused:
        reading.read(body)
    assert refused.value.field == "file"
    assert "Fil" in str(refused.value)


def test_too_many_rows_and_columns_are_refused():
    with pytest.raises(Refusal, match="fler än 5\u00a0000 rader"):
        reading.read(csv([["Namn"]] + [[f"Ada Berg{n}"] for n in range(5001)]))
    with pytest.raises(Refusal, match="60 kolumner"):
        reading.read(csv([["x"] * 61]))
    with pytest.raises(Refusal, match="fler än 5\u00a0000 rader"):
        reading.read(xlsx([["x"]] * 5002))
    assert len(reading.read(csv([["Namn"]] + [["Ada Berg"]] * 5000)).rows) == 5001


def sheet_bomb(cells: bytes) -> bytes:
    """A workbook whose sheet is `cells`."""
    original = zipfile.ZipFile(io.BytesIO(xlsx([["x"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in original.infolist():
            body = original.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                body = cells
            bomb.writestr(part.filename, body)
    return file.getvalue()


SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="' + SPACE + b'"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def test_a_file_that_swells_is_refused_before_it_is_read():
    body = sheet_bomb(HEAD + b" " * (60 * 1024 * 1024) + TAIL)
    assert len(body) < 200_000
    with pytest.raises(Refusal, match="för stor när den packas upp"):
        reading.read(body)


def test_two_cells_far_apart_do_not_take_the_server_down():
    near = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    far = near + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    began = time.process_time()
    with pytest.raises(Refusal):
        reading.read(sheet_bomb(HEAD + far + TAIL))
    assert time.process_time() - began < 15


def test_entities_are_not_unfolded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    cells = b']><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&j;</v></c></row>' + TAIL
    began = time.process_time()
    try:
        rows = reading.read(sheet_bomb(bomb + cells)).rows
    except Refusal:
        rows = []
    assert sum(len(cell) for row in rows for cell in row) < 100_000
    assert time.process_time() - began < 15


def test_a_zip_of_something_else_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../etc/passwd", "x")
    with pytest.raises(Refusal):
        reading.read(file.getvalue())


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "＝", "=HYPERLINK(", "=cmd|'/C x'!A0"]),
       TEXTS)  # fmt: skip
def test_what_was_exported_is_imported_again_without_a_change(prefix, text):
    """Case G1: exactly the apostrophe that the export had put there is taken away."""
    organisation = prefix + text
    exported = spreadsheets.to_csv(["Namn", "Organisation"], [["Bo Ek", organisation]])
    table = reading.read(exported.encode("utf-8", "surrogatepass"))
    layout = Layout([Field.NAME, Field.ORGANISATION], True, [Mode.ROOM], Mode.ROOM, Sector.OTHER,
                    table.guarded)  # fmt: skip
    found = check(table.rows, layout)
    again = found.ready[0][4] if found.ready else found.faults[0].value
    forbidden = spreadsheets._FORBIDDEN.sub("\ufffd", organisation)
    assert again == clean_line(forbidden) or "\ufffd" in forbidden


def test_a_telephone_number_with_a_plus_survives_excel():
    table = reading.read(spreadsheets.to_csv(["Namn", "Telefon"], [["Bo Ek", "+46 70 123 45 67"]]
                                             ).encode())  # fmt: skip
    layout = Layout([Field.NAME, Field.PHONE], True, [Mode.ROOM], Mode.ROOM, Sector.OTHER, True)
    assert check(table.rows, layout).ready[0][3] == "+46 70 123 45 67"
    kept_by_excel = Layout([Field.NAME, Field.PHONE], True, [Mode.ROOM], Mode.ROOM, Sector.OTHER)
    assert check(table.rows, kept_by_excel).ready[0][3] == "+46 70 123 45 67"


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Åsa Öberg, Tranås kommun, asa@example.se",
         ["Åsa Öberg", "Tranås kommun", "asa@example.se", ""]),
        ("- Åsa Öberg, Tranås kommun, asa@example.se, 010-223 60 00",
         ["Åsa Öberg", "Tranås kommun", "asa@example.se", "010-223 60 00"]),
        ("3. Åsa Öberg (Tranås kommun) <asa@example.se>",
         ["Åsa Öberg", "Tranås kommun", "asa@example.se", ""]),
        ('> "Öberg, Åsa" <asa@example.se>', ["Öberg, Åsa", "", "asa@example.se", ""]),
        ("Öberg, Åsa, asa@example.se", ["Öberg, Åsa", "", "asa@example.se", ""]),
        ("Åsa Öberg asa@example.se", ["Åsa Öberg", "", "asa@example.se", ""]),
        ("Åsa Öberg; Region Jönköpings län; e-post: asa@example.se.",
         ["Åsa Öberg", "Region Jönköpings län", "asa@example.se", ""]),
        ("Åsa Öberg, Tranås kommun", ["Åsa Öberg", "Tranås kommun", "", ""]),
    ],
)  # fmt: skip
def test_a_line_of_a_mail_is_understood(line, person):
    assert pasting.people(line) == [person]


def test_an_address_list_is_several_people():
    line = 'Åsa Öberg <asa@example.se>; Bo Ek <bo@example.se>, "Ek, Eva" <eva@example.se>'
    assert [person[0] for person in pasting.people(line)] == ["Åsa Öberg", "Bo Ek", "Ek, Eva"]
    assert [person[2] for person in pasting.people(line)] == [
        "asa@example.se", "bo@example.se", "eva@example.se",
    ]  # fmt: skip


def test_cells_from_a_spreadsheet_are_pasted_with_or_without_headings():
    with_them = pasting.read("Namn\tE-post\nÅsa Öberg\tasa@example.se\nBo Ek\tbo@example.se")
    assert guessing.has_headings(with_them.rows[0])
    without = pasting.read("Åsa Öberg\tasa@example.se\tTranås kommun\nBo Ek\tbo@example.se\tSolna")
    assert not guessing.has_headings(without.rows[0])
    assert guessing.fields_by_content(without.rows) == [
        Field.NAME, Field.EMAIL, Field.MUNICIPALITY,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Förnamn", "EFTERNAMN:", "E-post *", "Kommun"],
         [Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.MUNICIPALITY]),
        (["First Name", "Last name", "Email address", "Company"],
         [Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.ORGANISATION]),
        (["Namn", "Epost", "Epost", "Skonummer"], [Field.NAME, Field.EMAIL, None, None]),
        (["Efternamn", "Förnamn", "Namn"], [Field.LAST_NAME, Field.FIRST_NAME, None]),
    ],
)  # fmt: skip
def test_headings_are_understood(headings, fields):
    assert guessing.fields_of(headings) == fields


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Åsa Öberg", ("Åsa", "Öberg")), ("Öberg, Åsa", ("Åsa", "Öberg")),
     ("Carl von Linné", ("Carl", "von Linné")), ("Anna Maria Ek", ("Anna Maria", "Ek")),
     ("Ali Al Hassan", ("Ali", "Al Hassan")), ("Madonna", ("", "Madonna"))],
)  # fmt: skip
def test_a_name_is_split_as_people_mean_it(name, parts):
    assert guessing.split_name(name) == parts


def test_municipalities_by_name_and_code_as_people_write_them():
    for text in ("Tranås", "tranås kommun", "0687", "687", "TRANÅS"):
        assert guessing.municipality(text) == "0687"
    assert guessing.municipality("Göteborgs stad") == "1480"
    assert guessing.municipality("Stockholms kommun") == "0180"
    assert guessing.municipality("Tranos") is None
    assert guessing.nearest_municipality("Tranos") == "Tranås"
    assert guessing.nearest_municipality("xyzzy") is None


def test_the_sector_is_guessed_from_the_organisation():
    for name, sector in [
        ("Tranås kommun", Sector.MUNICIPALITY), ("Region Jönköpings län", Sector.REGION),
        ("Länsstyrelsen i Skåne län", Sector.COUNTY_BOARD), ("Röda Korset", Sector.CIVIL_SOCIETY),
        ("Hyresgästföreningen", Sector.CIVIL_SOCIETY), ("Jönköping University", None),
        ("Lunds universitet", Sector.UNIVERSITY), ("Migrationsverket", Sector.AGENCY),
    ]:  # fmt: skip
        assert guessing.sector_of(name) is sector


NASTY = ["a\x00b", "\u202ebo", "e" + "\u0301" * 3000, "١٢٣", "<script>", "' OR 1=1", "å" * 5000,
         "\ufeff", "NaN", "-1", "=1+1", "{{7*7}}", "\ud7ff", "🫎" * 50]  # fmt: skip


@pytest.mark.parametrize("kind", list(Field))
def test_every_column_takes_anything(kind):
    others = [one for one in (Field.FIRST_NAME, Field.LAST_NAME) if one is not kind]
    layout = Layout([kind, *others], True, list(Mode), Mode.ROOM, Sector.OTHER)
    rows = [["x", *others]] + [[text, "Åsa", "Öberg"][: 1 + len(others)] for text in NASTY]
    found = check(rows, layout)
    assert len(found.ready) + len(found.double) + len({one.row for one in found.faults}) == len(
        NASTY
    )
    for fault in found.faults:
        assert fault.sentence
        assert 2 <= fault.row <= len(NASTY) + 1


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "a@" * 100_000, "@" * 200_000, "1" * 200_000, "- " * 100_000, '"' * 200_000,
     "<" * 200_000, "\t" * 200_000, "a, " * 66_000, ("a@b.se " * 28_000), "> " * 100_000],
)  # fmt: skip
def test_nothing_pasted_takes_long(text):
    """Case F2."""
    began = time.process_time()
    try:
        table = pasting.read(text)
        check(table.rows, Layout([Field.NAME, Field.ORGANISATION, Field.EMAIL, Field.PHONE][
            : len(table.rows[0])], True, [Mode.ROOM], Mode.ROOM, Sector.OTHER))  # fmt: skip
    except Refusal:
        pass
    assert time.process_time() - began < 5


@pytest.mark.parametrize("pattern", ["a", "a@a.", "0 ", "kommun ", "((", "förening ", "å-"])
def test_no_cell_takes_long(pattern):
    cell = (pattern * 10_000)[:10_000]
    row = dict.fromkeys(Field, cell)
    layout = Layout(list(Field), True, list(Mode), Mode.ROOM, Sector.OTHER)
    rows = [[*Field], [*row.values()]]
    rows[1][list(Field).index(Field.PROTECTED)] = ""
    began = time.process_time()
    check(rows, layout)
    assert time.process_time() - began < 1


def test_random_bytes_never_crash():
    randomly = random.Random(7)
    for size in (1, 10, 100, 5000):
        for start in (b"", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n"):
            with contextlib.suppress(Refusal):
                reading.read(start + randomly.randbytes(size))


def test_letters_of_columns():
    assert [letter(place) for place in (0, 25, 26, 59)] == ["A", "Z", "AA", "BH"]


def test_5000_rows_are_checked_in_a_moment():
    rows = people(5000)
    began = time.process_time()
    found = check(rows, Layout(guessing.fields_of(rows[0]), True, [Mode.ROOM], Mode.ROOM,
                               Sector.OTHER))  # fmt: skip
    assert len(found.ready) == 5000
    assert time.process_time() - began < 5
