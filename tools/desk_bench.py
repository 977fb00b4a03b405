"""A million orders: how much longer than with a thousand staff wait for the lists of them.

`python -m tools.desk_bench [ORDERS]` starts a PostgreSQL of its own, fills it with lines, passes, a
payment and a parcel an order, and asks it and a small shop beside it in turn, from one process.
With `--write` the table goes into docs/performance.md. The bar is three times the small shop's
median, and 20 queries a list.
"""

import sys

from tools import grown

ORDERS = 1_000_000


if __name__ == "__main__":
    sys.exit(grown.measure("tools.desk_steps", ORDERS))
