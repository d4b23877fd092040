"""The life of an assessment: one table of which action leads from which state to which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hia_app.domain.errors import NotNow


class State(StrEnum):
    """Where a version of an assessment stands."""

    SCREENING = "screening"
    SCREENED_OUT = "screened_out"
    SCREENED_OUT_CONFIRMED = "screened_out_confirmed"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    SIGNED_OFF = "signed_off"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """Everything a person can do in the service."""

    # reading
    SEE_STATUS = "see_status"
    SEE_CONTENT = "see_content"
    SEE_RATING = "see_rating"
    SEE_HISTORY = "see_history"
    SEE_SUBMISSION = "see_submission"
    SEE_EVIDENCE = "see_evidence"
    READ_RECORD = "read_record"
    READ_FULL_RECORD = "read_full_record"
    READ_REGISTER = "read_register"
    # the author side
    START = "start"
    ANSWER_SCREENING = "answer_screening"
    SCREEN_IN = "screen_in"
    SCREEN_OUT = "screen_out"
    ANSWER = "answer"
    RECORD_IMPACT = "record_impact"
    INVITE_CONTRIBUTOR = "invite_contributor"
    REMOVE_CONTRIBUTOR = "remove_contributor"
    CHANGE_PROPOSAL = "change_proposal"
    ADD_EVIDENCE = "add_evidence"
    CHANGE_EVIDENCE = "change_evidence"
    RESPOND = "respond"
    SUBMIT = "submit"
    RECALL = "recall"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    # what all assessments share
    SEE_LIBRARY = "see_library"
    ADD_TO_LIBRARY = "add_to_library"
    RETIRE_FROM_LIBRARY = "retire_from_library"
    # the review side
    CONFIRM_SCREEN_OUT = "confirm_screen_out"
    REQUIRE_FULL = "require_full"
    SEE_QUEUE = "see_queue"
    SEE_REVIEW = "see_review"
    TAKE_REVIEW = "take_review"
    ACCEPT_REVIEW = "accept_review"
    HAND_OVER_REVIEW = "hand_over_review"
    COVER_REVIEW = "cover_review"
    PLAN_ABSENCE = "plan_absence"
    COUNTERSIGN = "countersign"
    DISPUTE = "dispute"
    MARK_EXEMPT = "mark_exempt"
    GRADE = "grade"
    ASSIGN_SECTION = "assign_section"
    REVIEW_SECTION = "review_section"
    NOTE_PRIVATELY = "note_privately"
    RETURN = "return"
    CONCLUDE = "conclude"
    REOPEN_REVIEW = "reopen_review"
    # what both sides say to one another
    COMMENT = "comment"
    SETTLE_THREAD = "settle_thread"
    ASSIGN_THREAD = "assign_thread"
    # the decision
    DELEGATE = "delegate"
    CONFIRM_READING = "confirm_reading"
    SIGN_OFF = "sign_off"
    REFER_BACK = "refer_back"
    REFUSE = "refuse"
    RECORD_BODY_DECISION = "record_body_decision"
    # what was promised
    SEE_ACTIONS = "see_actions"
    UPDATE_ACTION = "update_action"
    CHANGE_ACTION = "change_action"
    # follows from the sign-off of a newer version; nobody does it by hand
    SUPERSEDE = "supersede"
    # administration
    REASSIGN = "reassign"
    MANAGE_PEOPLE = "manage_people"
    ENTITLE = "entitle"
    MANAGE_ARCHIVE = "manage_archive"
    SEE_SETTINGS = "see_settings"
    MANAGE_AREAS = "manage_areas"
    MANAGE_INDICATORS = "manage_indicators"


S = State

BEFORE_SIGN_OFF = frozenset({S.SCREENING, S.SCREENED_OUT, S.DRAFT, S.IN_REVIEW, S.RETURNED, S.REVIEWED})
OPEN = BEFORE_SIGN_OFF
EDITABLE = frozenset({S.DRAFT, S.RETURNED})
FROZEN = frozenset({S.SCREENED_OUT_CONFIRMED, S.SIGNED_OFF, S.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the life cycle; `to` has two states only where the earlier state decides (recall)."""

    action: Action
    sources: frozenset[State]
    to: tuple[State, ...]


def _row(action: Action, sources: State | frozenset[State], *to: State) -> Transition:
    return Transition(action, frozenset({sources}) if isinstance(sources, State) else sources, to)


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Action.START, frozenset(), (S.SCREENING,)),
    _row(Action.SCREEN_IN, S.SCREENING, S.DRAFT),
    _row(Action.SCREEN_OUT, S.SCREENING, S.SCREENED_OUT),
    _row(Action.CONFIRM_SCREEN_OUT, S.SCREENED_OUT, S.SCREENED_OUT_CONFIRMED),
    _row(Action.REQUIRE_FULL, S.SCREENED_OUT, S.DRAFT),
    _row(Action.SUBMIT, EDITABLE, S.IN_REVIEW),
    _row(Action.RECALL, S.IN_REVIEW, S.DRAFT, S.RETURNED),
    _row(Action.WITHDRAW, BEFORE_SIGN_OFF, S.WITHDRAWN),
    _row(Action.RETURN, S.IN_REVIEW, S.RETURNED),
    _row(Action.CONCLUDE, S.IN_REVIEW, S.REVIEWED),
    _row(Action.REOPEN_REVIEW, S.REVIEWED, S.IN_REVIEW),
    _row(Action.SIGN_OFF, S.REVIEWED, S.SIGNED_OFF),
    _row(Action.REFER_BACK, S.REVIEWED, S.IN_REVIEW),
    _row(Action.REFUSE, S.REVIEWED, S.WITHDRAWN),
    _row(Action.SUPERSEDE, S.SIGNED_OFF, S.SUPERSEDED),
)
_BY_ACTION = {row.action: row for row in TRANSITIONS}


def after(action: Action, state: State, *, to: State | None = None) -> State:
    """The state an action leads to from `state`; raises NotNow where the table has no such row."""
    row = _BY_ACTION[action]
    if state not in row.sources or (to is not None and to not in row.to):
        raise NotNow(f"This cannot be done while the assessment is {words(state)}.")
    return to or row.to[0]


def life_cycle() -> str:
    """The table as Markdown for `docs/policy.md`."""
    lines = ["| action | from | to |", "|---|---|---|"]
    for row in TRANSITIONS:
        sources = ", ".join(words(state) for state in State if state in row.sources) or "nothing"
        lines.append(f"| {row.action.replace('_', ' ')} | {sources} | {' or '.join(words(to) for to in row.to)} |")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a state is called on the screen: one word, one colour, in this one place."""

    label: str
    colour: str
    meaning: str


STATES: dict[State, Wording] = {
    S.SCREENING: Wording("Screening", "blue", "The officer is answering the screening questions."),
    S.SCREENED_OUT: Wording("Screened out, to confirm", "yellow", "A reviewer must confirm that it is not needed."),
    S.SCREENED_OUT_CONFIRMED: Wording("Not needed", "grey", "Screened out and confirmed; the record is frozen."),
    S.DRAFT: Wording("Draft", "blue", "The author side is answering."),
    S.IN_REVIEW: Wording("In review", "purple", "Public health is reviewing it."),
    S.RETURNED: Wording("Returned", "orange", "The reviewer named points to answer."),
    S.REVIEWED: Wording("Ready for decision", "turquoise", "The decision-maker has it."),
    S.SIGNED_OFF: Wording("Signed off", "green", "Decided; the record is frozen."),
    S.SUPERSEDED: Wording("Superseded", "grey", "A newer version has been signed off; this one stays readable."),
    S.WITHDRAWN: Wording("Withdrawn", "red", "Stopped, with a reason; kept and read-only."),
}


def words(state: State) -> str:
    """The state's label inside a sentence."""
    label = STATES[state].label
    return label[0].lower() + label[1:]
