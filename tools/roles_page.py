"""Write docs/roles.md from the table of roles."""

import sys

from storefront.roles import page
from tools.environment import ROOT


def main() -> int:
    (ROOT / "docs" / "roles.md").write_text(page.written())
    return 0


if __name__ == "__main__":
    sys.exit(main())
