"""What keeps robots out: how often somebody posts, and which words they use."""

from typing import ClassVar

from django.db import models


class SpamWord(models.Model):
    """In how many comments a word stood that moderators called spam, or approved.

    The row of the empty word counts the comments themselves. `blog.spam.words` alone writes it.
    """

    word = models.CharField(max_length=40, unique=True)
    in_spam = models.IntegerField(default=0)
    in_approved = models.IntegerField(default=0)

    class Meta:
        verbose_name = "word of comments"
        ordering: ClassVar = ["word"]

    def __str__(self) -> str:
        return self.word or "(all comments)"


class PostingCount(models.Model):
    """How often one source tried something within one stretch of time.

    `blog.spam.rates` alone writes it. A source is a hash: no address can be read from it.
    """

    source = models.CharField(max_length=50)
    began_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "began_at"], name="posting_count_is_one_for_each_stretch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} from {self.began_at:%Y-%m-%d %H:%M}"


class NetworkSalt(models.Model):
    """A day's secret that addresses are hashed with; once it is gone, nobody can tell them."""

    day = models.DateField(unique=True)
    secret = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"Salt of {self.day}"
