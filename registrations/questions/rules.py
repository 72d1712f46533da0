"""Pure decisions about an event's own questions: which apply to whom, what an answer may be."""

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST = 30  # questions in one form
MOST_OPTIONS = 30
OPTION = 120  # characters of an option
LABEL = 200
PURPOSE = 300
SHORT = 300  # characters of a short answer
LONG = 4000
FEW = 7  # so many options are shown as buttons; more as a list
LARGEST = 1_000_000
DAYS = 30  # after the event an answer is kept, unless the organiser says otherwise
YES, NO = "yes", "no"

Value = str | bool | int | list[str]  # a date is "2027-03-04"


class Kind(enum.StrEnum):
    """What an answer to a question looks like."""

    SHORT = "short"
    LONG = "long"
    ONE = "one"
    MANY = "many"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"


CHOSEN = frozenset({Kind.ONE, Kind.MANY})  # have options
STEERS = CHOSEN | {Kind.YES_NO}  # another question may hang on the answer
WRITTEN = frozenset({Kind.SHORT, Kind.LONG})


@dataclass(frozen=True)
class Asked:
    """One wording of a question. `id` is the wording's, and names the form field.

    It is asked where the mode is `mode` (if that is not ""), the sector among `sectors` (if there
    are any) and the answer to `after` (a question's id) is `answer`.
    """

    id: int
    question_id: int
    kind: Kind
    label: str
    purpose: str
    options: tuple[str, ...] = ()
    required: bool = False
    days: int = DAYS
    mode: str = ""
    sectors: tuple[str, ...] = ()
    after: int | None = None
    answer: str = ""

    @property
    def field(self) -> str:
        """Its name in a form."""
        return f"q_{self.id}"


def is_so(value: Value | None, wanted: str) -> bool:
    """Whether the answer to a question that steers another is (or holds) `wanted`."""
    if isinstance(value, list):
        return wanted in value
    if isinstance(value, bool):
        return value is (wanted == YES)
    return value == wanted


def relevant(
    asked: Iterable[Asked], given: Mapping[int, Value | None], *, mode: str, sector: str
) -> list[Asked]:
    """Those of `asked` (in their order) that concern somebody; `given` is by wording.

    A question that hangs on another stands after it, and is not asked where that one is not.
    """
    found: list[Asked] = []
    answers: dict[int, Value | None] = {}
    for one in asked:
        fits_mode = not one.mode or one.mode == mode
        fits_sector = not one.sectors or sector in one.sectors
        if (
            fits_mode
            and fits_sector
            and (one.after is None or is_so(answers.get(one.after), one.answer))
        ):
            found.append(one)
            answers[one.question_id] = given.get(one.id)
    return found


def needed(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """Those that must be answered, and those that they hang on."""
    wanted = {one.question_id for one in asked if one.required}
    for one in reversed(asked):  # a question stands after the one it hangs on
        if one.question_id in wanted and one.after is not None:
            wanted.add(one.after)
    return tuple(one for one in asked if one.question_id in wanted)


def fits(one: Asked, value: Value) -> bool:
    """Whether `value` can be an answer to the question."""
    if one.kind is Kind.YES_NO:
        return isinstance(value, bool)
    if one.kind is Kind.NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    if one.kind is Kind.MANY:
        return isinstance(value, list) and bool(value) and set(value) <= set(one.options)
    if not isinstance(value, str) or not value:
        return False
    if one.kind is Kind.ONE:
        return value in one.options
    if one.kind is Kind.DATE:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None
    return len(value) <= (SHORT if one.kind is Kind.SHORT else LONG)


def told_apart(lines: Iterable[str]) -> tuple[str, ...]:
    """The options without empty lines and repetitions, in their order."""
    return tuple(dict.fromkeys(line for line in lines if line))


class Sensitive(enum.StrEnum):
    """What a question had better not ask for."""

    IDENTITY = "identity"
    HEALTH = "health"
    BELIEF = "belief"


# Beginnings of words. A hint to the organiser, never a refusal: words mean many things.
_SIGNS = {
    Sensitive.IDENTITY: re.compile(
        r"\b(?:personn(?:umm|r\b)|person-?n(?:umm|r\b)|födelse(?:dat|nr|numm|tid)"
        r"|samordningsn|de fyra sista)"
    ),
    Sensitive.HEALTH: re.compile(
        r"\b(?:allerg|överkänslig|intoleran|gluten|laktos|nötter|specialkost|kosthåll|diet"
        r"|vegetari|vegan|sjukdom|sjukskr|diagnos|medicin(?!sk fakultet)|läkemedel|hälsotill"
        r"|funktionsn|funktionshind|rullstol|hörsel|syns[kv]|tolk|assistent|ledsag|gravid)"
    ),
    Sensitive.BELIEF: re.compile(
        r"\b(?:religi|trosupp|trosriktn|trossam|halal|kosher|muslim|krist(?:en|na)\b|jude\b|judisk"
        r"|fläskkött|politisk åsikt|vilket parti|partitill|fackför|facklig|sexuell lägg|etnisk"
        r"|etnicitet)"
    ),
}


def sensitive(*texts: str) -> list[Sensitive]:
    """What the words of a question look as if they ask for."""
    text = " ".join(texts).casefold()
    return [what for what, sign in _SIGNS.items() if sign.search(text)]
