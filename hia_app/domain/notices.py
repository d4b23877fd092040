"""Who is told of what: one table from what happens to an assessment to the people who get a notice of it.

A notice names the assessment by its reference and version and says what happened, in these words and no others: no
title, no text, no name. The same words go by e-mail, which leaves the council's hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whom(StrEnum):
    """A part in an assessment whose holder is told; whoever did it is never told of it."""

    OWNER = "the owner"
    CONTRIBUTORS = "its contributors"
    LEAD = "the lead reviewer"
    FREE_REVIEWERS = "every reviewer who may take it, while nobody leads"
    DECISION_MAKER = "the named decision-maker, and whom they let decide today"
    CONCERNED = "the person it was given to"
    FORMER = "the person who had it before"


class Page(StrEnum):
    """Where the link of a notice leads."""

    ASSESSMENT = "/assessments/{reference}/{number}/"
    REVIEW = "/assessments/{reference}/{number}/review"
    SCREENING = "/assessments/{reference}/{number}/review/screening"
    COMMENTS = "/assessments/{reference}/{number}/comments/"
    DECISION = "/assessments/{reference}/{number}/decision"
    RECORD = "/register/{reference}/{number}/"
    ACTIONS = "/actions"
    HOME = "/"


@dataclass(frozen=True, slots=True)
class Told:
    """One row: these people get these words, with a link to this page.

    `parting`: they are told although they may not see the assessment any more; their link leads home.
    """

    whom: tuple[Whom, ...]
    words: str
    page: Page = Page.ASSESSMENT
    parting: bool = False


W, P = Whom, Page
_AUTHORS = (W.OWNER, W.CONTRIBUTORS)

# Somebody with several parts gets the first row that fits.
TOLD: dict[str, tuple[Told, ...]] = {
    "submit": (
        Told((W.LEAD,), "{name} was submitted and is back with you for review.", P.REVIEW),
        Told((W.FREE_REVIEWERS,), "{name} was submitted and waits for a reviewer.", P.REVIEW),
    ),
    "recall": (Told((W.LEAD, W.FREE_REVIEWERS), "{name} was taken back by its owner before the review."),),
    "screen_out": (Told((W.FREE_REVIEWERS,), "{name} was screened out. A reviewer has to confirm that.", P.SCREENING),),
    "confirm_screen_out": (Told(_AUTHORS, "{name}: a reviewer confirmed that a full assessment is not needed."),),
    "require_full": (Told(_AUTHORS, "{name}: a reviewer asks for a full assessment."),),
    "invite_contributor": (Told((W.CONCERNED,), "You were invited to contribute to {name}."),),
    "remove_contributor": (Told((W.CONCERNED,), "You no longer contribute to {name}.", P.HOME, parting=True),),
    "take_review": (Told((W.OWNER,), "{name} has a reviewer now."),),
    "hand_over_review": (Told((W.CONCERNED,), "The review of {name} was handed over to you.", P.REVIEW),),
    "cover_review": (Told((W.FORMER,), "A colleague took over the review of {name} while you are away.", P.REVIEW),),
    "escalate": (
        Told((W.CONCERNED,), "The review of {name} came to you because it was returned several times.", P.REVIEW),
    ),
    "assign_section": (Told((W.CONCERNED,), "A section of {name} was given to you to review.", P.REVIEW),),
    "review_section": (Told((W.LEAD,), "A section of {name} was reviewed by a colleague.", P.REVIEW),),
    "delegate": (Told((W.CONCERNED,), "The decision on {name} was given to you for some days.", P.DECISION),),
    "end_delegation": (Told((W.FORMER,), "The decision on {name} is not yours any more.", P.HOME, parting=True),),
    "assign_thread": (Told((W.CONCERNED,), "You were asked to deal with a comment on {name}.", P.COMMENTS),),
    "return": (Told(_AUTHORS, "{name} was returned with points to answer."),),
    "conclude": (
        Told((W.DECISION_MAKER,), "The review of {name} is concluded. It is ready for your decision.", P.DECISION),
        Told(_AUTHORS, "The review of {name} is concluded. It is with the decision-maker."),
    ),
    "reopen_review": (Told((W.DECISION_MAKER, *_AUTHORS), "The review of {name} was reopened."),),
    "refer_back": (
        Told((W.LEAD,), "The decision-maker referred {name} back to you.", P.REVIEW),
        Told(_AUTHORS, "The decision-maker referred {name} back to the review."),
    ),
    "sign_off": (Told((*_AUTHORS, W.LEAD), "{name} was signed off. Its record is frozen.", P.RECORD),),
    "refuse": (Told((*_AUTHORS, W.LEAD), "The decision-maker refused {name}."),),
    "withdraw": (Told((*_AUTHORS, W.LEAD, W.DECISION_MAKER), "{name} was withdrawn."),),
    "reopen": (Told((W.CONTRIBUTORS,), "{name} was opened as a new version. You can go on in your sections."),),
    "record_body_decision": (
        Told((W.OWNER, W.LEAD, W.DECISION_MAKER), "What the body decided on {name} was recorded.", P.RECORD),
    ),
    "reassign": (
        Told((W.CONCERNED,), "A part in {name} was given to you."),
        Told((W.FORMER,), "Your part in {name} was given to somebody else.", P.HOME, parting=True),
        Told((W.OWNER, W.LEAD, W.DECISION_MAKER), "Who is responsible for {name} has changed."),
    ),
}

# What nobody does: days that come near, or go by. The worker looks once a day.
DUE: dict[str, Told] = {
    "review_near": Told((W.LEAD,), "The review of {name} is due on {day}.", P.REVIEW),
    "review_passed": Told((W.LEAD,), "The review of {name} was due on {day}.", P.REVIEW),
    "decision_near": Told((W.OWNER, W.LEAD, W.DECISION_MAKER), "The decision on {name} is due on {day}."),
    "decision_passed": Told(
        (W.OWNER, W.LEAD, W.DECISION_MAKER), "The decision on {name} was due on {day}, and it is not signed off."
    ),
    "action_near": Told((W.OWNER,), "An action promised in {name} is due on {day}.", P.ACTIONS),
    "action_passed": Told((W.OWNER,), "An action promised in {name} was due on {day} and is not done.", P.ACTIONS),
}


class Preference(StrEnum):
    """How somebody gets notices by e-mail; in the service they always stand."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


PREFERENCES: dict[Preference, str] = {
    Preference.AT_ONCE: "An e-mail for each notice, at once",
    Preference.DAILY: "One e-mail a day, in the morning, if there is anything",
    Preference.NEVER: "No e-mail: I look here",
}


def table() -> str:
    """The table as Markdown for `docs/policy.md`."""
    lines = ["| when | who | is told |", "|---|---|---|"]
    rows = [*((action, told) for action in sorted(TOLD) for told in TOLD[action]), *DUE.items()]
    for action, told in rows:
        who = "; ".join(told.whom)
        lines.append(f"| {action.replace('_', ' ')} | {who} | {told.words} |")
    return "\n".join(lines) + "\n"
