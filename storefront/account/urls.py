"""Addresses of the customer's own pages, but for signing in and orders."""

from django.urls import path

from storefront.account import (
    aftercare,
    again,
    home,
    leaving,
    normal,
    pausing,
    privacy,
    statements,
    wishes,
)

app_name = "my"

urlpatterns = [
    path("", home.home, name="home"),
    path("passes/<uuid:public_id>/", home.one_pass, name="pass"),
    path("passes/<uuid:public_id>/code.svg", home.pass_code, name="pass_code"),
    path("passes/<uuid:public_id>/statement.json", statements.download, name="statement"),
    path("passes/<uuid:public_id>/pause/", pausing.pause, name="pause"),
    path("passes/<uuid:public_id>/resume/", pausing.resume, name="resume"),
    path("passes/<uuid:public_id>/sessions/<int:entry_id>/", aftercare.aftercare, name="aftercare"),
    path("passes/<uuid:public_id>/sessions/<int:entry_id>/normal/", normal.ask, name="normal"),
    path("reports/<int:report_id>/", normal.report, name="report"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("aftercare-mails/", wishes.change_mails, name="aftercare_mails"),
    path("calendar/", wishes.change_calendar, name="calendar"),
    path("newsletter/", privacy.change_newsletter, name="newsletter"),
    path("data/", privacy.download, name="data"),
    path("again/", again.again, name="again"),
    path("delete/", leaving.delete, name="delete"),
    path("delete/confirm/", leaving.confirm_delete, name="delete_confirm"),
    path("deleted/", leaving.deleted, name="deleted"),
]
