"""The chart of a gradient on paper: its figures can be read back, whatever its unit is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pytest

from hia_app.domain.document import Document, Figure, Heading
from hia_app.domain.fitted_chart import fitted_gradient
from hia_app.domain.gradient import Options, gradient
from hia_app.pdf.render import render
from tests.support.gradients import OVERCROWDED, proportions


@pytest.mark.parametrize("unit", ["%", "per 1,000 homes, counted in the long winter of 2026", "<b>&\u202e\U0001f3e0"])
def test_the_drawing_carries_its_figures(unit: str) -> None:
    found = gradient(proportions(OVERCROWDED), Options("proportion", repetitions=1_000))
    chart = replace(fitted_gradient(found, "Overcrowded homes", size=100), unit=unit)
    blocks = (Heading("The gradient"), Figure(chart))
    paper = render(Document("Title", "", "HEA-1", "Leeds", "en", date(2026, 11, 23), (), blocks))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages)
    for told in ("SII", "RII 0.07", "95% limits", "10.3", "Fitted line", "1 (most deprived)"):
        assert told in text
