"""A hundred thousand passes: how much longer than with a hundred the desk and the reports take.

`python -m tools.pass_bench [PASSES]` starts a PostgreSQL of its own, fills it with ten entries a
pass, and asks the same before and after, from one process. With `--write` the table goes into
docs/performance.md. The bar of the desk is twice the small shop's 95th percentile, and that of a
year's promises report is five seconds.
"""

import sys

from tools import grown

PASSES = 100_000


if __name__ == "__main__":
    sys.exit(grown.measure("tools.pass_steps", PASSES))
