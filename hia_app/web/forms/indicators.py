"""What administrators say of an indicator besides its figures."""

from __future__ import annotations

from hia_app.web.forms.fields import FixedForm, hidden, line, why


class IndicatorWords(FixedForm):
    form_id = hidden()
    owner = line(
        "Owner",
        200,
        ask="Name the person or team who keeps it up to date.",
        hint="The person or team who keeps it up to date, such as Public Health Intelligence.",
    )
    definition = why(
        "Definition",
        "Say what exactly is counted, and how.",
        hint="What exactly is counted, in whom, and how. Somebody else must be able to make the same figures.",
        counted=False,
        rows=4,
    )
    licence = why(
        "Licence",
        "Say under which licence the figures are used.",
        hint="Printed beside the figures. For example: Open Government Licence v3.0.",
        characters=600,
        counted=False,
        rows=2,
    )
