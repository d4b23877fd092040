"""Who may do what: one table of small named rules. What is not listed is refused; what you may not see is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.workflow import BEFORE_SIGN_OFF, EDITABLE, FROZEN, Action, State, words

A, S = Action, State


class Role(StrEnum):
    """What an administrator can make somebody. Contributors are invited to one assessment instead."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    DECISION_MAKER = "decision_maker"
    SCRUTINY = "scrutiny"
    ADMINISTRATOR = "administrator"


class Side(StrEnum):
    """On one assessment, across all its versions and for ever, a person is on one of these or on none."""

    AUTHOR = "author"
    REVIEW = "review"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who asks, with the roles they hold at this very moment."""

    person_id: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one version of an assessment."""

    state: State
    side: Side | None = None
    owner: bool = False
    contributor: bool = False
    sections: frozenset[str] = frozenset()
    lead: bool = False
    has_lead: bool = False
    decision_maker: bool = False
    delegate: bool = False  # the named decision-maker lets them decide today
    keeper: bool = False  # of the action at hand
    was_submitted: bool = False
    was_concluded: bool = False
    full_reader: bool = False  # entitled by name to what is exempt

    def reaches(self, section_id: str) -> bool:
        """Whether this person may work in a section; a contributor's empty set means the whole assessment."""
        return self.owner or (self.contributor and (not self.sections or section_id in self.sections))


Who = Callable[[Actor, Standing | None], bool]


def officer(actor: Actor, _: Standing | None) -> bool:
    return Role.OFFICER in actor.roles


def administrator(actor: Actor, _: Standing | None) -> bool:
    return Role.ADMINISTRATOR in actor.roles


def reader(actor: Actor, _: Standing | None) -> bool:
    return bool(actor.roles - {Role.ADMINISTRATOR})


def public_health(actor: Actor, _: Standing | None) -> bool:
    return Role.REVIEWER in actor.roles


def owner(_: Actor, standing: Standing | None) -> bool:
    return standing is not None and standing.owner


def contributor(_: Actor, standing: Standing | None) -> bool:
    return standing is not None and standing.contributor


def reviewer(actor: Actor, standing: Standing | None) -> bool:
    """A reviewer who is not on another side and whom the assessment has reached."""
    if standing is None or Role.REVIEWER not in actor.roles or standing.side not in {None, Side.REVIEW}:
        return False
    reached = standing.state in {S.SCREENED_OUT, S.SCREENED_OUT_CONFIRMED, S.IN_REVIEW} or standing.was_submitted
    return reached


def first_taker(actor: Actor, standing: Standing | None) -> bool:
    return standing is not None and reviewer(actor, standing) and not standing.has_lead


def lead_reviewer(actor: Actor, standing: Standing | None) -> bool:
    return standing is not None and standing.lead and reviewer(actor, standing)


def full_reader(actor: Actor, standing: Standing | None) -> bool:
    """Entitled by name, and still with a role."""
    return standing is not None and standing.full_reader and reader(actor, standing)


def on_the_server(actor: Actor, _: Standing | None) -> bool:
    """Whoever runs commands on the server, who has the database itself."""
    return not actor.person_id and Role.ADMINISTRATOR in actor.roles


def named_decision_maker(actor: Actor, standing: Standing | None) -> bool:
    """Named on this version, or deciding for who is, and shown it: only once a review has been concluded."""
    return (
        standing is not None
        and (standing.decision_maker or standing.delegate)
        and Role.DECISION_MAKER in actor.roles
        and standing.side in {None, Side.DECISION}
        and standing.state in {S.REVIEWED, S.SIGNED_OFF, S.SUPERSEDED}
    )


def delegator(actor: Actor, standing: Standing | None) -> bool:
    """Whoever is named; what was delegated cannot be handed on."""
    return standing is not None and standing.decision_maker and named_decision_maker(actor, standing)


def keeper(_: Actor, standing: Standing | None) -> bool:
    return standing is not None and standing.keeper


def deciding_elsewhere(actor: Actor, standing: Standing | None) -> bool:
    """The named decision-maker while a concluded assessment is back with the review or stopped: status only."""
    return standing is not None and standing.decision_maker and standing.was_concluded


WORDS: dict[Who, str] = {
    officer: "any officer",
    administrator: "an administrator",
    reader: "anyone signed in with a role (an administrator needs another role too)",
    public_health: "any reviewer",
    owner: "the owner",
    contributor: "an invited contributor, in their sections",
    reviewer: "any reviewer who is not on the author or decision side, once it has reached review",
    first_taker: "any such reviewer while nobody leads",
    lead_reviewer: "the lead reviewer",
    full_reader: "anyone whom an administrator, or the settings, entitled to full editions by name",
    on_the_server: "whoever runs commands on the server",
    named_decision_maker: "the named decision-maker, or whom they let decide on these days",
    delegator: "the named decision-maker alone",
    keeper: "whoever was asked to follow the action",
    deciding_elsewhere: "the named decision-maker after a review was concluded",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Anyone in `who` may, while the version is in one of `states` (None: the action is not about one version)."""

    who: tuple[Who, ...]
    states: frozenset[State] | None = None


ANY = frozenset(State)
_REVIEWING = frozenset({S.IN_REVIEW})
_DECIDING = frozenset({S.REVIEWED})
_IN_HAND = frozenset({S.IN_REVIEW, S.RETURNED, S.REVIEWED})

RULES: dict[Action, Rule] = {
    A.START: Rule((officer,)),
    A.READ_REGISTER: Rule((reader,)),
    A.MANAGE_PEOPLE: Rule((administrator,)),
    A.ENTITLE: Rule((administrator,)),
    A.MANAGE_ARCHIVE: Rule((administrator,)),
    A.SEE_SETTINGS: Rule((administrator,)),
    A.MANAGE_AREAS: Rule((administrator,)),
    A.MANAGE_INDICATORS: Rule((administrator,)),
    A.SEE_STATUS: Rule((owner, contributor, reviewer, named_decision_maker, deciding_elsewhere, administrator), ANY),
    A.SEE_CONTENT: Rule((owner, contributor, reviewer, named_decision_maker), ANY),
    A.SEE_RATING: Rule((owner, reviewer, named_decision_maker), ANY),
    A.SEE_HISTORY: Rule((owner, reviewer, named_decision_maker), ANY),
    A.SEE_SUBMISSION: Rule((owner, reviewer, named_decision_maker), ANY),
    A.SEE_EVIDENCE: Rule((owner, contributor, reviewer, named_decision_maker), ANY),
    A.READ_RECORD: Rule((reader,), FROZEN),
    A.READ_FULL_RECORD: Rule((owner, contributor, reviewer, named_decision_maker, full_reader, on_the_server), FROZEN),
    A.ANSWER_SCREENING: Rule((owner,), frozenset({S.SCREENING})),
    A.SCREEN_IN: Rule((owner,), frozenset({S.SCREENING})),
    A.SCREEN_OUT: Rule((owner,), frozenset({S.SCREENING})),
    A.ANSWER: Rule((owner, contributor), EDITABLE),
    A.RECORD_IMPACT: Rule((owner, contributor), EDITABLE),
    A.ADD_EVIDENCE: Rule((owner, contributor), EDITABLE),
    A.CHANGE_EVIDENCE: Rule((owner, contributor), EDITABLE),
    A.SEE_LIBRARY: Rule((reader,)),
    A.ADD_TO_LIBRARY: Rule((officer, public_health)),
    A.RETIRE_FROM_LIBRARY: Rule((public_health,)),
    A.CHANGE_PROPOSAL: Rule((owner,), EDITABLE | {S.SCREENING}),
    A.INVITE_CONTRIBUTOR: Rule((owner,), EDITABLE | {S.SCREENING}),
    A.REMOVE_CONTRIBUTOR: Rule((owner, administrator), BEFORE_SIGN_OFF),
    A.RESPOND: Rule((owner, contributor), frozenset({S.RETURNED})),
    A.SUBMIT: Rule((owner,), EDITABLE),
    A.RECALL: Rule((owner,), _REVIEWING),
    A.WITHDRAW: Rule((owner, named_decision_maker), BEFORE_SIGN_OFF),
    A.REOPEN: Rule((owner,), frozenset({S.SIGNED_OFF, S.SCREENED_OUT_CONFIRMED})),
    A.CONFIRM_SCREEN_OUT: Rule((reviewer,), frozenset({S.SCREENED_OUT})),
    A.REQUIRE_FULL: Rule((reviewer,), frozenset({S.SCREENED_OUT})),
    A.SEE_QUEUE: Rule((public_health,)),
    A.SEE_REVIEW: Rule((reviewer,), ANY),
    A.TAKE_REVIEW: Rule((first_taker,), _REVIEWING),
    A.ACCEPT_REVIEW: Rule((lead_reviewer,), _REVIEWING),
    A.HAND_OVER_REVIEW: Rule((lead_reviewer,), _REVIEWING),
    A.COVER_REVIEW: Rule((reviewer,), _REVIEWING),
    A.PLAN_ABSENCE: Rule((public_health,)),
    A.COUNTERSIGN: Rule((reviewer,), _REVIEWING),
    A.DISPUTE: Rule((reviewer,), _REVIEWING),
    A.MARK_EXEMPT: Rule((reviewer,), _REVIEWING),
    A.GRADE: Rule((lead_reviewer,), _REVIEWING),
    A.ASSIGN_SECTION: Rule((lead_reviewer,), _REVIEWING),
    A.REVIEW_SECTION: Rule((reviewer,), _REVIEWING),
    A.NOTE_PRIVATELY: Rule((reviewer,), _IN_HAND),
    A.COMMENT: Rule((owner, contributor, reviewer), EDITABLE | _REVIEWING),
    A.SETTLE_THREAD: Rule((owner, contributor, reviewer), EDITABLE | _REVIEWING),
    A.ASSIGN_THREAD: Rule((owner, reviewer), EDITABLE | _REVIEWING),
    A.RETURN: Rule((lead_reviewer,), _REVIEWING),
    A.CONCLUDE: Rule((lead_reviewer,), _REVIEWING),
    A.REOPEN_REVIEW: Rule((lead_reviewer,), _DECIDING),
    A.DELEGATE: Rule((delegator,), _DECIDING),
    A.CONFIRM_READING: Rule((named_decision_maker,), _DECIDING),
    A.SIGN_OFF: Rule((named_decision_maker,), _DECIDING),
    A.REFER_BACK: Rule((named_decision_maker,), _DECIDING),
    A.REFUSE: Rule((named_decision_maker,), _DECIDING),
    A.RECORD_BODY_DECISION: Rule((owner, named_decision_maker), frozenset({S.SIGNED_OFF, S.SUPERSEDED})),
    A.SEE_ACTIONS: Rule((reader,)),
    A.UPDATE_ACTION: Rule((owner, keeper), frozenset({S.SIGNED_OFF})),
    A.CHANGE_ACTION: Rule((owner,), frozenset({S.SIGNED_OFF})),
    A.REASSIGN: Rule((administrator,), ANY - {S.SUPERSEDED, S.WITHDRAWN}),
}


def visible(actor: Actor, standing: Standing) -> bool:
    """Whether this version exists at all for this person."""
    return _holds(A.SEE_STATUS, actor, standing) or may(A.READ_RECORD, actor, standing)


def may(action: Action, actor: Actor, standing: Standing | None = None) -> bool:
    """The question that buttons ask; `require` asks the same one in the service."""
    rule = RULES.get(action)
    if rule is None or not _holds(action, actor, standing):
        return False
    return rule.states is None or (standing is not None and standing.state in rule.states)


def require(action: Action, actor: Actor, standing: Standing | None = None) -> None:
    """Raise NotVisible, NotPermitted or NotNow unless the table allows it."""
    if standing is not None and not visible(actor, standing):
        raise NotVisible("There is nothing here for you.")
    if not _holds(action, actor, standing):
        raise NotPermitted("Your role on this assessment does not allow this.")
    rule = RULES[action]
    if rule.states is not None and (standing is None or standing.state not in rule.states):
        state = words(standing.state) if standing else "not there"
        raise NotNow(f"This cannot be done now: the assessment is {state}.")


def require_section(section_id: str, standing: Standing) -> None:
    """A contributor works only in the sections they were invited to; the others do not exist for them."""
    if not standing.reaches(section_id):
        raise NotVisible("There is nothing here for you.")


def may_join(side: Side, existing: Side | None) -> bool:
    """Whether somebody whose side on an assessment is `existing` may act on `side` there."""
    return existing is None or existing is side


def _holds(action: Action, actor: Actor, standing: Standing | None) -> bool:
    rule = RULES.get(action)
    return rule is not None and any(who(actor, standing) for who in rule.who)


def matrix() -> str:
    """The table as Markdown for `docs/policy.md`; a test keeps the document equal to it."""
    lines = ["| action | who | while the assessment is |", "|---|---|---|"]
    for action in sorted(RULES):
        rule = RULES[action]
        who = "; ".join(WORDS[one] for one in rule.who)
        if rule.states is None:
            states = "–"
        elif rule.states == ANY:
            states = "in any state"
        else:
            states = ", ".join(words(state) for state in State if state in rule.states)
        lines.append(f"| {action.replace('_', ' ')} | {who} | {states} |")
    return "\n".join(lines) + "\n"
