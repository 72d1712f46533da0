"""What calendars and their answers are called for people."""

from flask_babel import lazy_gettext as _l

from registrations.calendars.rules import Answer, Standing

ALARM = {
    "never": _l("Ingen påminnelse"),
    "15": _l("En kvart före"),
    "60": _l("En timme före"),
    "1440": _l("Ett dygn före"),
}
ANSWER = {
    Answer.ACCEPTED: _l("kommer"),
    Answer.TENTATIVE: _l("kanske"),
    Answer.DECLINED: _l("kommer inte"),
}
STANDING = {
    Standing.COUNTS: _l("gäller"),
    Standing.STRANGER: _l("från en annan adress: gäller inte"),
    Standing.OUTRUN: _l("om en tidigare inbjudan: gäller inte"),
}
ACTION = {
    "calendar.own_feed": _l("Skapade en egen kalender"),
    "calendar.own_feed_ended": _l("Tog bort sin egen kalender"),
    "calendar.reply": _l("Svarade på kalenderinbjudan"),
    "calendar.reply_shown": _l("Hämtade ett svar på kalenderinbjudan"),
}
