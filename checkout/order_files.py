"""The only writer of files on orders: a letter, a photo of what broke, a carrier's form."""

import re
from datetime import datetime
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from checkout import order_status
from checkout.models import Order, OrderFile
from checkout.returns import files

MOST_FILES: Final = 20
LONGEST_NAME: Final = 80
_ODD: Final = re.compile(r"[^\w .,()+-]+")


class TooManyFiles(Exception):
    """The order has as many files as it may have."""

    def __init__(self) -> None:
        super().__init__(f"An order has at most {MOST_FILES} files; take one off first.")


def add(*, order_id: int, file: UploadedFile[bytes], by: User, at: datetime) -> OrderFile:
    """Keep a file on an order; the timeline says that there is one, not what is in it.

    :raises checkout.returns.files.FileRefused: unless it is a PDF or a picture, and small enough.
    :raises TooManyFiles: if the order has no room for it.
    """
    kind, content = _read(file)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.files.count() >= MOST_FILES:
            raise TooManyFiles
        kept: OrderFile = OrderFile.objects.create(
            order=order,
            name=_name(file.name or "", kind),
            kind=kind,
            data=content,
            size=len(content),
            by=by,
            added_at=at,
        )
        order_status.record(order, kind="FILE", message="File added", at=at, by=by)
    return kept


@transaction.atomic
def drop(*, order_id: int, file_id: int, by: User, at: datetime) -> bool:
    """Delete a file of an order; tell whether it had it."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if not order.files.filter(pk=file_id).delete()[0]:
        return False
    order_status.record(order, kind="FILE", message="File deleted", at=at, by=by)
    return True


def _read(file: UploadedFile[bytes]) -> tuple[str, bytes]:
    """Return what is kept: a PDF as it came, a picture written anew."""
    begins = file.read(5)
    file.seek(0)
    if begins == b"%PDF-":
        return OrderFile.Kind.PDF, files.paper(file)
    return OrderFile.Kind.JPEG, files.photos([file])[0]


def _name(sent: str, kind: str) -> str:
    """Write a file's name without what file systems and browsers stumble over."""
    stem = _ODD.sub(" ", sent.rpartition(".")[0] or sent)
    stem = " ".join(stem.split()).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"{stem or 'file'}.{OrderFile.SUFFIX[kind]}"
