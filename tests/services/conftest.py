"""An office with an officer, reviewers and a decision-maker, inside one transaction that is undone."""

import pytest
from sqlalchemy.orm import Session

from hia_app.config import Settings
from tests.support.office import Office


@pytest.fixture
def office(session: Session, settings: Settings) -> Office:
    return Office(session, settings)
