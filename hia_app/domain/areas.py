"""Who lives in small areas: counts summed up, by deprivation fifth, and set against the whole council."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hia_app.domain.method import FIFTH_NAMES
from hia_app.domain.spreads import Base, Fifths, Unit

ETHNIC = "ethnic_"
TENTH = "residents_of_tenth_1"  # residents of areas that are in England's most deprived tenth
Line = tuple[str, str, tuple[str, ...]]  # name, words, the counts that make it up
TENURES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("owner_occupied", "owner-occupied homes", "owner-occupied", ("owned", "shared_ownership")),
    ("social_rented", "social-rented homes", "social-rented", ("social_rented",)),
    ("private_rented", "private-rented homes", "private-rented", ("private_rented",)),
    ("rent_free", "homes lived in rent-free", "rent-free", ("rent_free",)),
)
ETHNIC_LABELS = {
    "asian": ("Asian residents", "Asian"),
    "black": ("Black residents", "Black"),
    "mixed": ("residents of mixed or multiple ethnic groups", "mixed or multiple groups"),
    "other": ("residents of other ethnic groups", "other groups"),
    "white": ("White residents", "White"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """One small area (LSOA). `counts` holds whole numbers by key: residents, homes by tenure and so on.

    `rank` and `tenth` are national, 1 being the most deprived; `fifth` and `local_tenth` are within the council,
    None where it has fewer areas than that.
    """

    code: str
    name: str
    ward_code: str
    ward_name: str
    rank: int
    tenth: int
    counts: Mapping[str, int]
    score: Decimal | None = None
    fifth: int | None = None
    local_tenth: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts of several areas: the whole, and how much of it lies in each local fifth (most deprived first)."""

    areas: int
    wards: int
    totals: Mapping[str, int]
    by_fifth: Mapping[str, Fifths]

    def total(self, *keys: str) -> int:
        return sum(self.totals.get(key, 0) for key in keys)

    def fifths(self, *keys: str) -> Fifths:
        rows = [self.by_fifth.get(key, (0, 0, 0, 0, 0)) for key in keys]
        one, two, three, four, five = (sum(row[place] for row in rows) for place in range(5))
        return one, two, three, four, five

    def to_json(self) -> dict[str, Any]:
        fifths = {key: list(row) for key, row in self.by_fifth.items()}
        return {"areas": self.areas, "wards": self.wards, "totals": dict(self.totals), "by_fifth": fifths}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Sums:
        fifths: dict[str, Any] = {key: tuple(row) for key, row in stored["by_fifth"].items()}
        return cls(stored["areas"], stored["wards"], stored["totals"], fifths)


@dataclass(slots=True)
class Tally:
    """Adds areas up one by one, so that a whole country needs no more room than a village."""

    areas: int = 0
    _wards: set[str] = field(default_factory=set)
    _totals: dict[str, int] = field(default_factory=dict)
    _fifths: dict[str, list[int]] = field(default_factory=dict)

    def add(self, area: Area) -> None:
        self.areas += 1
        self._wards.add(area.ward_code)
        for key, count in area.counts.items():
            self._totals[key] = self._totals.get(key, 0) + count
            row = self._fifths.setdefault(key, [0, 0, 0, 0, 0])
            if area.fifth is not None:
                row[area.fifth - 1] += count
        tenth = area.counts.get("residents", 0) if area.tenth == 1 else 0
        self._totals[TENTH] = self._totals.get(TENTH, 0) + tenth

    def sums(self) -> Sums:
        fifths: dict[str, Any] = {key: tuple(row) for key, row in self._fifths.items()}
        return Sums(self.areas, len(self._wards), dict(self._totals), fifths)


def sum_up(areas: Iterable[Area]) -> Sums:
    """All of them together."""
    tally = Tally()
    for area in areas:
        tally.add(area)
    return tally.sums()


# Whom an impact reaches, as a part of whom ---------------------------------------------------------------------


def bases(sums: Sums) -> tuple[Base, ...]:
    """Everybody of whom an impact may reach a part: residents, homes by tenure, crowded homes, groups of people."""
    kinds: list[tuple[str, str, Unit, tuple[str, ...]]] = [
        ("residents", "residents", "people", ("residents",)),
        ("households", "homes", "homes", ("households",)),
        *((name, label, "homes", keys) for name, label, _, keys in TENURES),
        ("overcrowded", "overcrowded homes", "homes", ("overcrowded",)),
        ("disabled", "disabled residents", "people", ("disabled",)),
        *((key, ethnic_label(key), "people", (key,)) for key in ethnic_keys(sums)),
    ]
    return tuple(
        Base(name, label, unit, sums.total(*keys), sums.fifths(*keys))
        for name, label, unit, keys in kinds
        if any(key in sums.totals for key in keys)
    )


def ethnic_keys(sums: Sums) -> tuple[str, ...]:
    """The ethnic groups counted, in the order of the alphabet."""
    return tuple(sorted(key for key in sums.totals if key.startswith(ETHNIC)))


def ethnic_label(key: str) -> str:
    """How a group reads after a number: "1,240 Asian residents"."""
    name = _group(key)
    return ETHNIC_LABELS[name][0] if name in ETHNIC_LABELS else f"residents recorded as “{name}”"


def _group(key: str) -> str:
    return key.removeprefix(ETHNIC).replace("_", " ")


# Chosen places against the council -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison; shares are of the block's whole, in per cent, None where there is nobody."""

    key: str
    label: str
    chosen: int
    share: Decimal | None
    council_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines that are parts of one whole."""

    title: str
    rows: tuple[Compared, ...]


def comparison(chosen: Sums, council: Sums) -> tuple[Block, ...]:
    """People by local fifth, homes by tenure, overcrowding, disability and ethnic group: chosen against council."""
    tenures = [(name, words, keys) for name, _, words, keys in TENURES if any(key in council.totals for key in keys)]
    ethnic = ethnic_keys(council)
    groups: list[Line] = [(key, ETHNIC_LABELS.get(_group(key), ("", _group(key)))[1], (key,)) for key in ethnic]
    sized = "sized_homes" if "sized_homes" in council.totals else "households"
    blocks: tuple[tuple[str, list[Line], tuple[str, ...]], ...] = (
        ("Homes by tenure", tenures, ("households",)),
        ("Overcrowding", [("overcrowded", "homes with too few bedrooms", ("overcrowded",))], (sized,)),
        ("Disability", [("disabled", "disabled residents", ("disabled",))], ("residents",)),
        ("Ethnic group", groups, ethnic),
        ("Compared with England", [(TENTH, "in England’s most deprived tenth", (TENTH,))], ("residents",)),
    )
    compared = (_block(title, chosen, council, lines, whole) for title, lines, whole in blocks)
    return (_by_fifth(chosen, council), *compared)


def _by_fifth(chosen: Sums, council: Sums) -> Block:
    here, everywhere = chosen.fifths("residents"), council.fifths("residents")
    rows = tuple(
        Compared(
            f"fifth_{place}",
            name,
            here[place - 1],
            percent(here[place - 1], sum(here)),
            percent(everywhere[place - 1], sum(everywhere)),
        )
        for place, name in enumerate(FIFTH_NAMES, 1)
    )
    return Block("Residents by local deprivation fifth", rows)


def _block(title: str, chosen: Sums, council: Sums, lines: Iterable[Line], whole: tuple[str, ...]) -> Block:
    here, everywhere = chosen.total(*whole), council.total(*whole)
    rows = (
        Compared(
            key,
            label,
            chosen.total(*keys),
            percent(chosen.total(*keys), here),
            percent(council.total(*keys), everywhere),
        )
        for key, label, keys in lines
    )
    return Block(title, tuple(rows))


@dataclass(frozen=True, slots=True)
class Places:
    """The small areas chosen in an assessment, summed up, with the council and the words of the source."""

    codes: tuple[str, ...]
    chosen: Sums
    council: Sums
    source: str

    @property
    def words(self) -> str:
        return places_words(self.chosen)

    @property
    def bases(self) -> tuple[Base, ...]:
        return bases(self.chosen)

    def base(self, name: str) -> Base | None:
        return next((one for one in self.bases if one.id == name), None)

    def blocks(self) -> tuple[Block, ...]:
        return comparison(self.chosen, self.council)

    def source_of(self, base: Base) -> str:
        """Where a spread over the fifths comes from that was worked out from these places."""
        return f"{base.label[:1].upper()}{base.label[1:]} in the chosen places ({self.words}): {self.source}"


def percent(part: int, whole: int) -> Decimal | None:
    """To one decimal place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None


def source_words(source: str, year: str, licence: str) -> str:
    """What is printed wherever a figure appears."""
    stop = "" if licence.rstrip().endswith(".") else "."
    return f"{source.rstrip(' .')}, {year.rstrip(' .')}. {licence.rstrip()}{stop}"


def places_words(sums: Sums) -> str:
    """ "96 small areas in 6 wards"."""
    areas = f"{sums.areas:,} small {'area' if sums.areas == 1 else 'areas'}"
    return f"{areas} in {sums.wards:,} {'ward' if sums.wards == 1 else 'wards'}"
