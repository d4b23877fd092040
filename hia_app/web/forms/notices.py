"""How somebody wants to be told by e-mail."""

from __future__ import annotations

from hia_app.domain.notices import PREFERENCES
from hia_app.web.forms.fields import FixedForm, choice, one_of


class MailPreference(FixedForm):
    mail = one_of(
        "E-mail about notices",
        [choice(value, words) for value, words in PREFERENCES.items()],
        ask="Choose how you want to be told.",
    )
