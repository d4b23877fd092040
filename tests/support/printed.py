"""Every kind of document that the service prints, as files for programs that look at files."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hia_app.domain.blank import blank
from hia_app.domain.editions import public
from hia_app.domain.report import report
from hia_app.domain.report_source import Edition, Source
from hia_app.pdf.render import render
from hia_app.pdf.seal import CERTIFICATE_FILE, Sealer, make_certificate
from hia_app.web.printing import two_pages
from tests.support import documents
from tests.support.demonstrations import shipped
from tests.support.records import holbeck

EDITIONS: tuple[Edition, ...] = ("full", "public")
WORDS = ("Somebody who answers at length, and says what each of them would lose. " * 80).split()


def long(words: int = 1_000, answers: int = 200) -> Source:
    """The record with answers of a thousand words until there are two hundred: more than anybody should read."""
    payload: dict[str, Any] = json.loads(json.dumps(holbeck().payload))
    text = " ".join((WORDS * (words // len(WORDS) + 1))[:words])
    questions = holbeck().questionnaire.question_by_id
    rows = payload["answers"]["assessment"]
    texts = [row for row in rows if questions[row["question"]].type == "long_text"]
    for number in range(answers):
        texts[number % len(texts)]["value"] = f"{texts[number % len(texts)]['value'] or ''}\n\n{number + 1}. {text}"
    return replace(holbeck(), payload=payload)


def hostile() -> Source:
    """The record in which every text that people type is one nobody wishes to meet."""
    payload: dict[str, Any] = json.loads(json.dumps(holbeck().payload))
    nasty = documents.HOSTILE
    questions = holbeck().questionnaire.question_by_id
    for number, row in enumerate(payload["answers"]["assessment"]):
        if questions[row["question"]].type in {"long_text", "short_text"}:
            row["value"] = nasty[number % len(nasty)] * 3
    for number, impact in enumerate(payload["impacts"]):
        impact.update(effect=nasty[number % len(nasty)], because=nasty[-1 - number % len(nasty)])
        impact["sentence"] = f"About 40 people will {impact['effect']}"
    payload["assessment"].update(title=nasty[0], summary="\n".join(nasty), trigger_reason=nasty[2])
    for one in payload["people"]:
        one["name"] = nasty[1]
    return replace(holbeck(), payload=payload)


def write(folder: Path, *, long_words: int = 1_000) -> list[Path]:
    """Both editions, the summary, a draft, a sealed file, and a blank questionnaire; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, bytes] = {}
    few = long(long_words // 10)  # four hundred pages once are enough
    short, nasty = holbeck(), hostile()
    for name, *sources in (("short", short, short), ("long", long(long_words), few), ("hostile", nasty, nasty)):
        for edition, source in zip(EDITIONS, sources, strict=True):
            made[f"{name}-{edition}"] = render(report(source, edition), signature_field=True)
            made[f"{name}-{edition}-summary"] = two_pages(public(source) if edition == "public" else source)
    undecided = replace(holbeck(), decision=None, snapshot_hash="", previous_record="")
    made["draft"] = render(report(undecided), watermark="Draft, not for decision")
    made["blank"] = render(blank(shipped("regeneration"), "Example Council", documents.DAY))
    with tempfile.TemporaryDirectory() as keys:
        make_certificate(Path(keys), "Example Council", "", datetime.now(UTC))
        sealer = Sealer.load(Path(keys) / CERTIFICATE_FILE, "")
        made["sealed"] = sealer.seal(made["short-full"])
    for name, content in made.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return sorted(folder.glob("*.pdf"))
