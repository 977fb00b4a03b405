"""What waits for those who look after the shop as a whole, counted on the admin's first page."""

from django.db.models import QuerySet

from cms.waiting import WaitingItem
from outbox.models import MailStatus, OutboundMail


class FailedMailsItem(WaitingItem):
    order = 40
    icon_name = "mail"
    model = OutboundMail
    words_for_one, words = "mail did not go out", "mails did not go out"
    url_name, query = "mails:index", "?status=FAILED"

    def rows(self) -> QuerySet[OutboundMail]:
        return OutboundMail.objects.filter(status=MailStatus.FAILED)
