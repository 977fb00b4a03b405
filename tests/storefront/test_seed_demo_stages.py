"""Seeding that is interrupted, or asked for where it must not happen."""

import datetime as dt
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import override_settings
from wagtail.models import Page, Site
import pytest

from accounts.models import User
from catalog.models import Offer
from checkout.models import Order
from cms.models import CustomImage
from storefront.demo import content, seeding


@pytest.mark.django_db
@pytest.mark.indexed
def test_a_seed_that_died_half_way_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_at: dt.datetime) -> None:
        raise KeyboardInterrupt

    broken = [
        seeding.Stage(stage.name, stage.is_done, dies if stage.name == "orders" else stage.run)
        for stage in seeding.STAGES
    ]
    with monkeypatch.context() as patch:
        patch.setattr(seeding, "STAGES", broken)
        with pytest.raises(KeyboardInterrupt):
            call_command("seed_demo", logins_file=tmp_path / "logins.json", verbosity=0)

    call_command("seed_demo", logins_file=tmp_path / "logins.json", verbosity=0)

    assert Page.objects.filter(slug="shop").count() == 1
    assert Offer.objects.count() == len(set(Offer.objects.values_list("sku", flat=True))) == 29
    sold = (content.facts(name)["order"] for name in ("orders", "counter"))
    assert Order.objects.count() == sum(len(orders) for orders in sold)
    Site.clear_site_root_paths_cache()


def test_a_shop_with_a_live_key_is_left_alone(db: None, tmp_path: Path) -> None:
    with (
        override_settings(STRIPE_SECRET_KEY="sk_live_made_up"),
        pytest.raises(CommandError, match="real shop"),
    ):
        call_command("seed_demo", logins_file=tmp_path / "logins.json", verbosity=0)

    assert not User.objects.exists()
    assert not CustomImage.objects.exists()
    assert not (tmp_path / "logins.json").exists()
