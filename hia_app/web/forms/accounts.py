"""Signing in, and setting or changing a password."""

from __future__ import annotations

from hia_app.domain.typed import showable
from hia_app.web.addresses import own_path
from hia_app.web.forms.fields import Asked, FixedForm, StringField, hidden, secret, shortened


class SignIn(FixedForm):
    """What is typed here is not held to the rules of an account: a wrong guess and a wrong form read the same."""

    next = hidden(lambda path: own_path(path) or "")
    email = StringField(
        "Email address",
        [Asked("Enter your email address.")],
        (showable, shortened(254)),
        default="",
        render_kw={"type": "email", "autocomplete": "username", "spellcheck": False},
    )
    password = secret("Password", ask="Enter your password.")


class SetPassword(FixedForm):
    """Which passwords are good enough is for services/passwords.py to say."""

    password = secret("New password", autocomplete="new-password")
    repeated_password = secret("New password again", autocomplete="new-password")


class ChangePassword(SetPassword):
    current_password = secret("Password you use now")
