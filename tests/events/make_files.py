"""Files as people have them, and as nobody should send them."""

import io
import struct
import zipfile
import zlib

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
POINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def zipped(*members, mimetype=None):
    """A ZIP of (name, body) pairs; `mimetype` stands first and unpacked, as in OpenDocument."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, body in members:
            archive.writestr(name, body)
    return out.getvalue()


def office(main, declared, *more, types=""):
    part = f'<Override PartName="/{main}" ContentType="{declared}.main+xml"/>'
    listed = f"<Types>{part}{types}</Types>"
    return zipped(("[Content_Types].xml", listed), (main, "<x/>"), *more)


def docx(*more, **kwargs):
    return office("word/document.xml", WORD, *more, **kwargs)


def pptx(*more):
    return office("ppt/presentation.xml", POINT, *more)


def odt(kind="text"):
    return zipped(("content.xml", "<x/>"), mimetype=f"application/vnd.oasis.opendocument.{kind}")


def picture(kind="JPEG", size=(900, 600), mode="RGB", **save):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **save)
    return out.getvalue()


def located():
    """A JPEG that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "hemlig plats"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif.tobytes())


def pixel_bomb():
    """A PNG of 50,000 × 50,000 pixels in a few bytes."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def claiming(body, size):
    """The same ZIP, whose last member says that it is `size` bytes unpacked."""
    at = body.rindex(b"PK\x01\x02") + 24
    return body[:at] + struct.pack("<L", size) + body[at + 4 :]


def locked(body):
    """The same ZIP, whose first member says that it is encrypted."""
    at = body.index(b"PK\x01\x02") + 8
    return body[:at] + struct.pack("<H", 1) + body[at + 2 :]


def directory_of(body, count, length):
    """The same ZIP, whose last record tells of another table of contents."""
    return body[:-14] + struct.pack("<HHL", count, count, length) + body[-6:]
