"""Signing in and out."""

from tests.support.people import PASSWORD, People


def test_signing_in_leads_home(people: People) -> None:
    people.id("officer")
    visitor = people.app.test_client()
    answer = visitor.send("/sign-in", {"email": "Officer@example.org ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    home = visitor.get("/")
    assert home.status_code == 200
    assert "Officer" in home.text
