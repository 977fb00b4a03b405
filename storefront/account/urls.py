"""Addresses of the customer's own pages, but for signing in and orders."""

from django.urls import path

from storefront.account import again, home, leaving, privacy

app_name = "my"

urlpatterns = [
    path("", home.home, name="home"),
    path("passes/<uuid:public_id>/", home.one_pass, name="pass"),
    path("passes/<uuid:public_id>/code.svg", home.pass_code, name="pass_code"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("newsletter/", privacy.change_newsletter, name="newsletter"),
    path("data/", privacy.download, name="data"),
    path("again/", again.again, name="again"),
    path("delete/", leaving.delete, name="delete"),
    path("delete/confirm/", leaving.confirm_delete, name="delete_confirm"),
    path("deleted/", leaving.deleted, name="deleted"),
]
