"""Drawing a committee pack, one document in each step, so that it can be watched, stopped, and gone on with."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hia_app.config import Settings
from hia_app.db import Database
from hia_app.domain import pack
from hia_app.domain.document import Document
from hia_app.domain.editions import public
from hia_app.domain.errors import Refused
from hia_app.domain.pack import KINDS, Kind, Listed
from hia_app.domain.report_source import Edition, Source
from hia_app.services import archive, packs
from hia_app.services.work import Work
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import CommitteePack, RegisterEntry

_LOG = logging.getLogger(__name__)
_COVER, _FRONT = "cover.json", "front"
Step = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True)
class Packer:
    """One pack on one installation. What is known between the steps stands in files of its folder."""

    settings: Settings
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime]
    pack_id: str

    @property
    def folder(self) -> Path:
        return packs.folder(self.settings, self.pack_id)

    def build(self, do_step: Step) -> None:
        """All of it; a pack that is not wanted any more, or cannot be drawn, ends here."""
        try:
            count = do_step(self.begin)
            if isinstance(count, int) and count >= 0:
                self._draw_all(do_step, count)
        except Refused as refused:
            problem = " ".join(refused.reasons)
            do_step(lambda: self._fail(problem))
        except Exception:
            _LOG.exception("Pack %s could not be drawn", self.pack_id)
            do_step(lambda: self._fail(packs.SOMETHING_WRONG))

    def _draw_all(self, do_step: Step, count: int) -> None:
        number = 0
        for kind in KINDS:
            for at in range(count):
                if not do_step(lambda kind=kind, at=at, number=number: self.draw(kind, at, number)):  # type: ignore[misc]
                    return
                number += 1
        do_step(lambda: self.finish(number))
        do_step(self.tidy)

    # -- steps; each may be done again when the worker died before it was noted ---------------------------------

    def begin(self) -> int:
        """Read every record once for the cover, and find out how many pages cover and contents will take.

        Gives the number of records, -1 where nobody wants the pack any more.
        """
        from hia_app.pdf.pack import Place, draw_front

        with self.database.reading() as session:
            work = packs.work_for(session, self.settings, self.shelf, self.pack_id, self.clock())
            if work is None:
                return -1
            row = session.get_one(CommitteePack, self.pack_id)
            listed, left_out, kept = [], [], []
            for version_id in row.version_ids:
                source = _source(work, version_id, _edition(row.edition))
                if source is None:
                    entry = session.get_one(RegisterEntry, version_id)
                    left_out.append(f"{entry.reference} version {entry.number}")
                    continue
                kept.append(version_id)
                listed.append(Listed.of(source))
            cover = {
                "title": row.title,
                "day": work.today.isoformat(),
                "edition": row.edition,
                "listed": [one.to_json() for one in listed],
                "left_out": left_out,
                "version_ids": kept,
            }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keep(_COVER, cover)
        entries = self._entries([])
        pages = draw_front(self._cover(), entries, Place()).part.pages
        self._keep(_COVER, cover | {"pages": pages})
        return len(kept)

    def draw(self, kind: Kind, at: int, number: int) -> bool:
        """Draw one document behind those before it; whether the pack is still wanted."""
        from hia_app.pdf import pack as paper

        known = self._known()
        with self.database.reading() as session:
            work = packs.work_for(session, self.settings, self.shelf, self.pack_id, self.clock())
            if work is None:
                return False
            source = _source(work, known["version_ids"][at], _edition(known["edition"]))
        cover = self._cover()
        if source is None:
            raise Refused("A record of this pack was disposed of while it was drawn. Ask for the pack again.")
        place = self._part(number - 1).next if number else paper.Place(page=known["pages"] + 1)
        drawn = paper.draw(pack.part(source, kind, known["edition"], cover), place, cover)
        paper.keep(drawn, self._path(number))
        self._keep(f"{number}.json", drawn.part.to_json())
        with self.database.writing() as session:
            return packs.note(session, self.pack_id, number + 1)

    def finish(self, count: int) -> None:
        """Draw the cover with the pages that are known now, and put everything into one file."""
        from hia_app.pdf import pack as paper

        with self.database.reading() as session:
            if packs.work_for(session, self.settings, self.shelf, self.pack_id, self.clock()) is None:
                return  # stopped; or done before the worker died
        parts = [(self._part(number), self._path(number)) for number in range(count)]
        entries = self._entries([part for part, _ in parts])
        place = parts[-1][0].next if parts else paper.Place()
        front = paper.draw_front(self._cover(), entries, place._replace(page=1))
        path = self.folder / f"{_FRONT}.part"
        paper.keep(front, path)
        finished = self.folder / packs.FILE
        temporary = finished.with_suffix(".new")
        with temporary.open("wb") as file:
            size = paper.join(self._cover(), [(front.part, path), *parts], file)
        temporary.replace(finished)
        pages = front.part.pages + sum(part.pages for part, _ in parts)
        with self.database.writing() as session:
            packs.end(session, self.pack_id, self.clock(), pages=pages, size=size)

    def tidy(self) -> None:
        """Remove everything but the pack itself."""
        for one in self.folder.glob("*"):
            if one.name != packs.FILE:
                one.unlink(missing_ok=True)

    def _fail(self, problem: str) -> None:
        with self.database.writing() as session:
            failed = packs.end(session, self.pack_id, self.clock(), problem=problem)
        if failed:
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- what is known between the steps ------------------------------------------------------------------------

    def _known(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / _COVER).read_text("utf-8"))
        return found

    def _cover(self) -> Document:
        known = self._known()
        listed = [Listed(**one) for one in known["listed"]]
        day = datetime.fromisoformat(known["day"]).date()
        return pack.front(listed, known["left_out"], self.settings.council_name, known["title"], day)

    def _entries(self, parts: list[Any]) -> list[Any]:
        """The lines of the contents; before anything is drawn, with pages that are not right yet."""
        from hia_app.pdf.pack import Entry

        names = [Listed(**one).name for one in self._known()["listed"]]
        titles = [f"{pack.TITLES[kind]}: {name}" for kind in KINDS for name in names]
        places = [(part.page, part.leads_to) for part in parts] or [(0, "[1 0 R /Fit]")] * len(titles)
        return [Entry(title, 2, *place) for title, place in zip(titles, places, strict=True)]

    def _part(self, number: int) -> Any:
        from hia_app.pdf.pack import Part

        return Part.from_json(json.loads((self.folder / f"{number}.json").read_text("utf-8")))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.part"

    def _keep(self, name: str, known: dict[str, Any]) -> None:
        temporary = self.folder / f"{name}.new"
        temporary.write_text(json.dumps(known), "utf-8")
        temporary.replace(self.folder / name)


def _edition(text: str) -> Edition:
    return "public" if text == "public" else "full"


def _source(work: Work, version_id: str, edition: Edition) -> Source | None:
    """The record in the fullest edition for whoever asked, or the public one; None when it was disposed of."""
    source = next(archive.read_each(work, [version_id]), None)
    return public(source) if source is not None and edition == "public" else source
