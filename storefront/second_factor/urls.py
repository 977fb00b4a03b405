"""Addresses of the second factor; their names are allauth's."""

from django.urls import path
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView

from storefront.second_factor import passkey_views, views
from storefront.second_factor.views import of_staff

urlpatterns = [
    path("", of_staff(IndexView.as_view()), name="mfa_index"),
    path("show/", views.ShowView.as_view(), name="mfa_authenticate"),
    path("show-again/", views.ShowAgainView.as_view(), name="mfa_reauthenticate"),
    path(
        "show-again/passkey/",
        passkey_views.ShowPasskeyAgainView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("shown/", views.shown, name="second_factor_shown"),
    path("app/", of_staff(views.EnrolView.as_view()), name="mfa_activate_totp"),
    path("app/replace/", of_staff(views.ReplaceView.as_view()), name="mfa_deactivate_totp"),
    path(
        "passkeys/new/",
        of_staff(passkey_views.AddPasskeyView.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/rename/",
        of_staff(passkey_views.RenamePasskeyView.as_view()),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        of_staff(passkey_views.RemovePasskeyView.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "recovery-codes/",
        of_staff(views.RecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        of_staff(views.NewRecoveryCodesView.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/recovery-codes.txt",
        of_staff(DownloadRecoveryCodesView.as_view()),
        name="mfa_download_recovery_codes",
    ),
]
