"""What customers wish of the days after a session."""

from django.conf import settings
from django.db import models


class AftercareStop(models.Model):
    """An address that wants no mails about the days after a session."""

    email = models.EmailField("e-mail address", unique=True)
    stopped_at = models.DateTimeField()

    class Meta:
        verbose_name = "stop of aftercare mails"
        verbose_name_plural = "stops of aftercare mails"

    def __str__(self) -> str:
        return f"Stop {self.pk}"


class CalendarLink(models.Model):
    """The address under which calendars read somebody's days of aftercare; one at a time."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token = models.CharField(max_length=43, unique=True, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "calendar link"

    def __str__(self) -> str:
        return f"Calendar link {self.pk}"
