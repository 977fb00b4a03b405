"""How people sign in, and what who works here shows besides; see docs/sign-in.md."""

AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
ACCOUNT_ADAPTER = "storefront.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "add_email": "storefront.sign_in.ChangeAddressForm",
    "login": "storefront.sign_in.SignInForm",
    "reset_password": "storefront.sign_in.ResetForm",  # pragma: allowlist secret
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
# What changes how an account is entered is told to its owner.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Who works here has a second factor, see docs/sign-in.md.
MFA_ADAPTER = "accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # A phone's clock may be half a minute wrong.
MFA_FORMS = {
    "authenticate": "accounts.second_factor.forms.ShowForm",
    "reauthenticate": "accounts.second_factor.forms.ShowAgainForm",
    "activate_totp": "accounts.second_factor.forms.EnrolForm",
    "add_webauthn": "accounts.second_factor.passkeys.AddForm",
    "edit_webauthn": "accounts.second_factor.passkeys.RenameForm",
    "authenticate_webauthn": "accounts.second_factor.passkeys.ShowForm",
    "reauthenticate_webauthn": "accounts.second_factor.passkeys.ShowAgainForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
