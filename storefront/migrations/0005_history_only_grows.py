"""What staff did stays written down: Wagtail's own history is added to, never changed.

Its name of a row and what else it says of it may be dropped, because somebody who deletes their
account is forgotten there too; whoever did what, and when, is not.
"""

from django.db import migrations

from append_only.operations import AppendOnly

SAID = "the history of what staff did is append-only"
# Not the kind of a row: it goes with the model that it was of, by `remove_stale_contenttypes`.
WHO_DID_WHAT = (
    "id",
    "action",
    "timestamp",
    "uuid",
    "user_id",
    "revision_id",
    "content_changed",
    "deleted",
)


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0004_roles"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        AppendOnly("wagtailcore_modellogentry", SAID, of=(*WHO_DID_WHAT, "object_id")),
        AppendOnly(
            "wagtailcore_pagelogentry", SAID, of=(*WHO_DID_WHAT, "page_id", "label", "data")
        ),
    ]
