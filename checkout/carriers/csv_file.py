"""A carrier that takes a table of addresses and gives one of numbers back."""

import csv
import io
from collections.abc import Iterator, Sequence

from checkout.carriers.interface import Announcement, Problem, Reading, Tracking
from checkout.models import Order, Shipment
from cms.inert_export import inert

COLUMNS = (
    "parcel", "name", "line1", "line2", "postcode", "city", "country", "email", "phone",
    "weight_grams", "method",
)  # fmt: skip
ANSWERED = ("parcel", "tracking_number")
MOST_ROWS = 2_000
LONGEST_NUMBER = 60


class CsvFile:
    """UTF-8 with commas; a semicolon between cells is understood too."""

    code = "csv"
    name = "CSV file"

    def announce(self, parcels: Sequence[Shipment]) -> Announcement | None:
        """Write one row for each parcel; no cell is taken for a formula."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for parcel in parcels:
            writer.writerow([inert(cell) for cell in _row(parcel, parcel.order)])
        # Spreadsheets know by the mark that it is UTF-8.
        content = text.getvalue().encode("utf-8-sig")
        return Announcement("parcels.csv", "text/csv; charset=utf-8", content)

    def read(self, answer: bytes) -> Reading:
        """Read the columns parcel and tracking_number, and carrier and tracking_url if given."""
        try:
            text = answer.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Reading(problems=[Problem(1, "The file is not UTF-8.")])
        first_line = text.partition("\n")[0]
        rows = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=";" if ";" in first_line else ","
        )
        missing = [name for name in ANSWERED if name not in (rows.fieldnames or [])]
        if missing:
            return Reading(problems=[Problem(1, f"No column is called {' or '.join(missing)}.")])
        return _read(rows)


def _row(parcel: Shipment, order: Order) -> Iterator[str | int]:
    yield str(parcel)
    yield order.delivery_name or order.name
    yield order.delivery_line1
    yield order.delivery_line2
    yield order.delivery_postcode
    yield order.delivery_city
    yield order.delivery_country
    yield order.email
    yield order.phone
    yield parcel.weight_grams or ""
    yield order.delivery_method_code


def _read(rows: "csv.DictReader[str]") -> Reading:
    reading = Reading()
    seen: set[str] = set()
    try:
        for number, row in enumerate(rows, start=2):
            if number > MOST_ROWS + 1:
                reading.problems.append(Problem(number, f"More than {MOST_ROWS} rows."))
                break
            _take(reading, seen, number, {key: (row.get(key) or "").strip() for key in _READ})
    except csv.Error as problem:
        reading.problems.append(Problem(rows.line_num, f"Not a table: {problem}."))
    return reading


_READ = ("parcel", "tracking_number", "carrier", "tracking_url")


def _take(reading: Reading, seen: set[str], number: int, row: dict[str, str]) -> None:
    parcel, tracking, url = row["parcel"], row["tracking_number"], row["tracking_url"]
    wrong = {
        "It names no parcel.": not parcel,
        "It gives no number.": not tracking,
        f"{parcel} stands in the file twice.": parcel in seen,
        "The number is too long.": len(tracking) > LONGEST_NUMBER,
        "The carrier's name is too long.": len(row["carrier"]) > 80,
        "The link is not one that starts with https://.": bool(url)
        and (not url.startswith("https://") or len(url) > 300),
        "It holds a character that cannot be stored.": any("\0" in cell for cell in row.values()),
    }
    words = next((words for words, is_wrong in wrong.items() if is_wrong), "")
    seen.add(parcel)
    if words:
        reading.problems.append(Problem(number, words))
    else:
        reading.trackings.append(Tracking(number, parcel, row["carrier"], tracking, url))
