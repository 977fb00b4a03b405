"""Make the picture files that the pages under test show, so that no test waits for an encoder."""

import django

django.setup()

# Models exist only after the set-up above.
from cms import pictures  # noqa: E402
from storefront.prerendering import prerender  # noqa: E402


def main() -> None:
    for url, status in prerender():
        assert status < 500, (url, status)
    pictures.render_missing(seconds=600)


if __name__ == "__main__":
    main()
