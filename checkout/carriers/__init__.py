"""How parcels get to those who carry them, and their numbers back to us: nothing calls the net."""

from checkout.carriers.csv_file import CsvFile
from checkout.carriers.interface import Announcement, Carrier, Problem, Reading, Tracking
from checkout.carriers.manual import Manual

# By their codes; another carrier joins here.
CARRIERS: dict[str, Carrier] = {carrier.code: carrier for carrier in (Manual(), CsvFile())}

__all__ = ["CARRIERS", "Announcement", "Carrier", "Problem", "Reading", "Tracking"]
