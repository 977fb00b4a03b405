"""Addresses of basket, checkout, orders and Stripe's webhook."""

from django.urls import path

from checkout.views import (
    account,
    addresses,
    basket,
    checkout,
    discount_code,
    gift,
    gift_cards,
    gift_instead,
    invoice,
    order,
    returning,
    saved_cards,
    suitability,
    webhook,
    withdrawal,
)

app_name = "checkout"

urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/lines/", basket.basket_change, name="basket_change"),
    path("basket/restore/", basket.basket_restore, name="basket_restore"),
    path("basket/delivery/", basket.basket_delivery, name="basket_delivery"),
    path("basket/code/", discount_code.basket_code, name="basket_code"),
    path("basket/gift-card/", gift_cards.basket_gift_card, name="basket_gift_card"),
    path("basket/drawer/", basket.basket_drawer, name="basket_drawer"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/return/<str:token>/", order.landing, name="landing"),
    path("orders/<str:token>/", order.order, name="order"),
    path("orders/<str:token>/pay/", order.order_pay, name="order_pay"),
    path("orders/<str:token>/cancel/", order.order_cancel, name="order_cancel"),
    path(
        "orders/<str:token>/documents/<str:number>.pdf",
        invoice.behind_link,
        name="order_document",
    ),
    path("orders/<str:token>/again/", order.order_again, name="order_again"),
    path("orders/<str:token>/cards/<int:sold_id>/", gift_cards.order_card, name="order_card"),
    path("orders/<str:token>/return/", returning.ask, name="ask_return"),
    path("orders/<str:token>/return/<int:return_id>/", returning.shown, name="return"),
    path(
        "orders/<str:token>/return/<int:return_id>/label.pdf",
        returning.label,
        name="return_label",
    ),
    path(
        "orders/<str:token>/return/<int:return_id>/call-off/",
        returning.call_off,
        name="call_off_return",
    ),
    path("orders/<str:token>/withdraw/", withdrawal.withdraw_order, name="withdraw_order"),
    path("withdraw/", withdrawal.withdraw, name="withdraw"),
    path("withdraw/received/", withdrawal.received, name="withdrawal_received"),
    path("suitability/outcome/<str:token>/", suitability.outcome, name="suitability_outcome"),
    path("suitability/outcome/<str:token>/use/", suitability.use, name="suitability_use"),
    path("suitability/outcome/<str:token>/ask/", suitability.ask, name="suitability_ask"),
    path("suitability/<slug:slug>/", suitability.check, name="suitability"),
    path("account/addresses/", addresses.addresses, name="addresses"),
    path("account/addresses/new/", addresses.new_address, name="new_address"),
    path("account/addresses/<int:address_id>/", addresses.change_address, name="change_address"),
    path(
        "account/addresses/<int:address_id>/remove/",
        addresses.remove_address,
        name="remove_address",
    ),
    path(
        "account/addresses/<int:address_id>/usual/", addresses.usual_address, name="usual_address"
    ),
    path("account/cards/", saved_cards.saved_cards, name="saved_cards"),
    path("gifts/<str:token>/", gift.gift, name="gift"),
    path("gifts/<str:token>/check/", gift.check, name="gift_check"),
    path("gifts/<str:token>/ask/", gift.ask, name="gift_ask"),
    path("gifts/<str:token>/accept/", gift.accept, name="gift_accept"),
    path("gifts/<str:token>/decline/", gift.decline, name="gift_decline"),
    path("gifts/<str:token>/instead/", gift_instead.instead, name="gift_instead"),
    path("account/orders/", account.my_orders, name="my_orders"),
    path("account/orders/<str:number>/", account.my_order, name="my_order"),
    path(
        "account/orders/<str:number>/documents/<str:document>.pdf",
        invoice.of_my_order,
        name="my_document",
    ),
    path("stripe/webhook/", webhook.stripe_webhook, name="stripe_webhook"),
]
