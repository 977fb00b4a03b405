"""The pictures: a function for each, marked with its name and size."""

from geometry import mesh
from materials import plaster, travertine
from palette import M
from products import balm_tube, brush, cap_bottle, card, dropper, jar, mist, pump_bottle, spf_tube
from props import bowl, comb, pouch, stone, towel, tray, wand
from room import camera, cyc, frond, plinth, slab, window_light, window_low
from stage import scene
from texture import smear


@scene("low-foam-daily-wash")
def low_foam_daily_wash():
    cyc("#cfd3c6", "#c3c9bb")
    slab(1.7, 1.2, 0.22, (0.1, 0.1, 0), -8)
    pump_bottle("wash.png", "bone", "pine", (-0.02, 0, 0.22))
    window_light(seed=21)
    camera((0, -6.4, 1.55), (0.06, 0, 0.98), 98, f=0.8, focus=(0, -0.3, 0.9))


@scene("low-foam-daily-wash-refill")
def low_foam_daily_wash_refill():
    cyc("#d5d7ca", "#c9cdbf")
    slab(1.8, 1.1, 0.16, (0, 0.1, 0), 5, seed=4)
    pouch((0, 0, 0.16))
    window_light(seed=24)
    camera((0, -6.4, 1.5), (0, 0, 0.9), 98, f=0.8, focus=(0, -0.2, 0.8))


@scene("pre-treatment-clarifying-wash")
def pre_treatment_clarifying_wash():
    cyc("#ddd3c4", "#d1c6b4")
    plinth(0.68, 0.24, (0.02, 0, 0), seed=2)
    pump_bottle("clarify.png", "smoke", "sand", (0, 0, 0.24), nozzle=-150)
    stone(0.5, -0.28, 0.24, 0.075, "#9aa590", 5)
    window_light(seed=27)
    camera((0, -6.4, 1.55), (-0.02, 0, 0.98), 98, f=0.8, focus=(0, -0.3, 0.9))


@scene("quiet-scalp-serum")
def quiet_scalp_serum():
    cyc("#e6dbcc", "#ddd0be")
    plinth(0.62, 0.3, seed=1)
    dropper((0, 0, 0.3))
    stone(0.42, -0.16, 0.3, 0.08, "#c6b9a8", 3)
    stone(0.3, -0.36, 0.3, 0.046, "#8f9c86", 8)
    window_light(seed=11)
    camera((0, -5.6, 1.35), (0.06, 0, 0.78), 118, f=1.2, focus=(0, -0.21, 0.62))


@scene("barrier-balm")
def barrier_balm():
    cyc("#dfd0bd", "#d5c4ae")
    plinth(0.56, 0.2, seed=3)
    balm_tube((0, 0, 0.2))
    stone(-0.42, -0.22, 0.2, 0.06, "#b98b6b", 4)
    window_light(seed=31)
    camera((0, -5.8, 1.3), (0, 0, 0.84), 100, f=0.9, focus=(0, -0.2, 0.7))


@scene("mineral-scalp-shade-spf50")
def mineral_scalp_shade_spf50():
    cyc("#e3d2bb", "#d8c3a6")
    plinth(0.62, 0.16, (0.05, 0.05, 0), seed=5)
    plinth(0.42, 0.14, (0, 0, 0.16), seed=6)
    spf_tube((0, 0, 0.3), k=0.92)
    window_light(1.06, seed=36)
    camera((0, -5.8, 1.35), (0, 0, 0.86), 100, f=0.9, focus=(0, -0.2, 0.8))


@scene("overnight-scalp-mask")
def overnight_scalp_mask():
    cyc("#d3cdc0", "#c7bfb0")
    plinth(0.74, 0.22, seed=7)
    jar((0, 0, 0.22))
    stone(0.5, -0.34, 0.22, 0.055, "#c6b9a8", 6)
    window_light(0.94, seed=41)
    camera((0, -5.2, 1.7), (0, 0, 0.47), 118, f=1.3, focus=(0, -0.3, 0.42))


@scene("cooling-mist")
def cooling_mist():
    cyc("#cfd6cf", "#c1cac2")
    slab(1.3, 1.0, 0.3, (0.05, 0.1, 0), 9, seed=8)
    mist((0, -0.02, 0.3))
    stone(0.3, -0.2, 0.3, 0.06, "#dcd3c4", 7)
    stone(0.42, -0.06, 0.3, 0.085, "#9aa590", 12)
    window_light(seed=46)
    camera((0, -6.0, 1.5), (0.03, 0, 0.9), 106, f=0.9, focus=(0, -0.2, 0.8))


@scene("featherweight-conditioner")
def featherweight_conditioner():
    cyc("#e6dac9", "#dccdb8")
    slab(1.5, 1.1, 0.18, (0.05, 0.12, 0), -6, seed=9)
    cap_bottle("conditioner.png", "clay", "bone", (0, 0, 0.18))
    window_light(seed=49)
    camera((0, -6.4, 1.5), (0.02, 0, 0.84), 100, f=0.8, focus=(0, -0.3, 0.8))


@scene("soft-scalp-brush")
def soft_scalp_brush():
    cyc("#d9dccf", "#cdd2c3")
    plinth(0.66, 0.2, seed=10)
    brush((-0.02, 0, 0.2 + 0.15))
    window_light(seed=51)
    camera((0, -5.0, 1.6), (0, 0, 0.54), 112, f=0.7, focus=(0, -0.3, 0.5))


@scene("aftercare-kit")
def aftercare_kit():
    cyc("#dcd0be", "#d1c3ae")
    slab(1.95, 1.25, 0.2, (0, 0.12, 0), -4, seed=11)
    mist((-0.58, 0.3, 0.2), 8)
    balm_tube((-0.02, 0.36, 0.2), 3, 0.94)
    spf_tube((0.52, 0.12, 0.2), -5, 0.8)
    brush((0.2, -0.3, 0.2 + 0.15 * 0.66), k=0.66)
    window_light(seed=56)
    camera((0, -6.8, 1.75), (-0.02, 0, 0.76), 104, f=0.9, focus=(0, 0.0, 0.7))


@scene("session-cards")
def session_cards():
    cyc("#d9c8b4", "#cfbca5", y=2.1)
    slab(2.5, 2.1, 0.14, (0, 0.25, 0), 5, seed=12)
    towel((0.2, 0.93, 0.14), 0.86, 0.52, 0.2, 4, "#e2d8c8", rz=-8)
    wand((-0.16, 0.93, 0.14 + 0.2 + 0.05), (0, 90, -14), 0.72)
    card("card3.png", "#ddd0bb", (-0.33, 0.24, 0.148), (0, 0, 13))
    card("card10.png", "#c9a587", (0.36, 0.24, 0.164), (0.6, 0.6, -13))
    card("card6.png", "#435247", (0.0, -0.2, 0.19), (2.0, -1.0, -3))
    stone(-0.62, -0.26, 0.14, 0.05, "#9aa590", 9)
    window_light(seed=61)
    camera((-0.02, -3.9, 3.1), (-0.02, 0.15, 0.2), 86, f=2.4, focus=(0.1, -0.05, 0.2))


@scene("hero", 1800, 1200)
def hero():
    cyc("#e2d6c5", "#d8cab6")
    t = travertine()
    plinth(0.46, 0.5, (0.92, 0.42, 0), t)
    slab(2.4, 1.1, 0.14, (-0.24, -0.02, 0), -4, t)
    slab(0.8, 0.5, 0.24, (-0.18, 0.34, 0.14), 3, t)
    dropper((0.9, 0.36, 0.5))
    pump_bottle("wash.png", "bone", "pine", (-1.0, 0.1, 0.14))
    balm_tube((-0.2, 0.32, 0.38), -2, 0.88)
    jar((0.24, -0.24, 0.14))
    mist((-0.46, -0.26, 0.14), -4, 0.8)
    brush((1.36, -0.3, 0.15))
    stone(-1.2, -0.9, 0, 0.11, "#c6b9a8", 3)
    stone(-0.98, -1.02, 0, 0.06, "#b98b6b", 8)
    window_light(seed=71)
    camera((0.1, -7.2, 1.75), (0.14, 0, 0.78), 112, f=0.9, focus=(0.1, -0.1, 0.6))


@scene("treatment-still", 1500, 1000)
def treatment_still():
    cyc("#d8d6ca", "#cbcabb")
    t = travertine(seed=13)
    slab(3.6, 1.5, 0.16, (0, 0.1, 0), 0, t)
    for k, (h, c, a, n) in enumerate(((0.23, "#8b967f", 3, 4), (0.22, "#e3dacb", -2, 4), (0.2, "#e3dacb", 2, 4))):
        towel((-0.72 + 0.02 * k, 0.3, 0.16 + sum((0.23, 0.22)[:k])), 1.08, 0.74, h, n, c, a, k + 2)
    bowl((0.34, 0.28, 0.16), 0.98)
    tray((0.5, -0.4, 0.16), 1.5, 0.36, 0.17, M["glaze"], rz=4)
    wand((0.02, -0.41, 0.16 + 0.026 + 0.066), (0, 90, 4), 0.98)
    stone(-0.5, -0.42, 0.16, 0.07, "#b7a994", 5)
    window_light(seed=81)
    camera((0.03, -6.2, 2.35), (0.04, 0, 0.46), 125, f=0.9, focus=(0.1, -0.2, 0.3))


@scene("texture-swatch", 1200, 1200)
def texture_swatch():
    m = plaster("#e2d6c6", "#d8cab7", bump=0.35)
    mesh("floor", [(-3, -3, 0), (3, -3, 0), (3, 3, 0), (-3, 3, 0)], [(0, 1, 2, 3)], m, smooth=False)
    smear()
    window_low()
    camera((0.0, -0.5, 4.4), (0.0, 0.05, 0), 104, f=2.0, focus=(0, 0, 0.05))


@scene("article-sun-and-scalp", 1600, 1000)
def article_sun_and_scalp():
    cyc("#e7d3b6", "#dcc3a0")
    t = travertine(seed=14)
    plinth(0.62, 0.2, (0.55, 0.1, 0), t)
    plinth(0.4, 0.34, (1.2, 0.55, 0), t)
    spf_tube((0.55, 0.06, 0.2), -4, 0.9)
    stone(0.2, -0.32, 0.2, 0.07, "#cdb99d", 4)
    stone(1.16, 0.42, 0.34, 0.12, "#c6b9a8", 9)
    window_light(1.12, seed=91)
    frond((-3.2, -1.2, 2.6), (0.2, -0.2, 2.0), n=26, leaf=0.8, wid=0.13, seed=93)
    camera((0, -6.6, 1.5), (0.1, 0, 0.72), 118, f=0.9, focus=(0.5, -0.1, 0.7))


@scene("article-water-and-wash", 1600, 1000)
def article_water_and_wash():
    cyc("#cdd4cd", "#c0c9c0")
    slab(2.9, 1.3, 0.18, (0.05, 0.12, 0), 3, seed=15)
    pump_bottle("wash.png", "bone", "pine", (0.66, 0.3, 0.18), -4)
    bowl((-0.38, -0.02, 0.18), 1.1)
    towel((-1.0, 0.5, 0.18), 0.8, 0.6, 0.26, 4, "#e3dacb", 8, 5)
    stone(0.24, -0.34, 0.18, 0.06, "#9aa590", 5)
    window_light(seed=96)
    camera((0, -6.9, 2.1), (0, 0, 0.78), 110, f=0.9, focus=(0.2, -0.1, 0.6))


@scene("article-brush-and-towel", 1600, 1000)
def article_brush_and_towel():
    cyc("#ddcfbe", "#d2c2ad")
    slab(3.0, 1.3, 0.16, (0, 0.12, 0), -3, seed=16)
    for k, (h, c, a) in enumerate(((0.24, "#dccdb6", 2), (0.22, "#8b967f", -2))):
        towel((0.44, 0.3, 0.16 + 0.24 * k), 1.2, 0.8, h, 4, c, a, k + 7)
    brush((-0.52, -0.02, 0.16 + 0.15), k=1.0)
    comb((0.44, -0.3, 0.16), -3, 0.8)
    dropper((1.22, -0.02, 0.16), -6, 0.8)
    window_light(seed=101)
    camera((0, -6.6, 2.0), (0.2, 0, 0.52), 120, f=0.9, focus=(0, -0.2, 0.4))
