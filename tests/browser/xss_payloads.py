"""Five hundred ways to get a script into a page, for every place that shows what strangers type.

Each would call `xss(1)` or open a dialog if a browser ran it; `install` makes both tell on it.
"""

from itertools import islice, product

from playwright.sync_api import Dialog, Page

CALLS = ("xss(1)", "alert(1)", "window.xss&&xss(1)", "top['al'+'ert'](1)", "eval('xss(1)')")
_HEADS = ("", '">', "'>", "-->", "</title>", "</textarea>", "</script>", "]]>", "\\\"'>", "</li>")
_BODIES = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script/x>{}</script >",
    "<img src=x onerror={}>",
    "<img/src='x'/onerror='{}'>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<body onload={}>",
    "<iframe src=javascript:{}></iframe>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<a href=javascript:{}>tap</a>",
    "<a href=' &#1;javascript:{}'>tap</a>",
    "<details open ontoggle={}>",
    "<video><source onerror={}></video>",
    "<input autofocus onfocus={}>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<math><mtext><img src=x onerror={}></mtext></math>",
    "<style>@import 'javascript:{}'</style>",
    "<form><button formaction=javascript:{}>tap</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<marquee onstart={}>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<template><script>{}</script></template><img src=x onerror={}>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;img src=x onerror={}&#62;",
    "\u003cscript\u003e{}\u003c/script\u003e",
    "\uff1cscript\uff1e{}\uff1c/script\uff1e",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "http://x.example/\" onmouseover=\"{}",
    "https://x.example/'onfocus='{}'autofocus='",
    "https://x.example/<img src=x onerror={}>",
    "[x](javascript:{})",
    "![x](x\" onerror=\"{})",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "{{% load static %}}{{{{ {} }}}}",
    "<p hx-get=/ hx-on:load={} hx-trigger=load>",
    "<div hx-get='javascript:{}' hx-trigger=load></div>",
    "\" autofocus onfocus={} x=\"",
    "' onpointerenter={} x='",
    "<!--[if IE]><script>{}</script><![endif]-->",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<<script>{};//<</script>",
    "<img src=x onerror\n=\n{}>",
    "<img \x0csrc=x\x0conerror={}>",
    "<xss contenteditable autofocus onfocus={}>x</xss>",
    "<audio src onloadstart={}>",
)  # fmt: skip
WANTED = 500


def _written(head: str, body: str, call: str) -> str:
    return head + body.format(call, call)


PAYLOADS: tuple[str, ...] = tuple(
    islice(
        dict.fromkeys(
            _written(head, body, CALLS[(one + two) % len(CALLS)])
            for (one, head), (two, body) in product(enumerate(_HEADS), enumerate(_BODIES))
        ),
        WANTED,
    )
)

_TRAP = """
  window.xssRuns = 0;
  window.xss = () => { window.xssRuns += 1; };
  window.alert = window.xss;
"""


def install(page: Page) -> list[str]:
    """Make a page tell of every payload that runs in it; returns the list it tells into."""
    told: list[str] = []
    page.add_init_script(_TRAP)

    def tell(dialog: Dialog) -> None:
        told.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", tell)
    return told


def runs(page: Page, told: list[str]) -> int:
    """Count what ran, in the page and in its frames, since `install`."""
    counted = sum(frame.evaluate("window.xssRuns || 0") for frame in page.frames)
    return int(counted) + len(told)
