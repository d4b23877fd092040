"""Made-up boundaries: a chequerboard of square areas near Leeds, as a file that councils would import."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from hia_app.services import boundaries
from hia_app.services.work import Work
from hia_app.store.tables import BoundaryEdition

WORDS = {"source": "Made-up boundaries", "year": "2021", "licence": "Open Government Licence v3.0"}
PRINTED = "Made-up boundaries, 2021. Open Government Licence v3.0."
SIDE = 1_000  # metres


def square(place: int, across: int = 5, *, degrees: bool = False) -> list[list[float]]:
    """The ring of the square number `place` (from 0) in rows of `across`, from the south-west corner."""
    row, column = divmod(place, across)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    metres = [(430_000.0 + (column + x) * SIDE, 430_000.0 + (row + y) * SIDE) for x, y in corners]
    if not degrees:
        return [[x, y] for x, y in metres]
    return [[-1.55 + (x - 430_000) / 65_700, 53.8 + (y - 430_000) / 111_195] for x, y in metres]


def feature(code: str, ring: Sequence[Any], **changes: Any) -> dict[str, Any]:
    """One area as the Open Geography Portal writes it."""
    named = {"FID": 1, "LSOA21CD": code, "LSOA21NM": "Little Place", "GlobalID": "x"}
    return {"type": "Feature", "properties": named, "geometry": {"type": "Polygon", "coordinates": [ring]}} | changes


def collection(features: Sequence[Any], **members: Any) -> bytes:
    """A whole file."""
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)}).encode()


def squares(codes: Sequence[str], *, degrees: bool = False) -> bytes:
    """A file with one square for each code."""
    return collection([feature(code, square(place, degrees=degrees)) for place, code in enumerate(codes)])


def outlined(work: Work, codes: Sequence[str], **words: str) -> BoundaryEdition:
    """The newest boundaries: one square for each code, those of the area figures in use being kept."""
    return boundaries.import_file(work, io.BytesIO(squares(codes)), **(WORDS | words))
