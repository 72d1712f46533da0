"""The code on a badge that the door reads: it says who, and opens nothing.

The number of the registration and 16 characters derived from the key. It cannot be guessed, holds
no name and is no link: only somebody signed in at the door of the same event is told whose it is.
"""

import base64
import re
from typing import Any

from sqlalchemy.orm import Session

from core import crypto
from registrations.models import Registration

_CODE = re.compile(r"([1-9][0-9]{0,8})-([A-Z2-7]{16})")
_MISREAD = str.maketrans("018", "OIB")  # digits that the code does not use


def door_code(registration: Any) -> str:
    """The code of a registration (or of a row with its `id`), e.g. "17-K3JQ7W2MZP4XN5AB"."""
    seal = crypto.signature("door", str(registration.id))
    letters = base64.b32encode(base64.urlsafe_b64decode(f"{seal}=")[:10]).decode()
    return f"{registration.id}-{letters}"


def registration_by_code(session: Session, event_id: int, code: str) -> Registration | None:
    """Whose code it is, where it is right and the registration is to that event; else None.

    Typed by hand it may have spaces, small letters and 0, 1 or 8 for O, I or B.
    """
    number, hyphen, letters = "".join(code.split()).upper().partition("-")
    read = _CODE.fullmatch(number + hyphen + letters.translate(_MISREAD))
    if not read:
        return None
    registration = session.get(Registration, int(read[1]))
    if registration is None or registration.event_id != event_id:
        return None
    return registration if crypto.same(read[0], door_code(registration)) else None
