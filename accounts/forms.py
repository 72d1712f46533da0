"""Forms of those who work here."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField

from accounts.words import ROLE_IN_FULL
from core.forms import AtMost, Email, Form, Line, Number, Phone, Required, Several

VERSION_MISSING = _l("Formuläret är ofullständigt. Ladda om sidan och försök igen.")


class SignInForm(Form):
    """E-mail address and password. Anything may be tried, so nothing is checked but the length."""

    email = Line(_l("E-post"), required=_l("Skriv din e-postadress."), length=320)
    password = PasswordField(_l("Lösenord"), [Required(_l("Skriv ditt lösenord.")), AtMost(1000)])
    next = HiddenField()


class UserForm(Form):
    """A new colleague."""

    name = Line(_l("Namn"), required=_l("Skriv namnet."))
    email = Email(_l("E-post"), required=_l("Skriv e-postadressen."), length=320)
    password = PasswordField(
        _l("Tillfälligt lösenord"),
        [Required(_l("Skriv ett lösenord med minst 12 tecken.")), AtMost(200)],
        description=_l(
            "Minst 12 tecken. Lämna över det muntligt. Det byts vid första inloggningen."
        ),
    )
    roles = Several(
        _l("Roller"),
        choices=[(role.value, words) for role, words in ROLE_IN_FULL.items()],
        validators=[Required(_l("Välj minst en roll."))],
    )


class RolesForm(Form):
    """A colleague's roles; none takes the person out of the authority."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)
    roles = Several(
        _l("Roller"), choices=[(role.value, words) for role, words in ROLE_IN_FULL.items()]
    )


class ResetForm(Form):
    """A temporary password for a colleague who has lost theirs."""

    password = PasswordField(
        _l("Tillfälligt lösenord"),
        [Required(_l("Skriv ett lösenord med minst 12 tecken.")), AtMost(200)],
        description=_l("Minst 12 tecken. Lämna över det muntligt. Det byts vid nästa inloggning."),
    )


class AddressForm(Form):
    """Where a mail that failed is to go instead."""

    to = Email(_l("Rätt e-postadress"), required=_l("Skriv e-postadressen."), length=320)


class PasswordForm(Form):
    """A new password for oneself."""

    old = PasswordField(
        _l("Nuvarande lösenord"), [Required(_l("Skriv ditt nuvarande lösenord.")), AtMost(1000)]
    )
    password = PasswordField(
        _l("Nytt lösenord"),
        [Required(_l("Skriv ett nytt lösenord.")), AtMost(200)],
        description=_l("Minst 12 tecken. En mening du minns är bättre än krångliga tecken."),
    )


class AuthorityForm(Form):
    """What the authority is called, answers from and is reached at."""

    version = Number(required=VERSION_MISSING, low=1, high=999_999_999)
    name = Line(_l("Namn"), required=_l("Skriv myndighetens namn."))
    sender_name = Line(
        _l("Avsändarnamn i e-post"), required=_l("Skriv vilket namn mottagaren ska se.")
    )
    sender_address = Email(
        _l("Avsändaradress i e-post"),
        length=320,
        description=_l(
            "Lämna tom för tjänstens egen. En egen kräver att e-postservern får skicka för den "
            "(SPF, DKIM); annars kommer mejlen inte fram."
        ),
    )
    reply_to = Email(
        _l("Svarsadress"), length=320, description=_l("Dit svaren på våra utskick går.")
    )
    phone = Phone(_l("Telefon"), length=40)
    data_protection_contact = Line(
        _l("Kontakt i dataskyddsfrågor"),
        length=320,
        description=_l("Till exempel dataskyddsombudets e-postadress."),
    )
