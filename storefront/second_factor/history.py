"""What somebody did with their own second factor, for the history of their account."""

from typing import Any, Final

from wagtail.log_actions import LogFormatter, log

from accounts.models import User

_PREFIX: Final = "accounts.second_factor."
SIGN_IN: Final = f"{_PREFIX}sign_in"
SET_UP: Final = f"{_PREFIX}set_up"
GIVE_UP: Final = f"{_PREFIX}give_up"
ADD: Final = f"{_PREFIX}add_passkey"
RENAME: Final = f"{_PREFIX}rename_passkey"
REMOVE: Final = f"{_PREFIX}remove_passkey"
NEW_CODES: Final = f"{_PREFIX}new_codes"
_ACTS: Final = (
    (SIGN_IN, "Sign in", "Signed in with a second factor"),
    (SET_UP, "Set up an app", "An authenticator app was set up"),
    (GIVE_UP, "Give up an app", "The authenticator app was given up"),
    (ADD, "Add a passkey", "A passkey was added"),
    (RENAME, "Rename a passkey", "A passkey was renamed"),
    (REMOVE, "Take a passkey away", "A passkey was taken away"),
    (NEW_CODES, "New recovery codes", "Recovery codes were made anew"),
)


def note(user: User, action: str, *names: str) -> None:
    """Write down an act of somebody's own.

    :param names: what a passkey is called, or was called before and is after.
    """
    log(instance=user, action=action, user=user, data={"names": names} if names else {})


def register(actions: Any) -> None:
    """Tell Wagtail how to say them."""
    for action, label, message in _ACTS:
        actions.register_action(action)(_said(label, message))


def _said(label_of_it: str, message: str) -> type[LogFormatter]:
    class Said(LogFormatter):
        label = label_of_it

        def format_message(self, log_entry: Any) -> str:
            names = log_entry.data.get("names", ())
            return f"{message}: {' → '.join(names)}" if names else message

    return Said
