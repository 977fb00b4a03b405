"""Galea labels: HTML set in the shop's own fonts -> transparent PNG, by headless Chromium.

usage: python labels.py [NAME ...] [--fonts FOLDER] [--out labels] [--chromium chromium]
Fonts: Newsreader (display cut) and Hanken Grotesk, woff2, both SIL OFL 1.1, read from the --fonts folder."""
import argparse
import pathlib
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
ap.add_argument("names", nargs="*", help="labels to make (default: all)")
ap.add_argument("--fonts", type=pathlib.Path, default=HERE.parents[1] / "static" / "fonts")
ap.add_argument("--out", type=pathlib.Path, default=HERE / "labels")
ap.add_argument("--chromium", default="chromium")
A = ap.parse_args()
A.fonts = A.fonts.resolve()
A.out.mkdir(parents=True, exist_ok=True)
BR = "Galea"


def face(family, file, weight):
    return (f"@font-face{{font-family:'{family}';src:url('{(A.fonts / file).as_uri()}') format('woff2');"
            f"font-weight:{weight}}}")


CSS = face("Newsreader", "newsreader-display-opsz48-wght300-600-latin1.woff2", "300 600") + face(
    "Hanken", "hanken-grotesk-latin-wght-normal.woff2", "100 900")
BASE = """*{box-sizing:border-box;margin:0}html,body{background:transparent}
body{width:%(w)dpx;height:%(h)dpx;font-family:Hanken;color:%(ink)s;padding:%(pad)dpx;display:flex;flex-direction:column;%(bg)s -webkit-font-smoothing:antialiased}
.brand{font-family:Newsreader;font-size:%(b)dpx;letter-spacing:.02em;font-weight:430;line-height:1}
.rule{height:4px;background:currentColor;width:100%%;opacity:.8}
.name{font-family:Newsreader;font-weight:430;line-height:1.06;letter-spacing:-.005em}
.cap{text-transform:uppercase;letter-spacing:.14em;font-weight:650}
.sm{letter-spacing:.015em;line-height:1.42;font-weight:580}
.sp{flex:1}.row{display:flex;justify-content:space-between;align-items:flex-end}
.num{font-family:Newsreader;font-weight:300;line-height:.8}
"""


def make(name, w, h, body, ink="#141715", bg="", pad=60, b=120):
    if A.names and name not in A.names:
        return
    css = CSS + BASE % dict(w=w, h=h, ink=ink, bg=bg, pad=pad, b=b)
    d = pathlib.Path(tempfile.mkdtemp())
    page = d / "label.html"
    page.write_text(f"<meta charset=utf-8><style>{css}</style><body>{body}</body>", encoding="utf-8")
    out = (A.out / f"{name}.png").resolve()
    subprocess.run(
        [A.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={d}/u", "--hide-scrollbars", "--allow-file-access-from-files",
         "--default-background-color=00000000", f"--window-size={w},{h}", f"--screenshot={out}", page.as_uri()],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(d, ignore_errors=True)
    print(out.name)


def tall(kind, no, name, text, facts, size, ink="#141715", name_px=132, pad=40, b=118, small=32):
    """the bottle and tube label: brand, rule, kind and number, name, use, rule, facts and size"""
    return dict(ink=ink, pad=pad, b=b, body=f"""<div class=brand>{BR}</div><div style="height:36px"></div><div class=rule></div><div style="height:30px"></div>
<div class=row><div class=cap style="font-size:{small}px">{kind}</div><div class=cap style="font-size:{small}px">No. {no}</div></div><div class=sp></div>
<div class=name style="font-size:{name_px}px">{name}</div><div style="height:44px"></div><div class=sm style="font-size:41px">{text}</div><div class=sp></div>
<div class=rule></div><div style="height:28px"></div><div class=row><div class=sm style="font-size:{small}px">{facts}</div><div class=sm style="font-size:{small}px;text-align:right">{size}</div></div>""")


LIGHT = "#f6f0e6"
make("wash", 1000, 1500, **tall("Scalp wash", "01", "Low-Foam<br>Daily<br>Wash", "pH 5.2, fragrance free.<br>For sensitive scalps,<br>every day.", "Betaine, glycerin,<br>oat extract", "250 ml<br>8.4 fl oz"))
make("refill", 1000, 1500, **tall("Refill", "01", "Low-Foam<br>Daily<br>Wash", "Two refills of the<br>250 ml pump bottle.", "Betaine, glycerin,<br>oat extract", "500 ml<br>16.9 fl oz"))
make("clarify", 1000, 1500, **tall("Scalp wash", "05", "Pre-Treatment<br>Clarifying<br>Wash", "The day before a session.<br>Lifts oil and styling<br>residue.", "Mild surfactants,<br>salicylic acid 0.5%", "200 ml<br>6.8 fl oz", ink=LIGHT, name_px=128))
make("conditioner", 1000, 1500, **tall("Conditioner", "06", "Feather-<br>weight<br>Conditioner", "Light slip for lengths,<br>no film on the scalp.", "Betaine, inulin,<br>rice starch", "250 ml<br>8.4 fl oz", ink=LIGHT))
make("balm", 1000, 1500, **tall("Leave-on", "03", "Barrier<br>Balm", "Comfort balm for<br>dry, tight scalps", "Squalane, ceramides", "75 ml", ink=LIGHT, name_px=160, pad=50, b=136, small=36))
make("spf", 1000, 1500, **tall("Sun care", "07", "Mineral<br>Scalp Shade<br>SPF&nbsp;50", "For partings, hairline<br>and bare scalp", "Zinc oxide 20%", "50 ml", ink="#1c1f1d", name_px=146, pad=50, b=136, small=36))
make("mist", 700, 1500, f"""<div class=brand>{BR}</div><div style="height:34px"></div><div class=rule></div><div style="height:28px"></div><div class=cap style="font-size:34px">No. 08</div><div class=sp></div>
<div class=name style="font-size:150px">Cooling<br>Mist</div><div style="height:40px"></div><div class=sm style="font-size:46px">Thermal water,<br>aloe, panthenol</div><div class=sp></div>
<div class=rule></div><div style="height:28px"></div><div class=row><div class=sm style="font-size:38px">Leave-on</div><div class=sm style="font-size:38px;text-align:right">100 ml</div></div>""", pad=36, b=124)
make("serum", 1100, 1000, f"""<div class=row><div class=brand>{BR}</div><div class=cap style="font-size:36px">No. 02</div></div><div style="height:34px"></div><div class=rule></div><div class=sp></div>
<div class=name style="font-size:142px">Quiet Scalp<br>Serum</div><div style="height:26px"></div><div class=sm style="font-size:45px">Leave-on drops for tight,<br>flaky or reactive scalps</div><div class=sp></div>
<div class=rule></div><div style="height:26px"></div><div class=row><div class=sm style="font-size:38px">Niacinamide 4%<br>Panthenol, oat</div><div class=sm style="font-size:38px;text-align:right">50 ml<br>1.7 fl oz</div></div>""", bg="background:#f3ede2;", pad=60, b=104)
make("jar", 1600, 640, f"""<div class=row style="align-items:flex-start"><div class=brand>{BR}</div><div class=cap style="font-size:46px;text-align:right;line-height:1.4">No. 04<br>150 g</div></div><div class=sp></div>
<div class=row><div class=name style="font-size:158px">Overnight<br>Scalp Mask</div><div class=sm style="font-size:50px;text-align:right">Once a week,<br>kaolin and oat</div></div>""", pad=30, b=124)
for key, word, n, ink in (("card3", "Three", 3, "#141715"), ("card6", "Six", 6, "#f1e9db"), ("card10", "Ten", 10, "#2b1d12")):
    make(key, 1600, 1000, f"""<div class=row style="align-items:flex-start"><div class=brand>{BR}</div><div class=cap style="font-size:38px">Scalp studio</div></div><div class=sp></div>
<div class=row><div class=name style="font-size:134px">{word} treatment<br>sessions</div><div class=num style="font-size:420px">{n}</div></div>""", ink=ink, pad=100, b=124)
