"""A buyer's word that a contract is withdrawn from, and what staff made of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from checkout.models.order import Order, OrderLine
from checkout.withdrawal_terms import WORDS, Standing


class Withdrawal(models.Model):
    """One statement of withdrawal as it arrived; never changed, never deleted.

    Whose it is, the order says: nothing here names anybody.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="withdrawals")
    reference = models.CharField(max_length=64, unique=True, help_text="The form it came with.")
    stated_at = models.DateTimeField()
    refund_due_on = models.DateField(help_text="14 days later; it may wait for the goods.")

    class Meta:
        ordering: ClassVar = ["-stated_at", "-pk"]

    def __str__(self) -> str:
        return f"Withdrawal from {self.order.number}"


class WithdrawalLine(models.Model):
    """So many pieces of one line that a statement names, as they stood that day."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    is_opened = models.BooleanField(help_text="As the buyer says.")
    standing = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["withdrawal", "line__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["withdrawal", "line"], name="withdrawal_line_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="withdrawal_line_names_a_piece"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))

    @property
    def words(self) -> str:
        """What the buyer is told of it."""
        return WORDS[Standing(self.standing)]


class WithdrawalDecision(models.Model):
    """What staff decided about a withdrawal, once."""

    withdrawal = models.OneToOneField(Withdrawal, on_delete=models.PROTECT, related_name="decision")
    is_accepted = models.BooleanField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return "accepted" if self.is_accepted else "declined"
