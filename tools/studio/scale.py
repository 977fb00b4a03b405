"""Galea scale pictures: each product drawn to size beside a bank card, by headless Chromium.

usage: python scale.py [NAME ...] [--fonts FOLDER] [--out FOLDER] [--chromium chromium]
Sizes are in millimetres; a bank card is 85.6 x 54 (ISO/IEC 7810, ID-1)."""
import argparse
import io
import pathlib
import subprocess
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
ap.add_argument("names", nargs="*", help="pictures to make (default: all)")
ap.add_argument("--fonts", type=pathlib.Path, default=ROOT / "static" / "fonts")
ap.add_argument("--out", type=pathlib.Path, default=ROOT / "storefront" / "demo" / "photos")
ap.add_argument("--chromium", default="chromium")
A = ap.parse_args()

W, H, FLOOR = 1000, 1250, 1060
PAPER, LINE, INK, PINE, SAND, SAGE = "#f7f3ec", "#cfc6b8", "#1f2722", "#27402f", "#e6ddcf", "#cfdccb"
CREAM, AMBER, GREEN, CLAY, STONE = "#f4efe4", "#a5662f", "#7f9a80", "#c98a6b", "#d8cdbb"


def box(x, y, w, h, r, fill):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r:.1f}" fill="{fill}" '
            f'stroke="{INK}" stroke-width="2.5"/>')


def bottle(x, w, h, s, fill, cap, neck=0.45, head=0.18):
    """A body with shoulders, a neck and a cap or pump on top."""
    hh, r = h * head, w * s * 0.12
    top = FLOOR - h * s
    body = box(x, top + hh * s, w * s, (h - hh) * s, r, fill)
    n = w * neck
    return box(x + (w - n) / 2 * s, top, n * s, hh * s + 2, 6, cap) + body


def pump(x, w, h, s, fill, cap):
    spout = f'<path d="M{x + w * s * .5:.1f} {FLOOR - h * s + 10:.1f}h{-w * s * .52:.1f}v14" fill="none" stroke="{cap}" stroke-width="16" stroke-linecap="round"/>'
    return spout + bottle(x, w, h, s, fill, cap, neck=0.34, head=0.24)


def dropper(x, w, h, s, fill, cap):
    return bottle(x, w, h, s, fill, cap, neck=0.4, head=0.34)


def mist(x, w, h, s, fill, cap):
    return bottle(x, w, h, s, fill, cap, neck=0.5, head=0.2)


def tube(x, w, h, s, fill, cap):
    top, cap_h = FLOOR - h * s, h * s * 0.16
    return (f'<path d="M{x:.1f} {top:.1f}h{w * s:.1f}l{-w * s * .06:.1f} {h * s - cap_h:.1f}h{-w * s * .88:.1f}z" fill="{fill}" '
            f'stroke="{INK}" stroke-width="2.5" stroke-linejoin="round"/>'
            + box(x + w * s * .12, FLOOR - cap_h, w * s * .76, cap_h, 5, cap))


def jar(x, w, h, s, fill, cap):
    lid = h * s * 0.34
    return box(x + 4, FLOOR - h * s + lid - 2, w * s - 8, h * s - lid + 2, 16, fill) + box(x, FLOOR - h * s, w * s, lid, 10, cap)


def brush(x, w, h, s, fill, cap):
    teeth = "".join(f'<path d="M{x + w * s * (i + .5) / 9:.1f} {FLOOR - 14 * s:.1f}V{FLOOR - 4:.1f}" stroke="{fill}" '
                    f'stroke-width="{2.2 * s:.1f}" stroke-linecap="round"/>' for i in range(9))
    top = FLOOR - h * s
    return teeth + (f'<path d="M{x:.1f} {FLOOR - 14 * s:.1f}c0 {-h * s * .35:.1f} {w * s * .25:.1f} {-h * s * .3:.1f} {w * s * .3:.1f} '
                    f'{-(h - 14) * s * .8:.1f}q{w * s * .2:.1f} {-h * s * .16:.1f} {w * s * .4:.1f} 0c{w * s * .05:.1f} {h * s * .5 - 14 * s * .8:.1f} '
                    f'{w * s * .3:.1f} {h * s * .45 - 14 * s * .8:.1f} {w * s * .3:.1f} {(h - 14) * s * .8:.1f}z" fill="{cap}" stroke="{INK}" '
                    f'stroke-width="2.5" stroke-linejoin="round" data-top="{top:.0f}"/>')


def carton(x, w, h, s, fill, cap):
    lid = 26 * s
    return (box(x, FLOOR - h * s, w * s, h * s, 8, fill) + box(x - 6, FLOOR - h * s, w * s + 12, lid, 6, cap)
            + f'<text x="{x + w * s / 2:.1f}" y="{FLOOR - h * s * .4:.1f}" class="brand" text-anchor="middle">Galea</text>')


# name: shape, width and height in mm, colours, title
THINGS = {
    "low-foam-daily-wash": (pump, 68, 186, CREAM, PINE, "Low-Foam Daily Wash, 250 ml"),
    "pre-treatment-clarifying-wash": (pump, 62, 172, GREEN, SAND, "Pre-Treatment Clarifying Wash, 200 ml"),
    "featherweight-conditioner": (bottle, 66, 168, CLAY, CREAM, "Featherweight Conditioner, 250 ml"),
    "quiet-scalp-serum": (dropper, 38, 108, AMBER, "#b99a5b", "Quiet Scalp Serum, 50 ml"),
    "barrier-balm": (tube, 48, 142, PINE, CREAM, "Barrier Balm, 75 ml"),
    "overnight-scalp-mask": (jar, 84, 68, CREAM, GREEN, "Overnight Scalp Mask, 150 g"),
    "cooling-mist": (mist, 44, 148, SAGE, CREAM, "Cooling Mist, 100 ml"),
    "mineral-scalp-shade-spf50": (tube, 42, 126, STONE, CLAY, "Mineral Scalp Shade SPF 50, 50 ml"),
    "soft-scalp-brush": (brush, 72, 78, GREEN, SAGE, "Soft Scalp Brush"),
    "aftercare-kit": (carton, 230, 170, STONE, SAND, "Aftercare Kit in its box"),
    "the-galea-shelf": (carton, 310, 215, STONE, SAND, "The Galea Shelf in its box"),
}


def draw(shape, w, h, fill, cap, title):
    s = min(5.0, 820 / h, 800 / (w + 30 + 85.6))
    x0 = (W - (w + 30 + 85.6) * s) / 2 + 24
    top = FLOOR - h * s
    card_x, card_w, card_h = x0 + (w + 30) * s, 85.6 * s, 54 * s
    card = (box(card_x, FLOOR - card_h, card_w, card_h, 3.2 * s, "#dfe6ea")
            + f'<rect x="{card_x}" y="{FLOOR - card_h * .82:.1f}" width="{card_w}" height="{card_h * .17:.1f}" fill="#8b979d"/>'
            + f'<text x="{card_x + card_w / 2:.1f}" y="{FLOOR - card_h - 16:.1f}" text-anchor="middle" class="small">a bank card</text>')
    rx = x0 - 34
    ruler = f'<path d="M{rx} {FLOOR}V{top:.1f}" stroke="{INK}" stroke-width="2"/>' + "".join(
        f'<path d="M{rx - (14 if mm % 50 == 0 else 8)} {FLOOR - mm * s:.1f}h{14 if mm % 50 == 0 else 8}" stroke="{INK}" stroke-width="2"/>'
        for mm in range(0, int(h) + 1, 10))
    height = f'<text x="{rx - 16}" y="{top - 20:.1f}" class="num">{h / 10:g} cm</text>'
    width = (f'<path d="M{x0:.1f} {FLOOR + 34}h{w * s:.1f}" stroke="{INK}" stroke-width="2"/>'
             f'<text x="{x0 + w * s / 2:.1f}" y="{FLOOR + 76}" text-anchor="middle" class="num">{w / 10:g} cm</text>')
    floor = f'<path d="M60 {FLOOR}H{W - 60}" stroke="{LINE}" stroke-width="3"/>'
    name = f'<text x="{W / 2}" y="110" text-anchor="middle" class="name">{title}</text>'
    return floor + ruler + height + shape(x0, w, h, s, fill, cap) + card + width + name


def page(body):
    fonts = A.fonts.resolve()
    return f"""<meta charset=utf-8><style>
@font-face{{font-family:N;src:url('{(fonts / "newsreader-display-opsz48-wght300-600-latin1.woff2").as_uri()}')}}
@font-face{{font-family:H;src:url('{(fonts / "hanken-grotesk-latin-wght-normal.woff2").as_uri()}')}}
*{{margin:0}}body{{background:{PAPER}}}text{{font-family:H;font-size:30px;fill:{INK}}}
.name,.brand{{font-family:N;font-size:46px}}.small{{font-size:27px;fill:#4c5a51}}.num{{font-size:32px}}
</style><svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" viewBox="0 0 {W} {H}">{body}</svg>"""


for name, thing in THINGS.items():
    if A.names and name not in A.names:
        continue
    with tempfile.TemporaryDirectory() as folder:
        d = pathlib.Path(folder)
        (d / "scale.html").write_text(page(draw(*thing)), encoding="utf-8")
        subprocess.run(
            [A.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={d}/u", "--hide-scrollbars", "--allow-file-access-from-files",
             f"--window-size={W},{H}", f"--screenshot={d}/scale.png", (d / "scale.html").as_uri()],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        picture = Image.open(io.BytesIO((d / "scale.png").read_bytes())).convert("RGB")
        picture.save(A.out / f"scale-{name}.jpg", quality=86, optimize=True, progressive=True)
    print(f"scale-{name}.jpg")
