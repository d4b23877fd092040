"""Made-up area figures as councils would send them, and the real ones of Leeds where they are."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from hia_app.services import areas
from hia_app.services.work import Work
from hia_app.store.tables import AreaEdition

LEEDS = Path("/work/shared/data/leeds_lsoa21_imd2025_core.csv")
WORDS = {"source": "Made-up figures", "year": "Census 2021", "licence": "Open Government Licence v3.0"}
PRINTED = "Made-up figures, Census 2021. Open Government Licence v3.0."
SIX_WARDS = (
    *("Armley", "Beeston & Holbeck", "Burmantofts & Richmond Hill", "Farnley & Wortley", "Gipton & Harehills"),
    "Hunslet & Riverside",
)
COLUMNS = (
    *("lsoa21_code", "lsoa21_name", "ward24_code", "ward24_name", "imd_rank", "imd_decile", "imd_score"),
    *("usual_residents_2021", "disabled_equality_act_2021", "households_2021", "hh_owned", "hh_shared_ownership"),
    *("hh_social_rented", "hh_private_rented", "hh_rent_free", "hh_overcrowded_bedrooms", "hh_occupancy_total"),
    *("eth_asian", "eth_black", "eth_mixed", "eth_other", "eth_white"),
)


def code(place: int) -> str:
    return f"E01{place:06d}"


def row(place: int, areas: int = 20, **changes: object) -> dict[str, object]:
    """Area number `place` (from 1, most deprived first) of as many; five areas make a ward."""
    ward = (place - 1) // 5 + 1
    private = 100 + areas - place
    residents = 1_000 + place
    return {
        "lsoa21_code": code(place),
        "lsoa21_name": f"Little Place {place:03d}",
        "ward24_code": f"E05{ward:06d}",
        "ward24_name": f"Ward {ward}",
        "imd_rank": place * 7,
        "imd_decile": (place - 1) * 10 // areas + 1,
        "imd_score": f"{90 - place * 80 / areas:.3f}",
        "usual_residents_2021": residents,
        "disabled_equality_act_2021": 200,
        "households_2021": 350 + private,
        "hh_owned": 200,
        "hh_shared_ownership": 5,
        "hh_social_rented": 140,
        "hh_private_rented": private,
        "hh_rent_free": 5,
        "hh_overcrowded_bedrooms": 40,
        "hh_occupancy_total": 350 + private,
        "eth_asian": 100,
        "eth_black": 60,
        "eth_mixed": 30,
        "eth_other": 10,
        "eth_white": residents - 200,
    } | changes


def lines(rows: Iterable[Mapping[str, object]], columns: Iterable[str] = COLUMNS) -> Iterator[str]:
    """The table as text, line by line, quoted where a name has a comma."""
    columns = list(columns)
    yield ",".join(columns) + "\n"
    for one in rows:
        yield ",".join(f'"{text}"' if "," in (text := str(one[name])) else text for name in columns) + "\n"


def table(areas: int = 20, **changed: Mapping[str, object]) -> bytes:
    """A whole table; `changed` maps "row<number>" to what is different there."""
    rows = (row(place, areas, **changed.get(f"row{place}", {})) for place in range(1, areas + 1))
    return "".join(lines(rows)).encode()


def imported(work: Work, content: bytes | None = None, **words: str) -> AreaEdition:
    """A made-up edition of 20 areas in 4 wards, now the current one."""
    return areas.import_file(work, io.BytesIO(content or table()), **(WORDS | words))


def leeds() -> bytes:
    """The real figures of Leeds; a test that needs them says so where they are not."""
    if not LEEDS.is_file():
        pytest.skip(f"The area figures of Leeds are not there: {LEEDS}")
    return LEEDS.read_bytes()
