"""What the enums of series are called for people."""

from flask_babel import lazy_gettext as _l

from events.series.rules import Oddity, Rhythm, SeriesKind

SERIES_KIND = {
    SeriesKind.SERIES: _l("Serie av möten"),
    SeriesKind.CYCLE: _l("Årscykel: högnivåmöte och sakråd"),
}
RHYTHM = {
    Rhythm.WEEKS: _l("Med så många veckor emellan"),
    Rhythm.MONTHLY: _l("Samma veckodag varje månad"),
    Rhythm.DATES: _l("Dagarna som jag skriver nedan"),
}
ODDITY = {
    Oddity.WEEKEND: _l("helg"),
    Oddity.HOLIDAY: _l("röd dag eller afton"),
    Oddity.PAST: _l("har redan varit"),
    Oddity.TAKEN: _l("serien har ett möte den dagen"),
}
ACTION = {
    "series.created": _l("Skapade en serie"),
    "series.changed": _l("Ändrade en serie"),
    "series.joined": _l("Lade evenemanget i en serie"),
    "series.left": _l("Tog evenemanget ur en serie"),
}
