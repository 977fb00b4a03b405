"""Settles for the races what is proved elsewhere."""

import importlib

from django.apps import AppConfig


class RacesConfig(AppConfig):
    name = "tests.races"
    label = "races"

    def ready(self) -> None:
        # Answers are lost on purpose here, and how many of them one process sees is luck.
        gateway = importlib.import_module("checkout.stripe_gateway")
        gateway.breaker.failures_to_open = 1_000_000
