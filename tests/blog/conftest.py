import pytest
from pytest_django import Settings

from tests.blog.clinic import Clinic, open_clinic


@pytest.fixture
def clinic(db: None, settings: Settings) -> Clinic:
    """A guide whose articles need a clinical review."""
    settings.ARTICLES_NEED_REVIEW = True
    return open_clinic()
