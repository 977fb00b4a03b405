"""Every verb that writes a basket, and everything it refuses."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
import pytest

from accounts.models import User
from catalog import prices
from catalog.models import Offer, Stock
from checkout import basket_cookie, baskets
from checkout.models import Basket, BasketLine, DeliveryMethod, DeliveryZone
from tests.checkout import buying
from tests.checkout.factories import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada@example.com")


def _lines(basket: Basket) -> dict[str, int]:
    rows = BasketLine.objects.filter(basket=basket)
    return {line.offer.sku: line.quantity for line in rows.select_related("offer")}


def _add(basket: Basket | None, sku: str, quantity: int, *, at: datetime) -> Basket:
    return baskets.add(basket=basket, user=None, sku=sku, quantity=quantity, at=at)


# --- Quantities as people type them -------------------------------------------------------


@pytest.mark.parametrize(("typed", "quantity"), [("1", 1), (" 7 ", 7), ("99", 99), ("007", 7)])
def test_a_whole_number_from_1_to_99_is_read(typed: str, quantity: int) -> None:
    assert baskets.read_quantity(typed) == quantity


@pytest.mark.parametrize(
    "typed",
    ["", " ", "0", "-1", "100", "1000000000", "1.5", "1,5", "1e3", "NaN", "inf", "two", "²", "٣",
     "1\x00", "0x1", "+1", "1 2", "\ud800", "9" * 1_000_000],
)  # fmt: skip
def test_any_other_text_is_refused_in_one_sentence(typed: str) -> None:
    """R8: quantity 0, negative, 10^9, fractional or text is refused clearly."""
    with pytest.raises(baskets.QuantityNotAllowed) as refusal:
        baskets.read_quantity(typed)

    assert str(refusal.value) == "Type a whole number from 1 to 99."


# --- Adding -------------------------------------------------------------------------------


def test_the_first_thing_put_in_makes_the_basket(at: datetime) -> None:
    buying.product(price_minor=2400, at=at)

    basket = _add(None, "WASH-250", 2, at=at)

    assert _lines(basket) == {"WASH-250": 2}
    assert basket.lines.get().price_seen_minor == 2400
    assert (basket.user, basket.created_at) == (None, at)


def test_adding_again_adds_up_and_notes_the_price_of_today(at: datetime) -> None:
    wash = buying.product(price_minor=2400, at=at)
    basket = _add(None, "WASH-250", 2, at=at)
    later = at + timedelta(minutes=1)
    prices.change(offer_id=wash.pk, price_minor=2600, reason="Dearer", by=None, at=later)

    basket = _add(basket, "WASH-250", 3, at=later)

    assert _lines(basket) == {"WASH-250": 5}
    assert basket.lines.get().price_seen_minor == 2600
    assert basket.lines.get().added_at == at
    assert basket.updated_at == later


def test_an_account_has_one_basket_however_it_is_begun(at: datetime, user: User) -> None:
    buying.product(at=at)

    begun = baskets.add(basket=None, user=user, sku="WASH-250", quantity=1, at=at)
    again = baskets.add(basket=None, user=user, sku="WASH-250", quantity=1, at=at)

    assert begun.pk == again.pk
    assert _lines(again) == {"WASH-250": 2}


def test_a_basket_that_was_merged_away_is_begun_anew(at: datetime) -> None:
    buying.product(at=at)
    gone = _add(None, "WASH-250", 1, at=at)
    Basket.objects.filter(pk=gone.pk).delete()

    basket = _add(gone, "WASH-250", 2, at=at)

    assert basket.pk != gone.pk
    assert _lines(basket) == {"WASH-250": 2}


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9])
def test_adding_a_quantity_out_of_range_changes_nothing(at: datetime, quantity: int) -> None:
    """R8"""
    buying.product(at=at)
    basket = _add(None, "WASH-250", 2, at=at)

    with pytest.raises(baskets.QuantityNotAllowed):
        _add(basket, "WASH-250", quantity, at=at)

    assert _lines(basket) == {"WASH-250": 2}
    assert Basket.objects.get().checkout_token == basket.checkout_token


def test_adding_beyond_99_in_sum_says_how_many_are_there(at: datetime) -> None:
    buying.package(at=at)
    basket = _add(None, "MD-6", 60, at=at)

    with pytest.raises(baskets.TooManyPieces, match="60 are in your basket already"):
        _add(basket, "MD-6", 40, at=at)

    assert _lines(basket) == {"MD-6": 60}


@pytest.mark.parametrize("sku", ["NOTHING", "", "WASH 250", "W\x00", "x" * 1_000_000, "\ud800"])
def test_an_unknown_article_is_refused(at: datetime, sku: str) -> None:
    with pytest.raises(baskets.UnknownOffer):
        _add(None, sku, 1, at=at)

    assert not Basket.objects.exists()


def test_what_is_not_on_sale_is_refused(at: datetime) -> None:
    wash = buying.product(at=at)
    Offer.objects.filter(pk=wash.pk).update(active_from=at + timedelta(seconds=1))

    with pytest.raises(baskets.NotOnSale):
        _add(None, "WASH-250", 1, at=at)

    assert not Basket.objects.exists()
    assert _lines(_add(None, "WASH-250", 1, at=at + timedelta(seconds=1))) == {"WASH-250": 1}


def test_more_than_there_is_is_refused_and_says_how_many_there_are(at: datetime) -> None:
    buying.product(on_hand=3, at=at)
    basket = _add(None, "WASH-250", 2, at=at)

    with pytest.raises(baskets.NotEnoughStock) as refusal:
        _add(basket, "WASH-250", 2, at=at)

    assert refusal.value.available == 3
    assert str(refusal.value) == "Only 3 left, and 2 of them in your basket already."
    assert _lines(basket) == {"WASH-250": 2}


def test_what_is_sold_out_is_refused(at: datetime) -> None:
    buying.product(on_hand=0, at=at)

    with pytest.raises(baskets.NotEnoughStock, match="This is sold out"):
        _add(None, "WASH-250", 1, at=at)

    assert not Basket.objects.exists()


def test_what_comes_later_can_be_added_as_far_as_the_back_order_goes(at: datetime) -> None:
    wash = buying.product(on_hand=0, at=at)
    Stock.objects.filter(offer=wash).update(back_order_limit=4)

    assert _lines(_add(None, "WASH-250", 4, at=at)) == {"WASH-250": 4}
    with pytest.raises(baskets.NotEnoughStock):
        _add(None, "WASH-250", 5, at=at)


def test_a_full_basket_takes_no_further_article_but_more_of_the_same(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Basket, "MAX_LINES", 1)
    buying.product(at=at)
    buying.package(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    with pytest.raises(baskets.BasketFull):
        _add(basket, "MD-6", 1, at=at)

    assert _lines(basket) == {"WASH-250": 1}
    assert _lines(_add(basket, "WASH-250", 1, at=at)) == {"WASH-250": 2}


def test_every_change_renews_the_checkout_token(at: datetime) -> None:
    """R13: an order belongs to one content of a basket."""
    buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)
    tokens = [Basket.objects.get().checkout_token]

    baskets.add(basket=basket, user=None, sku="WASH-250", quantity=1, at=at)
    tokens.append(Basket.objects.get().checkout_token)
    baskets.set_quantity(basket=basket, sku="WASH-250", quantity=3, at=at)
    tokens.append(Basket.objects.get().checkout_token)
    baskets.choose_delivery(basket=basket, country="DE", method_code="standard", at=at)
    tokens.append(Basket.objects.get().checkout_token)
    baskets.remove(basket=basket, sku="WASH-250", at=at)
    tokens.append(Basket.objects.get().checkout_token)
    baskets.restore(basket=basket, user=None, sku="WASH-250", quantity=3, at=at)
    tokens.append(Basket.objects.get().checkout_token)
    baskets.renew_token(basket_id=basket.pk, spent=tokens[-1], at=at)
    tokens.append(Basket.objects.get().checkout_token)

    assert len(set(tokens)) == 7


# --- Changing, removing, restoring --------------------------------------------------------


def test_a_quantity_is_set_and_the_price_of_today_is_seen(at: datetime) -> None:
    wash = buying.product(price_minor=2400, at=at)
    basket = _add(None, "WASH-250", 5, at=at)
    later = at + timedelta(minutes=1)
    prices.change(offer_id=wash.pk, price_minor=2600, reason="Dearer", by=None, at=later)

    baskets.set_quantity(basket=basket, sku="WASH-250", quantity=2, at=later)

    line = basket.lines.get()
    assert (line.quantity, line.price_seen_minor) == (2, 2600)


@pytest.mark.parametrize(
    ("sku", "quantity", "refusal"),
    [
        ("WASH-250", 0, baskets.QuantityNotAllowed),
        ("WASH-250", 100, baskets.QuantityNotAllowed),
        ("WASH-250", 11, baskets.NotEnoughStock),
        ("MD-6", 1, baskets.NotInBasket),
        ("NOTHING", 1, baskets.UnknownOffer),
    ],
)
def test_a_refused_quantity_changes_nothing(
    at: datetime, sku: str, quantity: int, refusal: type[Exception]
) -> None:
    buying.product(on_hand=10, at=at)
    buying.package(at=at)
    basket = _add(None, "WASH-250", 5, at=at)

    with pytest.raises(refusal):
        baskets.set_quantity(basket=basket, sku=sku, quantity=quantity, at=at)

    assert _lines(basket) == {"WASH-250": 5}
    assert Basket.objects.get().checkout_token == basket.checkout_token


def test_removing_returns_how_many_there_were_and_once_is_enough(at: datetime) -> None:
    buying.product(at=at)
    basket = _add(None, "WASH-250", 5, at=at)

    assert baskets.remove(basket=basket, sku="WASH-250", at=at) == 5
    assert _lines(basket) == {}
    with pytest.raises(baskets.NotInBasket):
        baskets.remove(basket=basket, sku="WASH-250", at=at)


def test_what_is_no_longer_sold_can_still_be_removed(at: datetime) -> None:
    wash = buying.product(at=at)
    basket = _add(None, "WASH-250", 5, at=at)
    Offer.objects.filter(pk=wash.pk).update(active_until=at, page=None)

    assert baskets.remove(basket=basket, sku="WASH-250", at=at) == 5


def test_restoring_twice_restores_once(at: datetime) -> None:
    buying.product(at=at)
    basket = _add(None, "WASH-250", 5, at=at)
    baskets.remove(basket=basket, sku="WASH-250", at=at)

    for _ in range(2):
        baskets.restore(basket=basket, user=None, sku="WASH-250", quantity=5, at=at)

    assert _lines(basket) == {"WASH-250": 5}


def test_restoring_more_than_is_left_is_refused(at: datetime) -> None:
    wash = buying.product(on_hand=5, at=at)
    basket = _add(None, "WASH-250", 5, at=at)
    baskets.remove(basket=basket, sku="WASH-250", at=at)
    Stock.objects.filter(offer=wash).update(on_hand=4)

    with pytest.raises(baskets.NotEnoughStock, match="Only 4 left"):
        baskets.restore(basket=basket, user=None, sku="WASH-250", quantity=5, at=at)

    assert _lines(basket) == {}


# --- Delivery -----------------------------------------------------------------------------


@pytest.fixture
def france() -> DeliveryMethod:
    zone = DeliveryZone.objects.create(name="France", countries="FR", sort_order=9)
    return DeliveryMethod.objects.create(zone=zone, code="france", name="France")


def test_a_country_and_its_method_are_chosen(at: datetime) -> None:
    method = buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    baskets.choose_delivery(basket=basket, country="DE", method_code="standard", at=at)

    stored = Basket.objects.get()
    assert (stored.country, stored.delivery_method) == ("DE", method)


def test_another_country_drops_a_method_that_is_not_its_own(
    at: datetime, france: DeliveryMethod
) -> None:
    buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)
    basket = baskets.choose_delivery(basket=basket, country="DE", method_code="standard", at=at)

    baskets.choose_delivery(basket=basket, country="FR", method_code="standard", at=at)

    stored = Basket.objects.get()
    assert (stored.country, stored.delivery_method) == ("FR", None)


def test_a_first_choice_of_country_drops_the_method_shown_before(
    at: datetime, france: DeliveryMethod
) -> None:
    buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    baskets.choose_delivery(basket=basket, country="FR", method_code="standard", at=at)

    assert Basket.objects.get().country == "FR"


@pytest.mark.parametrize("country", ["US", "", "de", "D\x00", "\ud800", "x" * 1_000_000])
def test_a_country_that_is_not_served_is_refused(at: datetime, country: str) -> None:
    buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    with pytest.raises(baskets.CountryNotServed):
        baskets.choose_delivery(basket=basket, country=country, method_code="", at=at)

    assert Basket.objects.get().country == ""


@pytest.mark.parametrize("code", ["france", "nothing", "a b", "s\x00", "\ud800", "x" * 1_000_000])
def test_a_method_that_the_chosen_country_does_not_have_is_refused(
    at: datetime, france: DeliveryMethod, code: str
) -> None:
    buying.courier()
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)
    basket = baskets.choose_delivery(basket=basket, country="DE", method_code="standard", at=at)

    with pytest.raises(baskets.DeliveryNotOffered):
        baskets.choose_delivery(basket=basket, country="DE", method_code=code, at=at)

    stored = Basket.objects.get()
    assert stored.delivery_method is not None
    assert stored.delivery_method.code == "standard"


# --- After payment ------------------------------------------------------------------------


def test_what_was_bought_leaves_and_what_came_since_stays(at: datetime) -> None:
    wash = buying.product(at=at)
    sessions = buying.package(at=at)
    balm = buying.product("BALM", at=at)
    basket = buying.basket_with((wash, 3), (sessions, 1), (balm, 1), at=at)

    baskets.take_out_ordered(
        basket_id=basket.pk, lines=[(wash.pk, 2), (sessions.pk, 1), (10**6, 1)], at=at
    )

    assert _lines(basket) == {"WASH-250": 1, "BALM": 1}
    assert Basket.objects.get().checkout_token != basket.checkout_token


def test_taking_out_of_a_basket_that_is_gone_changes_nothing(at: datetime) -> None:
    wash = buying.product(at=at)

    baskets.take_out_ordered(basket_id=None, lines=[(wash.pk, 1)], at=at)
    baskets.take_out_ordered(basket_id=10**6, lines=[(wash.pk, 1)], at=at)
    baskets.renew_token(basket_id=10**6, spent="gone", at=at)

    assert not Basket.objects.exists()


def test_a_basket_that_has_changed_since_keeps_its_token(at: datetime) -> None:
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    baskets.renew_token(basket_id=basket.pk, spent="of an older order", at=at)

    assert Basket.objects.get().checkout_token == basket.checkout_token


# --- Sign-in ------------------------------------------------------------------------------


def test_a_guests_basket_becomes_the_accounts_and_its_key_stops_working(
    at: datetime, user: User
) -> None:
    """R26: the key cycles at sign-in."""
    buying.product(at=at)
    guest = _add(None, "WASH-250", 2, at=at)

    assert baskets.adopt(key=guest.key, user=user, at=at) == []

    adopted = Basket.objects.get()
    assert (adopted.pk, adopted.user) == (guest.pk, user)
    assert adopted.key != guest.key
    assert _lines(adopted) == {"WASH-250": 2}
    assert baskets.adopt(key=guest.key, user=user, at=at) == []


def test_two_baskets_add_up_and_the_guests_one_is_gone(at: datetime, user: User) -> None:
    buying.courier()
    buying.product(at=at)
    buying.package(at=at)
    own = baskets.add(basket=None, user=user, sku="WASH-250", quantity=2, at=at)
    guest = _add(_add(None, "WASH-250", 3, at=at), "MD-6", 1, at=at)
    baskets.choose_delivery(basket=guest, country="DE", method_code="standard", at=at)
    order = OrderFactory(basket=guest, placed_at=at)

    assert baskets.adopt(key=guest.key, user=user, at=at) == []

    merged = Basket.objects.get()
    assert merged.pk == own.pk
    assert _lines(merged) == {"WASH-250": 5, "MD-6": 1}
    assert merged.country == "DE"
    assert merged.checkout_token != own.checkout_token
    order.refresh_from_db()
    assert order.basket == merged


def test_merging_stops_at_what_is_in_stock_and_says_so(at: datetime, user: User) -> None:
    buying.product(on_hand=4, at=at)
    baskets.add(basket=None, user=user, sku="WASH-250", quantity=3, at=at)
    guest = _add(None, "WASH-250", 3, at=at)

    notices = baskets.adopt(key=guest.key, user=user, at=at)

    (notice,) = notices
    assert notice == (
        "You had 6 of Daily Wash WASH-250, 250 ml in two baskets; "
        "4 is the most we can sell you now."
    )
    assert _lines(Basket.objects.get()) == {"WASH-250": 4}


def test_merging_stops_at_99(at: datetime, user: User) -> None:
    buying.package(at=at)
    baskets.add(basket=None, user=user, sku="MD-6", quantity=60, at=at)
    guest = _add(None, "MD-6", 60, at=at)

    (notice,) = baskets.adopt(key=guest.key, user=user, at=at)

    assert "99 is the most" in notice
    assert _lines(Basket.objects.get()) == {"MD-6": 99}


def test_merging_keeps_what_has_sold_out_so_that_the_basket_can_say_so(
    at: datetime, user: User
) -> None:
    wash = buying.product(on_hand=4, at=at)
    baskets.add(basket=None, user=user, sku="WASH-250", quantity=2, at=at)
    guest = _add(None, "WASH-250", 1, at=at)
    Stock.objects.filter(offer=wash).update(on_hand=0)

    baskets.adopt(key=guest.key, user=user, at=at)

    assert _lines(Basket.objects.get()) == {"WASH-250": 2}


def test_merging_into_a_full_basket_says_what_did_not_fit(
    at: datetime, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Basket, "MAX_LINES", 1)
    buying.product(at=at)
    buying.package(at=at)
    baskets.add(basket=None, user=user, sku="MD-6", quantity=1, at=at)
    guest = _add(None, "WASH-250", 1, at=at)

    notices = baskets.adopt(key=guest.key, user=user, at=at)

    assert notices == [
        "Daily Wash WASH-250, 250 ml did not fit: a basket holds up to 1 different articles."
    ]
    assert _lines(Basket.objects.get()) == {"MD-6": 1}


@pytest.mark.parametrize("key", ["", "nobody", "x" * 43])
def test_a_key_that_leads_nowhere_brings_nothing(at: datetime, user: User, key: str) -> None:
    assert baskets.adopt(key=key, user=user, at=at) == []
    assert not Basket.objects.exists()


def test_somebody_elses_basket_is_never_merged(at: datetime, user: User) -> None:
    """R26: a planted key of another account leads nowhere."""
    buying.product(at=at)
    other = User.objects.create_user("bea@example.com")
    theirs = baskets.add(basket=None, user=other, sku="WASH-250", quantity=2, at=at)

    assert baskets.adopt(key=theirs.key, user=user, at=at) == []

    assert Basket.objects.get().user == other
    assert _lines(theirs) == {"WASH-250": 2}


# --- Finding ------------------------------------------------------------------------------


def _request(user: User | None, cookie: str = "") -> HttpRequest:
    request = RequestFactory().get("/basket/")
    request.user = user or AnonymousUser()
    request.COOKIES[settings.BASKET_COOKIE_NAME] = cookie
    return request


def _cookie(basket: Basket) -> str:
    response = HttpResponse()
    basket_cookie.remember(response, basket=basket, count=1)
    return response.cookies[settings.BASKET_COOKIE_NAME].value


def test_a_guest_is_found_by_the_signed_cookie(at: datetime) -> None:
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    assert baskets.find(_request(None, _cookie(basket))) == basket
    assert baskets.find(_request(None)) is None


def test_a_forged_cookie_leads_nowhere(at: datetime) -> None:
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)

    for forged in (basket.key, f"{basket.key}:x:y", _cookie(basket)[:-1], "\x00", "\ud800", ":::"):
        assert baskets.find(_request(None, forged)) is None


def test_a_cookie_does_not_lead_to_an_accounts_basket(at: datetime, user: User) -> None:
    """R26: whoever holds an old key of an account's basket does not see it."""
    buying.product(at=at)
    basket = _add(None, "WASH-250", 1, at=at)
    cookie = _cookie(basket)
    Basket.objects.filter(pk=basket.pk).update(user=user)

    assert baskets.find(_request(None, cookie)) is None
    assert baskets.find(_request(user)) == basket


def test_an_account_is_not_shown_the_basket_of_a_cookie(at: datetime, user: User) -> None:
    buying.product(at=at)
    guest = _add(None, "WASH-250", 1, at=at)

    assert baskets.find(_request(user, _cookie(guest))) is None


def test_the_count_is_the_sum_of_all_pieces(at: datetime) -> None:
    buying.product(at=at)
    buying.package(at=at)
    basket = _add(_add(None, "WASH-250", 3, at=at), "MD-6", 2, at=at)

    assert baskets.count(basket) == 5
    assert baskets.count(None) == 0


def test_guests_baskets_are_dropped_once_no_cookie_leads_to_them(at: datetime, user: User) -> None:
    buying.product(at=at)
    life = timedelta(seconds=basket_cookie.MAX_AGE)
    old = _add(None, "WASH-250", 1, at=at - life - timedelta(seconds=1))
    kept = _add(None, "WASH-250", 1, at=at - life)
    account = baskets.add(basket=None, user=user, sku="WASH-250", quantity=1, at=at - 2 * life)
    order = OrderFactory.create(basket=old)

    assert baskets.forget_abandoned(at=at) == 1
    assert baskets.forget_abandoned(at=at) == 0

    assert set(Basket.objects.all()) == {kept, account}
    order.refresh_from_db()
    assert order.basket_id is None
