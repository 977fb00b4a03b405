#!/usr/bin/env python
"""Django's command line for this project."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
    if "migrate" in sys.argv[1:2]:
        # Migrating builds every past state of the models and throws none away; looking through
        # them for rubbish again and again costs a seventh of the time and finds nothing.
        gc.set_threshold(200_000, 50, 100)
    execute_from_command_line(sys.argv)
