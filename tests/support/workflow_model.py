"""The life of one assessment as a few lines would tell it, to be held against what the service does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Rule = Callable[["Model", str], bool]


@dataclass
class Model:
    """Where the newest version stands, who has which part, and what waits; people are known by name."""

    version: int = 1
    state: str = "draft"
    owner: str = "officer"
    decider: str = "decision_maker"
    lead: str = ""
    accepted: bool = False  # the lead has declared for this round
    graded: bool = False  # in this round
    answered: bool = True  # every returned point has a response
    confirmed: bool = True  # nothing carried over waits
    read: bool = False  # the summary of the newest submission, by the decision-maker
    submitted: bool = False
    returned: bool = False  # at least once in this version
    stale: bool = False  # the decision-maker's open page shows an older submission
    records: int = 0
    sides: dict[str, str] = field(default_factory=lambda: {"officer": "author", "decision_maker": "decision"})

    def reviews(self, who: str) -> bool:
        return who in {"reviewer", "other_reviewer"}

    def allows(self, action: str, who: str) -> bool:
        return ALLOWED[action](self, who)

    def follow(self, action: str, who: str, to: str = "") -> list[str]:
        """Do it; gives the names of what the history must tell."""
        told = [action]
        if action == "submit":
            self.state, self.accepted, self.graded, self.submitted = "in_review", False, False, True
        elif action == "recall":
            self.state = "returned" if self.returned else "draft"
        elif action == "take_review":
            told = ["accept_review"] if self.lead else ["take_review"]
            self.lead, self.accepted = who, True
            self.sides[who] = "review"
        elif action == "hand_over_review":
            self.lead, self.accepted = to, False
            self.sides[to] = "review"
        elif action == "grade":
            self.graded = True
        elif action == "comment":
            self.sides.setdefault(who, "review")
        elif action == "return":
            self.state, self.answered, self.returned = "returned", False, True
        elif action == "respond":
            self.answered = True
        elif action == "conclude":
            self.state, self.read, self.stale = "reviewed", False, True
        elif action in {"reopen_review", "refer_back"}:
            self.state, self.graded, self.accepted = "in_review", False, True
        elif action in {"refuse", "withdraw"}:
            self.state = "withdrawn"
        elif action == "confirm_reading":
            self.read = True
        elif action == "sign_off":
            self.state = "signed_off"
            self.records += 1
            if self.version > 1:
                told.append("supersede")
                self.records += 1
        elif action == "reopen":
            self.version, self.state, self.lead = self.version + 1, "draft", ""
            self.accepted = self.graded = self.read = self.returned = self.submitted = False
            self.answered, self.confirmed = True, False
        return told


def _leads(model: Model, who: str) -> bool:
    return model.state == "in_review" and model.lead == who and model.accepted


def _decides(model: Model, who: str) -> bool:
    return model.state == "reviewed" and who == model.decider


ALLOWED: dict[str, Rule] = {
    "submit": lambda m, who: who == m.owner and m.state in {"draft", "returned"} and m.answered and m.confirmed,
    "recall": lambda m, who: who == m.owner and m.state == "in_review" and not m.lead,
    "withdraw": lambda m, who: (
        (who == m.owner and m.state in {"draft", "returned", "in_review", "reviewed"}) or _decides(m, who)
    ),
    "take_review": lambda m, who: (
        m.state == "in_review" and m.reviews(who) and m.lead in {"", who} and not (m.lead == who and m.accepted)
    ),
    "hand_over_review": lambda m, who: m.state == "in_review" and m.lead == who,
    "grade": lambda m, who: _leads(m, who) and not m.graded,
    "return": _leads,
    "respond": lambda m, who: who == m.owner and m.state == "returned" and not m.answered,
    "conclude": lambda m, who: _leads(m, who) and m.graded,
    "reopen_review": lambda m, who: m.state == "reviewed" and m.lead == who,
    "confirm_reading": lambda m, who: _decides(m, who) and not m.read and not m.stale,
    "sign_off": lambda m, who: _decides(m, who) and m.read and not m.stale,
    "refer_back": _decides,
    "refuse": _decides,
    "reopen": lambda m, who: who == m.owner and m.state == "signed_off",
    "comment": lambda m, who: (
        (who == m.owner and m.state in {"draft", "returned", "in_review"})
        or (m.reviews(who) and m.submitted and m.state in {"draft", "returned", "in_review"})
    ),
}
