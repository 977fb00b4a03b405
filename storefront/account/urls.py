"""Addresses of the customer's own pages, but for signing in and orders."""

from django.urls import path

from storefront.account import home

app_name = "my"

urlpatterns = [
    path("", home.home, name="home"),
    path("passes/<uuid:public_id>/", home.one_pass, name="pass"),
    path("passes/<uuid:public_id>/code.svg", home.pass_code, name="pass_code"),
]
