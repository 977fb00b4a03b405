"""The screens of a clinical reviewer: their first page, what waits, and a draft to read."""

from collections.abc import Callable

import pytest

from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_reviewer_s_screens_are_accessible(visit: Callable[..., Visitor]) -> None:
    doctor = visit()
    waiting = doctor.shop.backstage.do("draft", slug="hats-and-helmets")
    doctor.sign_in("Clinical reviewer", to="/admin/")
    paths = ["/admin/", "/admin/reviews/", f"/admin/reviews/read/{waiting['request_id']}/"]
    found = []
    for path in paths:
        doctor.go(path)
        found += faults(doctor.page)

    assert found == []
