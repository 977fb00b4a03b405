"""Write docs/roles.md from the table, so that it cannot say anything else."""

from typing import Final

from storefront.roles.table import RIGHTS, ROLES

_HEAD: Final = """# Roles

Who works here belongs to one or more groups. These six are made by a migration and kept by the
table in [storefront/roles/table.py](../storefront/roles/table.py), from which this page is
written (`.venv/bin/python -m tools.roles_page`); a test holds the two equal.

| group | what somebody in it does |
|---|---|
"""
_HOW: Final = """
An owner gives people their groups under *Settings, Users*, and lets them in by *May enter the
admin*: whoever lacks it may nothing, whatever their groups. Groups of your own are yours: nothing
here touches them. Of the six, too, you may take rights, give others, rename or delete them:
`manage.py sync_roles` (and the worker, once an hour) gives a right only when it is new in the
table, and takes one only when the table has dropped it. What it gave is written down, so what you
took is not given again.

Answers before a purchase, consultations, reports of symptoms and private questions are read by
clinical reviewers alone, not by managers or owners. An owner who is also a professional belongs
to both groups. A superuser (`manage.py createsuperuser`, or made one by another) may everything,
with or without that box, and is for setting up.

Screens of accounts and groups, and taking along the addresses of the newsletter, ask who it is
once more when the last sign-in was more than 15 minutes ago.

What each role is answered at each address of the shop, admin and all, is written down in
[tests/fuzz/who_may.csv](../tests/fuzz/who_may.csv) and compared by a test; an address that is
missing there fails it. After a change, `.venv/bin/python -m tools.who_may` writes it anew: read
the difference as an attacker would.

## Who may what

Actions on pages, images and documents hold for all of them.
"""


def written() -> str:
    """Return the page, a row for each right."""
    groups = "".join(f"| {role.group} | {role.does} |\n" for role in ROLES)
    head = " | ".join(role.group for role in ROLES)
    line = "|---|" + ":-:|" * len(ROLES)
    rows = [
        f"| `{right}` | "
        + " | ".join("●" if role.letter in letters else "" for role in ROLES)
        + " |"
        for right, letters in RIGHTS.items()
    ]
    return _HEAD + groups + _HOW + "\n".join(["", f"| right | {head} |", line, *rows, ""])
