"""Sentences of Django and allauth on our sign-in pages, named so that our catalogues can say them our way.

Their Spanish says *usted*, ours says *tú*. A catalogue in LOCALE_PATHS goes before an app's, but makemessages
keeps only what it finds in our sources. Nobody calls this.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

ALLAUTH = (
    _("The email address and/or password you specified are not correct."),
    _("Please type your current password."),
    _("Forgot your password?"),
    _("You must type the same password each time."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Authenticator code"),
    _("Code"),
    _("This email address is already associated with this account."),
)
DJANGO = (
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
