"""What must stand up in court: one licensing scheme from submission to two signed records, and a forger found out."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hia_app.config import Settings
from hia_app.services import assessments, decisions, impacts, ratings, reviews
from hia_app.services.work import Work, open_case
from hia_app.store.tables import Answer, ImpactLine
from tests.browser.conftest import SignIn
from tests.support.drafts import Drafts
from tests.support.people import PASSWORD, People
from tests.support.reviewing import BENEFIT, HARM, add_impact, conclude, draw, signing

Opener = Callable[..., Page]
TITLE = "Selective licensing, six wards"
HOME_LOST = {"because": "landlords sell when they need a licence", "effect": "lose the home they rent"}
CONDITIONS = (
    ("Agree a protocol with every landlord", "Head of Housing", "Notices served, each quarter"),
    ("Open a fund for deposits", "Director of Finance", "Deposits paid, each quarter"),
)
REASONS = "Homes without heating are the greater harm, and the protocol begins in the same month."


@pytest.fixture
def drafts(people: People) -> Drafts:
    return Drafts(people)


@pytest.fixture
def reference(drafts: Drafts) -> str:
    """A licensing scheme ready to submit, with a serious harm to people on low income about which nothing is done."""
    made = drafts.complete(TITLE, "selective_licensing")

    def harmed(work: Work) -> None:
        case = open_case(work, made, 1)
        add_impact(work, case, BENEFIT)
        add_impact(work, case, HARM, HOME_LOST)
        ratings.refresh(work, case)

    drafts.within("officer", harmed)
    return made


def test_from_submission_to_a_second_record_and_a_forger_found(
    open_page: Opener, sign_in: SignIn, drafts: Drafts, reference: str, settings: Settings, tmp_path: Path
) -> None:
    officer, reviewer = sign_in(open_page(), "officer"), sign_in(open_page(), "reviewer")
    at = drafts.path

    submit(officer, at(reference, "check"))
    reviewer.goto("/reviews")
    reviewer.get_by_role("link", name=TITLE).click()
    take(reviewer, "Take this review")
    threads(officer, reviewer, at(reference, "comments/question/what_will_change"))
    return_with_three_points(reviewer, at(reference, "review/return"), _harm(drafts, reference))
    answer_two_and_rebut_one(officer, at(reference, "points"))
    submit(officer, at(reference, "check"))

    reviewer.goto(at(reference, "review"))
    take(reviewer, "Take up this review")
    see_what_changed(reviewer)
    grade(reviewer, at(reference, "review/grades"))
    conclude_with_two_conditions(reviewer, at(reference, "review/conclude"))

    director = sign_in(open_page(), "decision_maker")
    refused_and_then_signed(director, at(reference, "decision"))
    record = director.locator("main")
    for told in (REASONS, "I considered who lives in the coldest homes.", *(one[0] for one in CONDITIONS)):
        expect(record).to_contain_text(told)

    assert "Everything that was checked is in order." in hia(settings, 0, "archive", "verify")
    bundle = tmp_path / "record.zip"
    hia(settings, 0, "archive", "bundle", reference, "--version", "1", "-o", str(bundle))
    assert check_alone(bundle, tmp_path).endswith("IN ORDER\n")

    open_again_and_change(officer, reference)
    sign_again(drafts, reference)
    officer.goto(f"/register/{reference}/1")
    officer.get_by_role("region", name="Superseded").get_by_role("link", name="version 2").click()
    officer.get_by_role("link", name="What changed since version 1").click()
    expect(officer.locator("main")).to_contain_text("Version 1 and version 2, both as they were signed off.")
    changed = change(officer, "What will change")
    expect(changed.locator("del")).to_contain_text("Six")
    expect(changed.locator("ins")).to_contain_text("Eight")

    assert "Records: 3, of which disposed of: 0." in hia(settings, 0, "archive", "verify")
    forge(settings)
    found = hia(settings, 1, "archive", "verify")
    assert "Something was altered" in found
    assert re.search(r"TAMPERED: record 1: .*submission", found), found
    assert re.search(r"TAMPERED: .*archive_payload", found), found  # the guard that was taken off
    assert check_alone(bundle, tmp_path).endswith("IN ORDER\n")  # what was handed out before is still the true record


# ---- the officer ----


def submit(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("button", name="Submit for review").click()
    expect(banner(page)).to_contain_text("Submitted")


def answer_two_and_rebut_one(page: Page, points: str) -> None:
    """Exactly what was named can be changed, and only that."""
    page.goto(points)
    expect(page.locator(".app-card h2")).to_have_count(3)
    point(page, "Say how many wards.").get_by_role("link", name=re.compile("^Go to it")).click()
    expect(page.locator("#question-why_needed textarea")).to_have_count(0)
    page.locator("[name=what_will_change]").fill("Six wards get licences: every private landlord needs one.")
    page.get_by_role("button", name="Save and continue").click()
    page.goto(points)
    point(page, "Say whose home is lost.").get_by_role("link", name=re.compile("^Go to it")).click()
    page.locator("#effect").fill("lose the home they rent, families first")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    for reason, choice, words in (
        ("Say how many wards.", "I changed it", "We named all six."),
        ("Say whose home is lost.", "I changed it", "Families, because they wait longest."),
        ("Think of families who share a kitchen.", "It should stand as it is", "No such home is in these wards."),
    ):
        page.goto(points)
        card = point(page, reason)
        card.get_by_label(choice, exact=True).check()
        card.get_by_label("What you changed, or why it should stand").fill(words)
        card.get_by_role("button", name="Save this response").click()
        expect(banner(page)).to_contain_text("Your response is saved")


def open_again_and_change(page: Page, reference: str) -> None:
    """A material change: version 2 begins with every answer of version 1, each to be confirmed."""
    page.goto(f"/register/{reference}/1")
    page.get_by_role("link", name=re.compile("Something material has changed")).click()
    page.get_by_label("The scope has changed").check()
    page.locator("[name=reason]").fill("Two more wards are to be licensed.")
    page.get_by_role("button", name="Open the new version").click()
    expect(page.locator("main")).to_contain_text("Version 2 was opened after a material change")
    page.goto(Drafts.path(reference, "sections/proposal", 2))
    question = page.locator("#question-what_will_change")
    expect(question).to_contain_text("To confirm")
    page.locator("[name=what_will_change]").fill("Eight wards get licences: every private landlord needs one.")
    page.get_by_role("button", name="Save and continue").click()
    page.goto(Drafts.path(reference, "sections/proposal", 2))
    expect(question).not_to_contain_text("To confirm")


# ---- the reviewer ----


def take(page: Page, button: str) -> None:
    page.get_by_label("I have no conflict of interest").check()
    page.get_by_role("button", name=button).click()
    expect(banner(page)).to_contain_text("You lead this review")


def threads(officer: Page, reviewer: Page, path: str) -> None:
    """A comment, its reply, and a note that the author side never sees."""
    reviewer.goto(path)
    reviewer.get_by_label("Your comment").fill("Which wards are these?")
    reviewer.get_by_role("button", name="Add the comment").click()
    officer.goto(path)
    officer.get_by_label("Reply", exact=True).fill("The six of the decision of March.")
    officer.get_by_role("button", name="Reply", exact=True).click()
    reviewer.goto(path)
    expect(reviewer.get_by_role("article")).to_contain_text("The six of the decision of March.")
    reviewer.get_by_label("Your comment").fill("Ask the housing team whether this is so.")
    reviewer.get_by_label("Private note").check()
    reviewer.get_by_role("button", name="Add the comment").click()
    expect(reviewer.locator("main")).to_contain_text("Ask the housing team")
    reviewer.get_by_role("button", name="Resolve the comment by Reviewer").first.click()
    officer.goto(path)
    expect(officer.get_by_role("article")).to_have_count(1)
    expect(officer.locator("main")).not_to_contain_text("Ask the housing team")


def return_with_three_points(page: Page, path: str, harm: str) -> None:
    page.goto(path)
    for kind, target, reason in (
        ("question", "what_will_change", "Say how many wards."),
        ("impact", harm, "Say whose home is lost."),
        ("section", "best_start", "Think of families who share a kitchen."),
    ):
        box = page.locator(f'[id="point-{kind}-{target}"]')
        summary = box.locator("xpath=ancestor::details[not(@open)]/summary")
        if summary.count():
            summary.click()
        box.check()
        page.locator(f'[id="reason-{kind}-{target}"]').fill(reason)
    page.get_by_role("button", name="Return it to Officer").click()
    expect(banner(page)).to_contain_text("Returned to Officer")


def see_what_changed(page: Page) -> None:
    expect(page.locator("main")).to_contain_text("No such home is in these wards.")
    page.get_by_role("link", name="What changed", exact=True).click()
    for heading, added in (("Impact I2", "families first"), ("What will change", "every private landlord needs one")):
        expect(change(page, heading).locator("ins", has_text=added).first).to_be_visible()


def grade(page: Page, path: str) -> None:
    page.goto(path)
    for prompt in page.locator("fieldset.app-grade").all():
        prompt.get_by_label("B: Sound").check()
    page.get_by_role("button", name="Save the grades").click()


def conclude_with_two_conditions(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_label("Approve with conditions").check()
    page.locator("#conditions details:not([open]) > summary").first.click()
    for number, (text, owner, measure) in enumerate(CONDITIONS, 1):
        for part, words in (("text", text), ("owner", owner), ("measure", measure)):
            page.locator(f"[name=condition-{number}-{part}]").fill(words)
        for part, value in (("day", "1"), ("month", "6"), ("year", "2027")):
            page.locator(f"[name=condition-{number}-due-{part}]").fill(value)
    page.get_by_label("I have decided what the public edition leaves out").check()
    page.get_by_label("Your reasons").fill("Clear on who gains and who loses.")
    page.get_by_role("button", name="Conclude and pass it on").click()
    expect(banner(page)).to_contain_text("The review is concluded")


# ---- the decision-maker ----


def refused_and_then_signed(page: Page, path: str) -> None:
    """Everything is read and written, but a serious harm stands: only written reasons let it go ahead."""
    page.goto(path)
    expect(page.locator("main")).to_contain_text("A serious harm remains (rule 1)")
    page.get_by_role("button", name="I have read the summary").click()
    page.get_by_role("button", name="I have read serious harm I2").click()
    for aim in ("eliminate", "advance", "foster"):
        page.locator(f"[name={aim}]").fill("I considered who lives in the coldest homes.")
    password = page.get_by_label("Your password", exact=True)
    password.fill(PASSWORD)
    page.locator("#sign-off").click()
    expect(page.locator(".govuk-error-summary li")).to_have_count(1)
    page.get_by_role("link", name="Give your reasons for going ahead").click()
    page.locator("[name=reasons]").fill(REASONS)
    password.fill(PASSWORD)
    page.locator("#sign-off").click()
    expect(banner(page)).to_contain_text("Signed off", timeout=30_000)


def sign_again(drafts: Drafts, reference: str) -> None:
    """The second round, through the services: everything confirmed, submitted, taken, concluded and signed."""

    def submitted(work: Work) -> None:
        case = open_case(work, reference, 2)
        for rows in (Answer, ImpactLine):
            work.session.execute(update(rows).where(rows.version_id == case.version.id).values(to_confirm=False))
        assessments.submit(work, case)

    def concluded(work: Work) -> None:
        case = open_case(work, reference, 2)
        reviews.take(work, case, no_conflict=True)
        conclude(work, open_case(work, reference, 2), "approve", "As before, in two more wards")

    def signed(work: Work) -> None:
        shown = decisions.shown(work, open_case(work, reference, 2))
        for what in ("summary", *(harm.impact["id"] for harm in shown.harms)):
            decisions.confirm_reading(work, open_case(work, reference, 2), shown.fingerprint, what)
        said = signing(shown.fingerprint, reasons=REASONS, password=PASSWORD)
        decisions.sign_off(work, open_case(work, reference, 2), said, draw)

    drafts.within("officer", submitted)
    drafts.within("reviewer", concluded)
    drafts.within("decision_maker", signed)


# ---- the server's own terminal, and somebody who got hold of the file ----


def hia(settings: Settings, code: int, *arguments: str) -> str:
    """What the command says, after it has ended with this code."""
    given = {
        "HEA_INSTANCE": str(settings.instance),
        "HEA_DATABASE_URL": settings.address,
        "HEA_MODE": "test",
        "HEA_SECRET_KEY": settings.secret_key,
    }
    program = "import sys; from hia_app.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def check_alone(bundle: Path, folder: Path) -> str:
    """What the script inside the bundle says, run by a Python that has nothing of ours."""
    with zipfile.ZipFile(bundle) as opened:
        script = opened.extract("check.py", folder)
    command = [sys.executable, "-I", script, str(bundle)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def forge(settings: Settings) -> None:
    """One word of the first record changed in the database file, after its triggers were dropped."""
    file = sqlite3.connect(settings.address.removeprefix("sqlite:///"))
    with file:
        guards = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'archive_payload'")
        for (name,) in guards.fetchall():
            file.execute(f"DROP TRIGGER {name}")
        record, content = file.execute(
            "SELECT p.record_id, p.content FROM archive_payload p JOIN archive_record r ON r.id = p.record_id "
            "WHERE r.seq = 1 AND p.part = 'submission'"
        ).fetchone()
        altered = bytes(content).replace(b"Six wards", b"Sax wards", 1)
        assert altered != content
        file.execute(
            "UPDATE archive_payload SET content = ? WHERE record_id = ? AND part = 'submission'", (altered, record)
        )
    file.close()


# ---- small things ----


def banner(page: Page) -> Any:
    return page.locator(".govuk-notification-banner")


def change(page: Page, heading: str) -> Any:
    """What is different in one answer or impact, on a page that compares."""
    return page.locator(".app-change", has=page.get_by_role("heading", name=heading))


def point(page: Page, reason: str) -> Any:
    return page.locator(".app-card", has_text=reason)


def _harm(drafts: Drafts, reference: str) -> str:
    def found(work: Work) -> str:
        lines = impacts.lines_of(work, open_case(work, reference, 1))
        return next(line.row.id for line in lines if line.row.direction == "harm")

    return drafts.within("officer", found)
