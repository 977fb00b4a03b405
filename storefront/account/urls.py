"""Addresses of the customer's own pages, but for signing in and orders."""

from django.urls import path

from storefront.account import (
    aftercare,
    again,
    appointments,
    giving,
    home,
    leaving,
    normal,
    pausing,
    privacy,
    sign_ins,
    statements,
    wallets,
    wishes,
)

app_name = "my"

urlpatterns = [
    path("", home.home, name="home"),
    path("passes/<uuid:public_id>/", home.one_pass, name="pass"),
    path("passes/<uuid:public_id>/code.svg", home.pass_code, name="pass_code"),
    path("passes/<uuid:public_id>/statement.json", statements.download, name="statement"),
    path("passes/<uuid:public_id>/statement.pdf", statements.download_pdf, name="statement_pdf"),
    path("passes/<uuid:public_id>/apple-wallet/", wallets.apple, name="apple_wallet"),
    path("passes/<uuid:public_id>/google-wallet/", wallets.google, name="google_wallet"),
    path("passes/<uuid:public_id>/pause/", pausing.pause, name="pause"),
    path("passes/<uuid:public_id>/resume/", pausing.resume, name="resume"),
    path("passes/<uuid:public_id>/give/", giving.give, name="give"),
    path(
        "passes/<uuid:public_id>/gifts/<int:gift_id>/take-back/",
        giving.take_back,
        name="take_back",
    ),
    path("passes/<uuid:public_id>/give-back/", giving.give_back, name="give_back"),
    path("passes/<uuid:public_id>/sessions/<int:entry_id>/", aftercare.aftercare, name="aftercare"),
    path("passes/<uuid:public_id>/sessions/<int:entry_id>/normal/", normal.ask, name="normal"),
    path("passes/<uuid:public_id>/appointment/", appointments.ask, name="ask_appointment"),
    path("appointments/", appointments.every, name="appointments"),
    path("appointments/<uuid:public_id>/", appointments.one, name="appointment"),
    path(
        "appointments/<uuid:public_id>/calendar.ics",
        appointments.calendar_file,
        name="appointment_file",
    ),
    path("appointments/<uuid:public_id>/accept/", appointments.accept, name="accept_appointment"),
    path("appointments/<uuid:public_id>/move/", appointments.move, name="move_appointment"),
    path("appointments/<uuid:public_id>/cancel/", appointments.cancel, name="cancel_appointment"),
    path("reports/<int:report_id>/", normal.report, name="report"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("aftercare-mails/", wishes.change_mails, name="aftercare_mails"),
    path("calendar/", wishes.change_calendar, name="calendar"),
    path("newsletter/", privacy.change_newsletter, name="newsletter"),
    path("data/", privacy.download, name="data"),
    path("sign-ins/", sign_ins.every, name="sign_ins"),
    path("sign-ins/end/", sign_ins.end, name="end_sign_in"),
    path("again/", again.again, name="again"),
    path("delete/", leaving.delete, name="delete"),
    path("delete/confirm/", leaving.confirm_delete, name="delete_confirm"),
    path("deleted/", leaving.deleted, name="deleted"),
]
