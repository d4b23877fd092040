"""Files that an administrator imports, with the words that are printed wherever something of them appears."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage
from wtforms import StringField, TextAreaField

from hia_app.web.forms.fields import Asked, FileChosen, FixedForm, Storable, hidden, line, upload


def _source(example: str) -> StringField:
    return line("Source", 300, ask="Say where the figures come from", hint=f"For example: {example}")


def _year(label: str, example: str) -> StringField:
    return line(label, 100, ask="Say which years the figures are from", hint=f"For example: {example}")


def _licence(hint: str) -> TextAreaField:
    rules = [Storable(600, lines=False), Asked("Say under which licence they are used")]
    return TextAreaField("Licence", rules, description=hint, default="", render_kw={"rows": 4})


class Sourced(FixedForm):
    """Which file, and where it comes from; what stands in the file the services say."""

    form_id = hidden()
    file: FileChosen
    source: StringField
    year: StringField
    licence: TextAreaField

    @property
    def chosen(self) -> FileStorage:
        assert self.file.data is not None  # noqa: S101  asked for below
        return self.file.data

    @property
    def words(self) -> dict[str, str]:
        return {"source": self.source.data, "year": self.year.data, "licence": self.licence.data}


class AreaTable(Sourced):
    file = upload("The table", ask="Choose the table to import", accept=".csv,text/csv")
    source = _source("English Indices of Deprivation 2025 and Census 2021, Office for National Statistics")
    year = _year("Years", "IMD 2025, LSOA 2021, wards 2024, Census 2021")
    licence = _licence(
        "Printed wherever a figure appears. For example: Contains public sector information licensed under the Open "
        "Government Licence v3.0."
    )


class Outlines(Sourced):
    file = upload(
        "The file", ask="Choose the file to import", accept=".geojson,.json,application/geo+json,application/json"
    )
    source = _source("Lower layer Super Output Areas Boundaries EW BGC, Office for National Statistics")
    year = _year("Year", "December 2021")
    licence = _licence(
        "Printed under every map. For example: Contains OS data © Crown copyright and database right. Licensed under "
        "the Open Government Licence v3.0."
    )
