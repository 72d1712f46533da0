"""What invitations and sakråd are called for people."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registrations.invitations.rules import Invited, Status
from registrations.rules import Answer
from registrations.words import ANSWER

STATUS = {
    Status.COMING: _l("Kommande"),
    Status.HELD: _l("Genomfört"),
    Status.CANCELLED: _l("Inställt"),
    Status.POSTPONED: _l("Framflyttat"),
}
# Suggestions; an organiser may write another.
CRITERIA = (
    _l("Sakkunskap i frågan"),
    _l("Företräder dem som berörs"),
    _l("Möter målgruppen i vardagen"),
    _l("Lokal eller regional förankring"),
    _l("Ett annat perspektiv än de övriga"),
    _l("Liten eller ny organisation"),
)
# The six principles of the agreement between the state and civil society (D-02), each as the
# question an organiser asks about the selection.
PRINCIPLES = (
    (_l("Självständighet och oberoende"),
     _l("Får organisationerna vara granskande? Påverkas ingen av bidrag ni beslutar om?")),
    (_l("Dialog"),
     _l("Finns de med som ni brukar missa, och har de tid att förbereda sig?")),
    (_l("Kvalitet"),
     _l("Har varje organisation kunskap som ni saknar i just den här frågan?")),
    (_l("Långsiktighet"),
     _l("Vet de vad som händer efter mötet och när ni hör av er igen?")),
    (_l("Öppenhet och insyn"),
     _l("Förstår en utomstående varför just de är inbjudna, av det du har skrivit?")),
    (_l("Mångfald"),
     _l("Små och stora, stad och land, olika åsikter, och de som själva berörs?")),
)  # fmt: skip


def said(one: Invited) -> str:
    """What an organisation answered; once the meeting has begun no answer is the answer."""
    if one.answer is Answer.SENT and one.came is not None:
        return _("Svarade inte")
    return str(ANSWER[one.answer])
