"""The shop of the negative controls: every guard of it can be taken off, one at a time."""

from tests.races.settings import *
from tests.races.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "tests.races.unguarded"]
MIDDLEWARE = ["tests.races.guard_switch.GuardSwitch", *MIDDLEWARE]
