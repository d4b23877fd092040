"""The policy table and the life cycle: closed by default, sides apart, and the documents equal to the program."""

from itertools import product
from pathlib import Path

import pytest

from hia_app.domain import policy, workflow
from hia_app.domain.errors import NotNow, NotPermitted, NotVisible
from hia_app.domain.policy import ANY, RULES, WORDS, Actor, Role, Side, Standing
from hia_app.domain.workflow import BEFORE_SIGN_OFF, EDITABLE, FROZEN, STATES, TRANSITIONS, Action, State
from tools import write_docs

DOCS = Path(__file__).resolve().parents[3] / "docs"
EVERY_ROLE = frozenset(Role)


def actor(*roles: Role) -> Actor:
    return Actor("p1", "Pat", frozenset(roles))


def standing(state: State, **more: object) -> Standing:
    return Standing(state, **more)  # type: ignore[arg-type]


OWNER = {"side": Side.AUTHOR, "owner": True}
LEAD = {"side": Side.REVIEW, "lead": True, "has_lead": True, "was_submitted": True}
DECIDER = {"side": Side.DECISION, "decision_maker": True, "was_submitted": True, "was_concluded": True}


def test_every_action_but_the_automatic_one_is_in_the_table() -> None:
    assert set(Action) - set(RULES) == {Action.SUPERSEDE}


@pytest.mark.parametrize(("action", "state"), list(product(Action, State)))
def test_nobody_without_a_role_or_a_part_may_do_anything(action: Action, state: State) -> None:
    assert not policy.may(action, actor(), standing(state))


@pytest.mark.parametrize("state", [State.SCREENING, State.DRAFT, State.WITHDRAWN])
def test_holding_every_role_gives_no_way_into_a_strangers_draft(state: State) -> None:
    """An administrator's status is all that every role together gives, before it has reached review."""
    allowed = {action for action in RULES if policy.may(action, actor(*EVERY_ROLE), standing(state))}
    about_one = {action for action in allowed if RULES[action].states is not None}
    assert about_one <= {Action.SEE_STATUS, Action.REASSIGN, Action.REMOVE_CONTRIBUTOR}


@pytest.mark.parametrize("state", State)
def test_a_strangers_assessment_does_not_exist(state: State) -> None:
    visible = policy.visible(actor(Role.OFFICER), standing(state))
    assert visible is (state in FROZEN)
    if not visible:
        with pytest.raises(NotVisible):
            policy.require(Action.ANSWER, actor(Role.OFFICER), standing(state))


def test_a_reviewer_on_the_author_side_is_no_reviewer_here() -> None:
    here = standing(State.IN_REVIEW, side=Side.AUTHOR, contributor=True, was_submitted=True)
    assert not policy.may(Action.TAKE_REVIEW, actor(Role.REVIEWER), here)
    with pytest.raises(NotPermitted):
        policy.require(Action.RETURN, actor(Role.REVIEWER), here)


def test_the_owner_answers_only_while_it_is_open_to_them() -> None:
    for state in State:
        here = standing(state, **OWNER)
        assert policy.may(Action.ANSWER, actor(Role.OFFICER), here) is (state in EDITABLE)
    with pytest.raises(NotNow, match="in review"):
        policy.require(Action.ANSWER, actor(Role.OFFICER), standing(State.IN_REVIEW, **OWNER))


def test_contributors_see_their_sections_and_no_rating() -> None:
    here = standing(State.DRAFT, side=Side.AUTHOR, contributor=True, sections=frozenset({"people"}))
    assert policy.may(Action.ANSWER, actor(), here)
    assert not policy.may(Action.SEE_RATING, actor(), here)
    assert not policy.may(Action.SEE_HISTORY, actor(), here)
    assert here.reaches("people")
    with pytest.raises(NotVisible):
        policy.require_section("places", here)


@pytest.mark.parametrize("state", State)
def test_the_decision_maker_meets_it_only_when_a_review_is_concluded(state: State) -> None:
    here = standing(state, **{**DECIDER, "was_concluded": False})
    seen = policy.may(Action.SEE_CONTENT, actor(Role.DECISION_MAKER), here)
    assert seen is (state in {State.REVIEWED, State.SIGNED_OFF, State.SUPERSEDED})
    assert policy.may(Action.SIGN_OFF, actor(Role.DECISION_MAKER), here) is (state is State.REVIEWED)
    assert not policy.may(Action.SIGN_OFF, actor(Role.OFFICER), here), "the role counts at the moment of asking"


@pytest.mark.parametrize("state", State)
def test_administrators_see_states_and_never_content(state: State) -> None:
    admin, here = actor(Role.ADMINISTRATOR), standing(state)
    assert policy.may(Action.SEE_STATUS, admin, here)
    for action in (Action.SEE_CONTENT, Action.SEE_RATING, Action.SEE_HISTORY, Action.READ_RECORD, Action.ANSWER):
        assert not policy.may(action, admin, here)


@pytest.mark.parametrize(("one", "other"), list(product(Side, Side)))
def test_sides_never_overlap(one: Side, other: Side) -> None:
    assert policy.may_join(one, other) is (one is other)
    assert policy.may_join(one, None)


def test_every_named_rule_has_its_words() -> None:
    assert {who for rule in RULES.values() for who in rule.who} <= set(WORDS)
    assert all(rule.states is None or rule.states <= ANY for rule in RULES.values())


def test_every_transition_is_an_action_somebody_may_do_where_it_starts() -> None:
    for row in TRANSITIONS:
        if row.action in {Action.START, Action.SUPERSEDE}:
            continue
        states = RULES[row.action].states
        assert states is not None
        assert states <= row.sources | {State.SIGNED_OFF, State.SCREENED_OUT_CONFIRMED}, row.action


def test_the_life_cycle_refuses_what_it_does_not_list() -> None:
    listed = {(row.action, source) for row in TRANSITIONS for source in row.sources}
    for row, state in product(TRANSITIONS, State):
        if (row.action, state) in listed:
            assert workflow.after(row.action, state) in row.to
        else:
            with pytest.raises(NotNow):
                workflow.after(row.action, state)


def test_every_state_can_be_reached_and_nothing_leaves_an_end() -> None:
    reached = {to for row in TRANSITIONS for to in row.to}
    assert reached == set(State)
    leaving = {source for row in TRANSITIONS for source in row.sources}
    assert leaving == BEFORE_SIGN_OFF | {State.SIGNED_OFF}
    assert set(STATES) == set(State)


def test_the_policy_page_is_drawn_from_the_tables() -> None:
    wanted = write_docs.published()[DOCS / "policy.md"]
    assert (DOCS / "policy.md").read_text("utf-8") == wanted, "run: python tools/write_docs.py"


@pytest.mark.parametrize("word", [*State, *Role, *Side, *(action for action in Action)])
def test_every_stored_word_is_in_the_glossary(word: str) -> None:
    assert f"`{word}`" in (DOCS / "glossary.md").read_text("utf-8")
