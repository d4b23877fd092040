"""A council in the middle of its work: the demonstration, and beside it one assessment in every state there is."""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select, update

from hia_app import config
from hia_app.config import Settings
from hia_app.db import Database
from hia_app.demo import load
from hia_app.demo.stage import Place, Stage
from hia_app.domain.evidence import About, Said, Target
from hia_app.domain.proposal import Proposal
from hia_app.services import (
    accounts,
    area_imports,
    assessments,
    contributors,
    countersigning,
    cover,
    decisions,
    delegations,
    disputes,
    entitlements,
    evidence,
    evidence_library,
    exempt_marks,
    impacts,
    indicator_library,
    kept_forms,
    packs,
    points,
    ratings,
    responsibilities,
    retention,
    review_sections,
    reviews,
    screening,
    sessions,
    threads,
    versions,
)
from hia_app.services.evidence_intake import receive
from hia_app.services.kept_forms import Field
from hia_app.services.reviews import Point
from hia_app.services.work import Case, Work, open_case, record
from hia_app.store.columns import new_id
from hia_app.store.questionnaires import Shelf
from hia_app.store.tables import ActionItem, Answer, ImpactLine, Notice, OutgoingMail, Person, SuggestionChoice
from hia_app.web.help import PARTS
from hia_app.web.printing import printer
from tests.support import files
from tests.support.areas import WORDS, code, imported, table
from tests.support.boundaries import outlined
from tests.support.databases import Maker
from tests.support.indicators import figures
from tests.support.reviewing import BENEFIT, HARM, PROMISE, QUESTION, add_impact, answer_everything, conclude

SECRET = "only-for-tests-0123456789-abcdefghijklm"
STATEMENTS = {
    "eliminate": "I considered how tenants are chosen.",
    "advance": "I considered who lives in the coldest homes.",
    "foster": "I considered how neighbours were heard.",
    "socio_economic": "",
}


def settings_for(address: str, instance: Path) -> Settings:
    """As the fixture `settings`; the same secret, so that a session of one copy is good in another."""
    return config.load(
        {},
        mode="test",
        instance=instance,
        database_url=address,
        secret_key=SECRET,
        argon2_memory_kib=8,
        argon2_rounds=1,
    )


@dataclass
class Council:
    """Where everything is: people by the demonstration's names, assessments by their state."""

    ids: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    impacts: dict[str, dict[str, str]] = field(default_factory=dict)  # by place: name → id
    points: dict[str, str] = field(default_factory=dict)  # "question", "section", "impact" → id
    offer: str = ""  # a suggestion that nobody has chosen about yet, on the draft
    offer_section: str = ""
    kept: str = ""
    link: str = ""
    contributor: str = ""
    session: str = ""  # a browser in which the officer is signed in
    evidence: dict[str, str] = field(default_factory=dict)  # by place: the file beside its first question
    notice: str = ""  # which the officer has not read
    mail: str = ""  # which waits
    pack: str = ""  # which scrutiny asked for
    area_import: str = ""  # a table of area figures that the administrator handed in and nobody has imported yet
    library: str = ""  # a file that every assessment may cite
    instance: Path = Path()  # the folder with the bytes of those files
    findings: dict[str, str] = field(default_factory=dict)  # of the review: the name in addresses → id
    actions: list[str] = field(default_factory=list)  # promised in the record that was signed off
    edition: str = ""  # area figures that have been replaced
    indicator: str = ""  # of the library, in two editions
    sections: list[str] = field(default_factory=list)  # of the draft: screening first
    parts: list[str] = field(default_factory=lambda: list(PARTS))


class Councils:
    """Copies of a filled database, for tests that may do with them what they like."""

    def __init__(self, makers: Mapping[str, Maker], folder: Path) -> None:
        self._makers = makers
        self._folder = folder
        self._built: dict[str, tuple[str, Council]] = {}

    def settle(self, system: str, instance: Path) -> Council:
        """The council of this system, with its files in another instance folder."""
        council = self._one(system)[1]
        shutil.copytree(council.instance, instance, dirs_exist_ok=True)
        return council

    @contextmanager
    def copy(self, system: str) -> Iterator[str]:
        """The address of a copy, thrown away at the end."""
        copy = self._makers[system].copy(self._one(system)[0])
        yield copy
        self._makers[system].drop(copy)

    def begin_again(self, database: Database) -> None:
        """Put a copy back to how it was; on SQLite only, and while nobody uses it."""
        database.dispose()
        kept, used = (Path(one.removeprefix("sqlite:///")) for one in (self._one("sqlite")[0], database.address))
        for log in ("-wal", "-shm"):
            used.with_name(used.name + log).unlink(missing_ok=True)
        shutil.copyfile(kept, used)

    def _one(self, system: str) -> tuple[str, Council]:
        if system not in self._built:
            address = self._makers[system].make()
            # In a thread of its own: a browser's event loop may run in this one, and sealing a PDF needs none to run.
            with ThreadPoolExecutor(1) as thread:
                council = thread.submit(build, address, self._folder / system).result()
            self._built[system] = address, council
        return self._built[system]


def build(address: str, instance: Path) -> Council:
    """Fill an empty, migrated database."""
    instance.mkdir(parents=True, exist_ok=True)
    settings = settings_for(address, instance)
    database = Database(address)
    try:
        shelf = Shelf.load(settings.questionnaires)
        stage = Stage(database, settings, shelf, printer(settings), datetime.now(UTC) - load.BEGAN)
        stage.add_people()
        edition = _area_figures(stage)
        _entitled(stage)
        indicator = _library(stage)
        load.holbeck(stage)
        load.screened_out(stage)
        council = _Builder(stage).build()
        council.edition, council.instance, council.indicator = edition, instance, indicator
        return council
    finally:
        database.dispose()


def _entitled(stage: Stage) -> None:
    """Somebody who was entitled to full editions, and is no longer."""
    with stage.acting("administrator") as work:
        entitlements.entitle(work, stage.ids["scrutiny"], "Asked to by the monitoring officer for one inquiry")
    with stage.acting("administrator") as work:
        entitlements.end(work, stage.ids["scrutiny"], "The inquiry is over")


def _area_figures(stage: Stage) -> str:
    """Two editions with the places of Holbeck in them, with boundaries; gives the id of the one no longer in use."""
    codes = ("E01011366", "E01011368", "E01011370")
    content = table(**{f"row{place}": {"lsoa21_code": code} for place, code in enumerate(codes, 1)})
    with stage.setting_up() as work:
        first = imported(work, content)
    with stage.setting_up() as work:
        imported(work, content, year="2026")
    with stage.setting_up() as work:
        outlined(work, [*codes, *(code(place) for place in range(4, 21))])
    return first.id


def _library(stage: Stage) -> str:
    """An indicator by tenth in two editions; gives its id."""
    with stage.setting_up() as work:
        row = indicator_library.add(work, new_id(), 10, figures())
    with stage.setting_up() as work:
        indicator_library.revise(work, row.id, 1, figures(period="2026"))
    return row.id


def grow(address: str, instance: Path, council: Council) -> None:
    """Three times as much of everything that pages list, in the same places as before and beside them."""
    settings = settings_for(address, instance)
    database = Database(address)
    try:
        stage = Stage(database, settings, Shelf.load(settings.questionnaires), printer(settings), datetime.now(UTC))
        stage.ids, stage.passwords = dict(council.ids), dict(council.passwords)
        stage.clock -= timedelta(days=9)
        _Builder(stage, council).grow()
    finally:
        database.dispose()


class _Builder:
    def __init__(self, stage: Stage, beside: Council | None = None) -> None:
        self.stage = stage
        self.council = Council(dict(stage.ids), dict(stage.passwords))
        self.beside = beside

    def build(self) -> Council:
        self.council.places |= {
            "signed_off": ("HEA-2026-0001", 1),
            "draft": ("HEA-2026-0001", 2),
            "screened_out_confirmed": ("HEA-2026-0002", 1),
        }
        self._helpers()
        self.screening()
        self._answered("screened", "A cycle stand at the library")
        self.screened_out()
        self.withdrawn()
        self.submitted("submitted", "Warm-home visits by health visitors")
        self.in_review()
        self.covered()
        self.returned()
        self.reviewed()
        self.superseded()
        self._leftovers()
        return self.council

    def grow(self) -> None:
        assert self.beside is not None
        for number in range(8):
            with self.stage.setting_up() as work:
                accounts.add(
                    work, email=f"more{number}@example.org", name=f"More {number}", roles=["officer", "reviewer"]
                )
            with self.stage.setting_up() as work:
                accounts.add(work, email=f"dec{number}@example.org", name=f"Dec {number}", roles=["decision_maker"])
        for number in range(3):
            self.submitted(f"submitted {number}", f"One more, number {number}", {})
        self._taken("taken too", "One more in review", PROMISE, {})
        self.reviewed()
        self.superseded()
        for where in ("draft", "in_review", "returned", "withdrawn"):
            with self.stage.acting("officer", hours=0.1) as work:
                case = open_case(work, *self.beside.places[where])
                if where == "withdrawn":
                    continue
                for _ in range(6):
                    add_impact(work, case, HARM, PROMISE)
                    add_impact(work, case, BENEFIT)
                for _ in range(40):
                    record(work, "answer", case, subject="why_needed")
                ratings.refresh(work, case)
        self._more_people_on_the_draft()

    def _more_people_on_the_draft(self) -> None:
        assert self.beside is not None
        for number in range(4):
            with self.stage.acting("officer", hours=0.1) as work:
                case = open_case(work, *self.beside.places["draft"])
                contributors.invite(work, case, email=f"helper{number}@example.org", name=f"H {number}", sections=[])
                path = f"/assessments/{case.reference}/{case.version.number}/sections/proposal"
                kept_forms.keep(work, work.actor.person_id, path, [Field("a_note", "Another text")])
                sessions.begin(work, work.session.get_one(Person, work.actor.person_id), agent="Another browser")

    def _helpers(self) -> None:
        """A contributor to the whole of Holbeck, one to a single section, somebody without any part, an open link."""
        for key, name in (
            ("contributor", "Con Contributor"),
            ("section_contributor", "Pat Partner"),
            ("nobody", "Nia Nobody"),
            ("deputy", "Dev Deputy"),
        ):
            with self.stage.setting_up() as work:
                roles = ("decision_maker",) if key == "deputy" else ()
                person, link = accounts.add(work, email=f"{key.replace('_', '.')}@example.org", name=name, roles=roles)
                accounts.set_password_by_link(
                    work, link.url.rpartition("/")[2], self._password(key), self._password(key)
                )
                self.council.ids[key] = self.stage.ids[key] = person.id
        with self.stage.setting_up() as work:
            person, link = accounts.add(work, email="new@example.org", name="Una New", roles=())
            self.council.ids["new"] = person.id
        with self.stage.setting_up() as work:
            person, _ = accounts.add(work, email="former@example.org", name="Fay Former", roles=["officer"])
            accounts.disable(work, person.id)
            self.council.ids["former"] = person.id
        with self.stage.acting("officer") as work:
            case = open_case(work, *self.council.places["draft"])
            whole = contributors.invite(work, case, email="contributor@example.org", name="Con", sections=[])
            self.council.contributor = whole.contributor.id
            contributors.invite(
                work, case, email="section.contributor@example.org", name="Pat", sections=["best_start"]
            )

    def _password(self, key: str) -> str:
        return self.council.passwords.setdefault(key, f"a long password of {key}")

    # ---- one assessment for each state ----

    def _start(self, where: str, title: str) -> None:
        decided_by: Literal["officer", "body"] = "body" if where == "superseded" else "officer"
        with self.stage.acting("officer") as work:
            proposal = Proposal(
                title=title,
                summary="A proposal of moderate size that touches people in some streets and not in others.",
                scheme_type="core",
                decision_date=work.today + timedelta(days=100),
                decided_by=decided_by,
                body_name="Executive Board" if decided_by == "body" else "",
                body_meeting_date=work.today + timedelta(days=100) if decided_by == "body" else None,
            )
            case = assessments.start(work, str(uuid.uuid4()), proposal)
            self.council.places[where] = (case.reference, 1)

    def _answered(self, where: str, title: str) -> None:
        self._start(where, title)
        with self.stage.acting("officer") as work:
            case = self.case(work, where)
            answer_everything(work, case, case.screening)

    def case(self, work: Work, where: str) -> Case:
        return open_case(work, *self.council.places[where])

    def screening(self) -> None:
        self._start("screening", "A new opening time for the tenants' office")

    def screened_out(self) -> None:
        self._answered("screened_out", "New signs for the car park")
        with self.stage.acting("officer") as work:
            screening.screen_out(work, self.case(work, "screened_out"), "It changes the colour of some signs.")

    def withdrawn(self) -> None:
        self._draft("withdrawn", "A second depot")
        with self.stage.acting("officer") as work:
            assessments.withdraw(work, self.case(work, "withdrawn"), "The depot will not be built.")

    def _draft(self, where: str, title: str, *harms: Any) -> None:
        self._answered(where, title)
        with self.stage.acting("officer") as work:
            screening.screen_in(work, self.case(work, where))
        with self.stage.acting("officer") as work:
            case = self.case(work, where)
            responsibilities.name_decision_maker(work, case, self.stage.ids["director"])
            answer_everything(work, case, case.questionnaire)
            add_impact(work, case, BENEFIT)
            for harm in harms:
                add_impact(work, case, HARM, harm)
            self._attach(work, case, where)
            ratings.refresh(work, case)
            self.council.impacts[where] = {line.name: line.row.id for line in impacts.lines_of(work, case)}

    def _attach(self, work: Work, case: Case, where: str) -> None:
        """A photograph of the place beside its first question."""
        photograph = receive(work.settings, "Elm Row.png", io.BytesIO(files.png()))
        aim = Target(About.QUESTION, QUESTION)
        row = evidence.attach(work, case, aim, str(uuid.uuid4()), photograph, Said("The street today", "strong"))
        self.council.evidence[where] = row.id

    def submitted(self, where: str, title: str, *harms: Any) -> None:
        self._draft(where, title, *harms)
        with self.stage.acting("officer") as work:
            assessments.submit(work, self.case(work, where))

    def _taken(self, where: str, title: str, *harms: Any) -> None:
        self.submitted(where, title, *harms)
        with self.stage.acting("reviewer") as work:
            reviews.take(work, self.case(work, where), no_conflict=True)

    def in_review(self) -> None:
        """With one mitigation that claims much, and one that has been countersigned already."""
        self._taken("in_review", "Repairs can only be reported online", PROMISE, PROMISE)
        with self.stage.acting("reviewer") as work:
            case = self.case(work, "in_review")
            claim = countersigning.claims(work, case)[1]
            countersigning.countersign(
                work, case, claim.line.row.id, claim.line.row.row_version, "The protocol has been agreed with them."
            )
        with self.stage.acting("reviewer") as work:
            case = self.case(work, "in_review")
            review_sections.assign(work, case, {"best_start": self.stage.ids["reviewer"]})
            review_sections.mark(work, case, "best_start", "B", "", no_conflict=True)
        with self.stage.acting("reviewer") as work:
            case, impact = self.case(work, "in_review"), self.council.impacts["in_review"]["I2"]
            about = ("question", QUESTION)
            said = threads.open_thread(work, case, str(uuid.uuid4()), about, "Which streets?", private=False)
            self.council.findings["thread_id"] = said.id
            otherwise = disputes.dispute(work, case, impact, "likelihood", "almost_certain", "Rents rose elsewhere.")
            self.council.findings["dispute_id"] = otherwise.id
            kept_back = exempt_marks.mark(work, case, *about, 3, "The price is being negotiated.")
            self.council.findings["mark_id"] = kept_back.id
            parts = _parts(work.today + timedelta(days=300))
            self.council.findings["absence_id"] = cover.plan(work, self.stage.ids["second_reviewer"], parts, parts).id

    def covered(self) -> None:
        """Led by somebody who is away today, so that the other reviewer may take it over."""
        self.submitted("covered", "Fewer benches in two parks")
        with self.stage.acting("second_reviewer") as work:
            reviews.take(work, self.case(work, "covered"), no_conflict=True)
            first, last = (_parts(work.today + timedelta(days=days)) for days in (0, 100))
            cover.plan(work, self.stage.ids["reviewer"], first, last)

    def returned(self) -> None:
        self._taken("returned", "A controlled parking zone", {})
        where = self.council.impacts["returned"]
        with self.stage.acting("reviewer") as work:
            given = [
                Point("question", QUESTION, "Say which streets."),
                Point("section", "best_start", "Think of families who share a kitchen."),
                Point("impact", where["I2"], "Say whose rent rises."),
            ]
            reviews.return_(work, self.case(work, "returned"), given)
        with self.stage.acting("officer") as work:
            found = points.latest_points(work, self.case(work, "returned"))
            self.council.points = {one.kind: one.id for one in found}

    def reviewed(self) -> None:
        """A serious harm to people on low income stands, so a sign-off needs written reasons."""
        self._taken("reviewed", "Selling the community laundry", {})
        self._conclude("reviewed")
        with self.stage.acting("director") as work:
            first, last = (work.today + timedelta(days=days) for days in (200, 300))
            case = self.case(work, "reviewed")
            given = delegations.delegate(work, case, self.stage.ids["deputy"], first, last, "I am away on these days.")
            self.council.findings["delegation_id"] = given.id

    def _conclude(self, where: str) -> None:
        with self.stage.acting("reviewer") as work:
            conclude(work, self.case(work, where), "approve", "Clear on who gains and who loses.")

    def _sign(self, where: str) -> None:
        with self.stage.acting("director") as work:
            shown = decisions.shown(work, self.case(work, where))
            for what in ("summary", *(harm.impact["id"] for harm in shown.harms)):
                decisions.confirm_reading(work, self.case(work, where), shown.fingerprint, what)
        with self.stage.acting("director") as work:
            password = self.council.passwords["director"]
            signing = decisions.Signing(shown.fingerprint, **STATEMENTS, reasons="No other way.", password=password)
            decisions.sign_off(work, self.case(work, where), signing, printer(self.stage.settings))

    def superseded(self) -> None:
        """Version 1, and version 2 that took its place; its owner may open version 3."""
        self._taken("superseded", "Fewer bus stops on the estate")
        self._conclude("superseded")
        self._sign("superseded")
        with self.stage.acting("officer", hours=24) as work:
            old = self.case(work, "superseded")
            new = versions.reopen(work, old, str(uuid.uuid4()), "scope", "One more stop closes.")
            self.council.places["signed_again"] = (new.reference, 2)
        with self.stage.acting("officer") as work:
            new = self.case(work, "signed_again")
            _confirm_everything(work, new)
            assessments.submit(work, new)
        with self.stage.acting("reviewer") as work:
            reviews.take(work, self.case(work, "signed_again"), no_conflict=True)
        self._conclude("signed_again")
        self._sign("signed_again")

    # ---- what waits for people ----

    def _leftovers(self) -> None:
        reference, number = self.council.places["draft"]
        with self.stage.acting("officer") as work:
            path = f"/assessments/{reference}/{number}/sections/best_start"
            today = replace(work, now=datetime.now(UTC))
            kept_forms.keep(today, work.actor.person_id, path, [Field("a_note", "A text that was cut off")])
            self.council.kept = kept_forms.waiting(work)[0].id
            case = self.case(work, "draft")
            self._attach(work, case, "draft")
            self.council.impacts["draft"] = {line.name: line.row.id for line in impacts.lines_of(work, case)}
            self._one_open_offer(work, case)
            both = (case.screening, case.questionnaire)
            self.council.sections = [section.id for one in both for section in one.sections]
            _, row = sessions.begin(today, work.session.get_one(Person, work.actor.person_id), agent="Another browser")
            self.council.session = row.id
        with self.stage.acting("reviewer", hours=0.1) as work:
            survey = receive(work.settings, "Damp in homes.txt", io.BytesIO(files.TEXT))
            shared = evidence_library.add(work, str(uuid.uuid4()), survey, Said("What surveys say", "moderate"))
            self.council.library = shared.id
            signed = open_case(work, *self.council.places["signed_off"]).version.id
            promised = select(ActionItem.id).where(ActionItem.version_id == signed)
            self.council.actions = list(work.session.scalars(promised.order_by(ActionItem.id)))
        with self.stage.setting_up() as work:
            today = replace(work, now=datetime.now(UTC))
            self.council.link = accounts.make_link(today, self.council.ids["new"]).url.rpartition("/")[2]
            mine = select(Notice.id).where(Notice.person_id == self.stage.ids["officer"], Notice.read_at.is_(None))
            self.council.notice = work.session.scalars(mine.order_by(Notice.at.desc(), Notice.id)).first()
            waiting = select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None)).order_by(OutgoingMail.id)
            self.council.mail = work.session.scalars(waiting).first()
            stuck = work.session.get_one(OutgoingMail, self.council.mail)
            stuck.given_up_at, stuck.problem = today.now, "The mail server refused it."
        with self.stage.acting("administrator", hours=0.1) as work:
            entitlements.entitle(work, self.council.ids["new"], "She minutes what is exempt.")
            kept = open_case(work, *self.council.places["withdrawn"])
            retention.place_hold(work, kept, "A tenant has asked for a judicial review.")
            past = open_case(work, *self.council.places["screened_out_confirmed"]).version
            past.signed_off_at = work.now - timedelta(days=366 * 20)  # so that its time is over
        with self.stage.acting("scrutiny", hours=0.1) as work:
            signed = open_case(work, *self.council.places["signed_off"]).version.id
            asked = packs.ask(work, str(uuid.uuid4()), title="Executive Board", edition="full", version_ids=[signed])
            self.council.pack = asked.id
        with self.stage.acting("administrator", hours=0.1) as work:
            self.council.area_import = str(uuid.uuid4())
            area_imports.receive(work.settings, self.council.area_import, io.BytesIO(table()))
            area_imports.ask(work, self.council.area_import, name="areas.csv", rows=20, **WORDS)

    def _one_open_offer(self, work: Work, case: Case) -> None:
        """The demonstration has decided about every suggestion; here one of them is open again."""
        declined = work.session.scalars(
            select(SuggestionChoice).where(
                SuggestionChoice.version_id == case.version.id, SuggestionChoice.outcome == "declined"
            )
        ).first()
        self.council.offer = declined.suggestion
        work.session.delete(declined)
        work.session.flush()
        self.council.offer_section = impacts.offered(work, case, declined.suggestion).section_id


def _parts(day: date) -> tuple[str, str, str]:
    return str(day.day), str(day.month), str(day.year)


def _confirm_everything(work: Work, case: Case) -> None:
    """What the officer does page by page in the journeys: look at what was carried over and let it stand."""
    for rows in (Answer, ImpactLine):
        work.session.execute(update(rows).where(rows.version_id == case.version.id).values(to_confirm=False))
