"""Addresses of basket, checkout, orders and Stripe's webhook."""

from django.urls import path

from checkout.views import account, basket, checkout, order, suitability, webhook

app_name = "checkout"

urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/lines/", basket.basket_change, name="basket_change"),
    path("basket/restore/", basket.basket_restore, name="basket_restore"),
    path("basket/delivery/", basket.basket_delivery, name="basket_delivery"),
    path("basket/drawer/", basket.basket_drawer, name="basket_drawer"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/return/<str:token>/", order.landing, name="landing"),
    path("orders/<str:token>/", order.order, name="order"),
    path("orders/<str:token>/pay/", order.order_pay, name="order_pay"),
    path("orders/<str:token>/cancel/", order.order_cancel, name="order_cancel"),
    path("orders/<str:token>/again/", order.order_again, name="order_again"),
    path("suitability/outcome/<str:token>/", suitability.outcome, name="suitability_outcome"),
    path("suitability/outcome/<str:token>/use/", suitability.use, name="suitability_use"),
    path("suitability/outcome/<str:token>/ask/", suitability.ask, name="suitability_ask"),
    path("suitability/<slug:slug>/", suitability.check, name="suitability"),
    path("account/orders/", account.my_orders, name="my_orders"),
    path("account/orders/<str:number>/", account.my_order, name="my_order"),
    path("stripe/webhook/", webhook.stripe_webhook, name="stripe_webhook"),
]
