"""Holbeck's second version, signed off through the services as the demonstration plays it, with comments on the way."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hia_app import config, db
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo import load
from hia_app.demo.stage import Place, Stage
from hia_app.domain.report_source import Source
from hia_app.services import archive, impacts, responsibilities, threads
from hia_app.services.archive import Render
from hia_app.services.work import open_case
from hia_app.store.questionnaires import Shelf
from tests.support.reviewing import draw

ABOUT = ("question", "why_needed")
COMMENT = "Somebody will ask how many of the homes we have seen inside."
REPLY = "None yet. The survey of every home begins in January."
BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Played:
    """An installation in which Holbeck's second version has been signed off."""

    stage: Stage
    place: Place

    @property
    def settings(self) -> Settings:
        return self.stage.settings


def play(folder: Path, render: Render = draw) -> Played:
    """Both versions in a new SQLite database; about two seconds, and more if `render` draws real documents."""
    settings = config.load({}, mode="test", instance=folder, argon2_memory_kib=8, argon2_rounds=1)
    db.upgrade(settings.address)
    stage = Stage(Database(settings.address), settings, Shelf.load(settings.questionnaires), render, BEGAN)
    stage.add_people()
    load.holbeck(stage)
    place = ("HEA-2026-0001", 2)
    _second_version(stage, place)
    return Played(stage, place)


def _second_version(stage: Stage, place: Place) -> None:
    """Everything carried over is looked at again; then a comment with its reply, the review, and the sign-off."""
    content = load.read("holbeck")
    newer = content["version_2"]
    stage.answer("officer", place, content["answers"] | newer["answers"])
    with stage.acting("officer") as work:
        rows = {line.row.effect: line.row.id for line in impacts.lines_of(work, open_case(work, *place))}
    changed = {one["id"]: one for one in newer["impacts"]}
    for one in content["impacts"]:
        told = one | changed.get(one["id"], {})
        stage.change_impact("officer", place, rows.get(told["effect"], rows.get(one["effect"], "")), told)
    with stage.acting("officer") as work:
        responsibilities.name_decision_maker(work, open_case(work, *place), stage.ids["director"])
    with stage.acting("officer") as work:
        thread = threads.open_thread(work, open_case(work, *place), str(uuid.uuid4()), ABOUT, COMMENT)
        key = thread.id
    with stage.acting("officer") as work:
        threads.reply(work, open_case(work, *place), key, str(uuid.uuid4()), REPLY)
    load.review_and_sign(stage, place, content)


@cache
def holbeck() -> Source:
    """The record of the second version as its decision-maker sees it; made once, never changed."""
    with tempfile.TemporaryDirectory() as folder:
        played = play(Path(folder))
        with played.stage.acting("director") as work:
            return archive.read(work, open_case(work, *played.place)).source
