"""Photos made anew: whatever was sent, what is kept is a small JPEG of ours without metadata."""

import io
import struct
import warnings
from dataclasses import dataclass

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from core.db import refuse_while_writing
from core.errors import Refusal

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_SIDE = 60  # pixels
SIDE = 600  # pixels
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112  # of EXIF
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@dataclass(frozen=True)
class Jpeg:
    """A photo as we keep it."""

    body: bytes
    width: int
    height: int


def make_jpeg(sent: bytes) -> Jpeg:
    """A JPEG of at most 600 pixels a side, upright, without metadata.

    The size is read from the header and refused before anything is decoded. Raises `Refusal`
    (field "photo") for what is too large, no photo, or broken.
    """
    refuse_while_writing("a photo")
    if len(sent) > MOST_BYTES:
        raise Refusal(_("Bilden är större än 8 MB. Välj en mindre."), "photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs; we refuse them by header
            with Image.open(io.BytesIO(sent), formats=FORMATS) as image:
                return _made_anew(image)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise Refusal(_("Välj ett foto i formatet JPEG, PNG eller WebP."), "photo") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Refusal(
            _("Bilden går inte att läsa. Spara om den och försök igen."), "photo"
        ) from None


def _made_anew(image: Image.Image) -> Jpeg:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < LEAST_SIDE:
        raise Refusal(_("Bilden är för liten. Välj en som är minst 60 bildpunkter."), "photo")
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    image.load()
    turned = upright(image)
    turned.thumbnail((SIDE, SIDE))
    canvas = Image.new("RGB", turned.size, "white")
    seen = turned.convert("RGBA")
    canvas.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=85, optimize=True)
    return Jpeg(out.getvalue(), *canvas.size)


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says.

    Nothing else of it is read, as the library's own way does: cameras and programs write much that
    is broken there.
    """
    try:
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    except (OSError, ValueError, TypeError, SyntaxError, LookupError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _too_many_pixels() -> Refusal:
    return Refusal(
        _("Bilden har fler än 40 miljoner bildpunkter. Förminska den och försök igen."), "photo"
    )
