"""What the enums of speakers are called for people."""

from flask_babel import lazy_gettext as _l

from events.speaking.rules import Answer, Consent, Missing, Need

CONSENT = {
    Consent.NAME: _l("Namn, titel, organisation och text"),
    Consent.PHOTO: _l("Foto"),
    Consent.RECORDING: _l("Inspelning"),
    Consent.SLIDES: _l("Presentation"),
}
CONSENT_MEANS = {
    Consent.NAME: _l("Visas på evenemangets sida och i programmet, också som fil."),
    Consent.PHOTO: _l("Visas bredvid ditt namn. Kräver att namnet får visas."),
    Consent.RECORDING: _l("Det du säger får spelas in och läggas ut."),
    Consent.SLIDES: _l("Dina bilder får läggas ut så att alla kan ladda ner dem."),
}
ANSWER = {
    Answer.NONE: _l("Inget svar"),
    Answer.YES: _l("Kommer"),
    Answer.NO: _l("Tackar nej"),
}
NEED = {
    Need.PROJECTOR: _l("Projektor eller skärm"),
    Need.SOUND: _l("Ljud från datorn"),
    Need.OWN_COMPUTER: _l("Egen dator"),
    Need.HEARING_LOOP: _l("Hörslinga"),
}
MISSING = {
    Missing.ADDRESS: _l("e-postadress"),
    Missing.INVITATION: _l("inbjudan inte skickad"),
    Missing.ANSWER: _l("svar"),
    Missing.PRESENTATION: _l("presentation"),
    Missing.NAME: _l("samtycke till namn"),
    Missing.PHOTO: _l("foto"),
    Missing.SLIDES: _l("bilder"),
}
ACTION = {
    "speaker.consent": _l("Ändrade samtycken för en medverkande"),
    "engagement.sent": _l("Bjöd in en medverkande"),
    "engagement.reminded": _l("Påminde en medverkande"),
    "engagement.answered": _l("Skrev in svaret från en medverkande"),
    "engagement.needs": _l("Skrev in vad en medverkande behöver i rummet"),
}
