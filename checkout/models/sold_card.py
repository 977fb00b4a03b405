"""Gift cards that are bought: what the giver wishes for each, in the basket and in the order."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from catalog.gift_card_form import MESSAGE_LENGTH, NAME_LENGTH
from checkout.models.basket import BasketLine
from checkout.models.gift_card import GiftCard
from checkout.models.order import OrderLine


class CardWish(models.Model):
    """For whom a gift card is, and when it is mailed; unsaid, to its buyer and at once."""

    recipient_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    recipient_email = models.EmailField(max_length=254, blank=True)
    giver_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    message = models.TextField(max_length=MESSAGE_LENGTH, blank=True)
    mail_on = models.DateField(null=True, help_text="In the shop's zone; none: once it is paid.")

    class Meta:
        abstract = True


class BasketCard(CardWish):
    """What is wished for one of a basket line's gift cards; the first ones are ordered first."""

    line = models.ForeignKey(BasketLine, on_delete=models.CASCADE, related_name="cards")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"Wish {self.pk} for basket line {self.line_id}"


class OrderCard(CardWish):
    """One gift card as it was ordered; once issued, the card itself says where it is mailed to."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="cards")
    piece = models.PositiveSmallIntegerField(help_text="Counted from 1.")
    card = models.OneToOneField(
        GiftCard, null=True, on_delete=models.PROTECT, related_name="sold_as"
    )
    mail_at = models.DateTimeField(
        null=True, help_text="When it is due to be mailed; none before it is paid, and once voided."
    )
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["line", "piece"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "piece"], name="order_card_once_per_piece"),
            models.CheckConstraint(
                condition=Q(mailed_at=None) | Q(card__isnull=False),
                name="order_card_mailed_once_issued",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["mail_at"],
                condition=Q(mailed_at=None, mail_at__isnull=False),
                name="order_card_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"Gift card {self.piece} of order line {self.line_id}"

    @property
    def is_to_mail(self) -> bool:
        """Whether its mail is still to come."""
        return self.mail_at is not None and self.mailed_at is None
