"""Fixed forms: what they take, what they refuse in which words, and what they never show again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from hia_app.domain.errors import InvalidInput
from hia_app.services.responsibilities import PARTS
from hia_app.web.forms.accounts import ChangePassword, SetPassword, SignIn
from hia_app.web.forms.actions import ReportStatus
from hia_app.web.forms.assessments import Decline, Invite, Reopen, ScreenOut, Withdraw
from hia_app.web.forms.decisions import ReferBack, Refuse, SignOff
from hia_app.web.forms.evidence import AddFile, ChangeSaid, Withhold
from hia_app.web.forms.fields import FixedForm, Sent
from hia_app.web.forms.findings import Disagree, LiftMark, MarkExempt, WithdrawDispute
from hia_app.web.forms.people import AssessmentSearch, Named, NewPerson, Reassign, Roles
from hia_app.web.forms.register import UNCLEAR, RegisterSearch
from hia_app.web.forms.reviews import Absence, Conclude, ConfirmScreening, Countersign, HandOver, NoConflict
from hia_app.web.forms.sources import AreaTable, Outlines
from tests.support.people import PASSWORD, People, Visitor

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECTIONS = SimpleNamespace(sections=[SimpleNamespace(id="people", title="People"), SimpleNamespace(id="b", title="B")])
SOMEBODY = SimpleNamespace(id="1", name="Ada <b>", job_title="Housing & homes")
FORMS: dict[str, Callable[[Sent], FixedForm]] = {
    "sign in": SignIn,
    "set password": SetPassword,
    "change password": ChangePassword,
    "person": Named,
    "new person": NewPerson,
    "roles": Roles,
    "reassign": lambda sent: Reassign(PARTS["owner"], [SOMEBODY], sent),  # type: ignore[list-item]
    "assessments": AssessmentSearch,
    "screen out": ScreenOut,
    "withdraw": Withdraw,
    "reopen": Reopen,
    "invite": lambda sent: Invite(SimpleNamespace(questionnaire=SECTIONS), sent),  # type: ignore[arg-type]
    "decline": Decline,
    "register": lambda sent: RegisterSearch({"core": "Any other proposal"}, sent),
    "report status": ReportStatus,
    "disagree": lambda sent: Disagree({"magnitude": "major"}, sent),
    "withdraw dispute": WithdrawDispute,
    "mark exempt": MarkExempt,
    "lift mark": LiftMark,
    "sign off": SignOff,
    "refer back": ReferBack,
    "refuse": Refuse,
    "area table": AreaTable,
    "outlines": Outlines,
    "add file": lambda sent: AddFile(1_000_000, sent),
    "change said": ChangeSaid,
    "withhold": Withhold,
    "no conflict": NoConflict,
    "absence": lambda sent: Absence([SOMEBODY], sent),  # type: ignore[list-item]
    "countersign": Countersign,
    "conclude": Conclude,
    "screening": ConfirmScreening,
    "hand over": lambda sent: HandOver([SOMEBODY], sent),  # type: ignore[list-item]
}
ODD = (
    "", " ", "\x00", "\x07", "\ud800", "\uffff", "\u202e", "a\nb", "\r\n", "nan", "Infinity", "1E+999", "1_000", "१२",
    "-1", "9" * 400, "x" * 50_000, "<script>alert(1)</script>\"'{{7*7}}", "2026-02-30", "%s%(x)s{0}", "None", "[]",
)  # fmt: skip
KINDS: dict[str, type] = {"FileChosen": type(None), "Tick": bool, "DayField": dict}  # the others: text, or some
every_form = pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)


def sent(*pairs: tuple[str, str]) -> Sent:
    return MultiDict(pairs)


def refusals(form: FixedForm) -> dict[str, str]:
    try:
        form.check()
    except InvalidInput as invalid:
        return invalid.messages
    return {}


def drawn(app: Flask, form: FixedForm) -> str:
    source = "{% from 'components/forms.html' import field, error_summary %}{{ error_summary(errors) }}"
    source += "{% for one in form %}{{ field(one) }}{% endfor %}"
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(form=form, errors=form.errors)


@every_form
def test_whatever_is_sent_is_taken_or_refused_at_a_field_that_is_there(make: Callable[[Sent], FixedForm]) -> None:
    names = [one.name for one in make(sent())]
    for odd in ODD:
        for pairs in ([(name, odd) for name in names], [(name, odd) for name in (*names, *names)], [("x", odd)]):
            form = make(sent(*pairs))
            assert set(refusals(form)) <= set(names)
            assert all(isinstance(one.data, KINDS.get(one.type, (str, list))) for one in form)


@SQLITE
@every_form
def test_whatever_is_sent_comes_back_as_text(app: Flask, make: Callable[[Sent], FixedForm]) -> None:
    odd = "<script>alert(1)</script>\"'{{7*7}}"
    form = make(sent(*((one.name, odd) for one in make(sent()))))
    refused = refusals(form)
    page = drawn(app, form)
    assert "<script" not in page
    for name, message in refused.items():
        box = f"{name}-day" if form[name].type == "DayField" else name
        assert f'href="#{box}"' in page
        assert f'id="{box}"' in page
        assert page.count(message.replace("'", "&#39;")) >= 2  # above the form and at the field


@every_form
def test_fields_a_form_does_not_have_are_ignored(make: Callable[[Sent], FixedForm]) -> None:
    plain, more = make(sent()), make(sent(("password_hash", "x"), ("id", "1"), ("is_admin", "yes"), ("check", "x")))
    assert more.data == plain.data


def test_of_a_field_sent_twice_the_first_counts() -> None:
    form = Named(sent(("name", " Ada "), ("name", "Bob"), ("email", "ada@example.org"), ("email", "bob@example.org")))
    assert form.entry == {"name": "Ada", "email": "ada@example.org", "job_title": ""}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    form = Named(sent(("name", " "), ("email", "x" * 300), ("job_title", "a\nb")))
    assert refusals(form) == {
        "name": "Enter the person's name.",
        "email": "Shorten this to 254 characters or fewer. It has 300",
        "job_title": "Write this on one line",
    }


def test_a_services_refusal_stands_at_its_field_or_above_the_form() -> None:
    form = Named(sent(("name", "Ada"))).refused({"email": "Somebody has it.", "person": "The account is closed."})
    assert form.errors == {"email": ["Somebody has it."], "": ["The account is closed."]}


@SQLITE
@pytest.mark.parametrize("kind", [SignIn, SetPassword, ChangePassword, SignOff])
def test_passwords_are_taken_as_typed_and_never_drawn(app: Flask, kind: type[FixedForm]) -> None:
    secret = "  purple kettle\ton the roof "
    names = [one.name for one in kind() if "password" in one.name]
    form = kind(sent(*((name, secret) for name in names)))
    assert [form[name].data for name in names] == [secret] * len(names)
    refusals(form)
    page = drawn(app, form.refused({names[0]: "Not right."}))
    assert "kettle" not in page
    assert "Not right." in page


def test_an_unknown_choice_is_refused_where_the_list_is_closed() -> None:
    assert refusals(Roles(sent(("roles", "officer"), ("roles", "king")))) == {"roles": "Choose roles from the list."}
    assert refusals(Roles(sent())) == {}
    changed = Reopen(sent(("trigger", "weather"), ("reason", "Rain.")))
    assert refusals(changed) == {"trigger": "Choose what has changed"}


def test_some_sections_means_at_least_one() -> None:
    make = FORMS["invite"]
    base = (("email", "a@b.org"), ("reach", "some"))
    assert set(refusals(make(sent(*base)))) == {"sections"}
    chosen, whole = make(sent(*base, ("sections", "people"))), make(sent(("sections", "people"), ("email", "a@b.org")))
    assert isinstance(chosen, Invite)
    assert isinstance(whole, Invite)
    assert refusals(chosen) == refusals(whole) == {}
    assert (chosen.reached, whole.reached) == (["people"], [])  # the boxes count only when some are asked for


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-23", date(2026, 11, 23)), ("", None), ("20261123", None), ("2026-W48-1", None), ("2026-02-30", None)],
)
def test_a_search_says_which_day_it_cannot_read(text: str, day: date | None) -> None:
    form = RegisterSearch({}, sent(("signed_from", text), ("rule", "९"), ("principle", "12"), ("words", " damp ")))
    found = form.search()
    assert found.signed_from == day
    assert (found.rule, found.principle, found.words) == (None, None, "damp")
    assert form.errors == ({} if day or not text else {"signed_from": [UNCLEAR]})


@SQLITE
def test_only_who_may_do_it_is_told_what_is_wrong_with_the_form(people: People) -> None:
    other, officer = people.id("other_officer"), people.client("officer")
    for path in ("people", f"people/{other}", f"people/{other}/roles"):
        answer = officer.send(f"/admin/{path}", {"name": "", "roles": ["king"]})
        assert answer.status_code == 403
        assert "Choose roles" not in answer.text


def test_fields_nobody_offered_change_nothing_of_a_person(people: People) -> None:
    admin, person = people.client("administrator"), people.id("officer")
    form = {"name": ["Olu", "Eve"], "email": "olu@example.org", "password_hash": "x", "roles": "administrator"}
    assert admin.send(f"/admin/people/{person}", form).status_code == 303
    page = admin.get(f"/admin/people/{person}").text
    assert re.search(r'name="name"[^>]*value="Olu"', page)
    assert re.findall(r'name="roles"[^>]*value="(\w+)" checked', page) == ["officer"]
    visitor = people.app.test_client()
    assert isinstance(visitor, Visitor)
    assert visitor.send("/sign-in", {"email": "olu@example.org", "password": PASSWORD}).status_code == 303
