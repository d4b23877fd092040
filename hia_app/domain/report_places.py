"""The places of a record: who lives in the small areas that were chosen, against the whole council."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hia_app.domain import places_map
from hia_app.domain.areas import Compared, Places
from hia_app.domain.document import Block, Figure, Heading, Paragraph, Table
from hia_app.domain.places_map import PlacesMap
from hia_app.domain.report_source import Source
from hia_app.domain.suppression_rules import NOT_PUBLISHED


def snapshot(places: Places | None, drawn: PlacesMap | None = None) -> dict[str, Any] | None:
    """What is frozen of the chosen places: the comparison in plain values with its source, and their map if any."""
    if places is None:
        return None
    return {
        "words": places.words,
        "source": places.source,
        "blocks": [{"title": block.title, "rows": [_row(row) for row in block.rows]} for block in places.blocks()],
        **({"map": places_map.to_json(drawn)} if drawn else {}),
    }


def map_figure(drawn: PlacesMap) -> Figure:
    """The map as it is shown on pages and in documents, with its table."""
    return Figure(drawn, caption=places_map.missing_words(drawn) if drawn.missing else "")


def _row(row: Compared) -> dict[str, Any]:
    shares = {"share": row.share, "council_share": row.council_share}
    return {"label": row.label, "chosen": row.chosen} | {
        name: None if share is None else format(share, "f") for name, share in shares.items()
    }


def places(source: Source) -> Iterator[Block]:
    """People by local fifth, homes by tenure and so on; nothing where no areas were chosen from our figures."""
    found = source.payload.get("places")
    if not found:
        return
    yield Heading("The places", 3, "places")
    yield Paragraph(f"Chosen: {found['words']}. Set against the whole council.")
    if drawn := found.get("map"):  # records from before there were maps, and those without boundaries, have none
        yield map_figure(places_map.from_json(drawn))
    for block in found["blocks"]:
        rows = tuple(
            (
                row["label"][:1].upper() + row["label"][1:],
                row["chosen"] if isinstance(row["chosen"], str) else f"{row['chosen']:,}",
                share_words(row["share"]),
                share_words(row["council_share"]),
            )
            for row in block["rows"]
        )
        if rows:
            head = ("Who", "In the places", "Share there", "Share in the council")
            yield Table(
                block["title"],
                head,
                rows,
                frozenset({1, 2, 3}),
                " ".join(filter(None, (found["source"], block.get("note", "")))),
            )


def share_words(share: Decimal | str | None) -> str:
    """A percentage as it is printed; a dash where there is nobody to be a part of."""
    return "–" if share is None else str(share) if share == NOT_PUBLISHED else f"{share}%"
