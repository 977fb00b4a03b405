"""The command line, and the empty scene that everything is put into.

Unit: 1 = 10 cm. The camera looks along +Y, the sun comes from the left.
"""

import argparse
import pathlib
import random

import bpy

HERE = pathlib.Path(__file__).resolve().parent
ap = argparse.ArgumentParser(
    description="Galea product studio: scripted Blender (bpy, Cycles on the CPU) product photography."
)
ap.add_argument("scene", nargs="?")
ap.add_argument("--list", action="store_true", help="print the scene names")
ap.add_argument(
    "--out", type=pathlib.Path, default=HERE.parents[1] / "storefront" / "demo" / "photos", help="output folder"
)
ap.add_argument("--labels", type=pathlib.Path, default=HERE / "labels", help="folder that labels.py wrote")
ap.add_argument("--scale", type=float, default=1.0, help="picture size factor (0.3 for a draft)")
ap.add_argument("--samples", type=int, default=28)
ap.add_argument("--noise", type=float, default=0.04)
ap.add_argument("--threads", type=int, default=2)
ap.add_argument("--exposure", type=float, default=-0.3)
ap.add_argument("--png", action="store_true", help="write PNG instead of JPEG")
A = ap.parse_args()
random.seed(7)
bpy.ops.wm.read_factory_settings(use_empty=True)
S = bpy.context.scene
COL = S.collection
SCENES = {}


def scene(name, w=1000, h=1250):
    def add(build):
        SCENES[name] = (build, w, h)
        return build

    return add


def hexc(h, a=1.0):  # sRGB hex -> linear rgba
    h = h.lstrip("#")
    c = [int(h[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    return tuple(x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in c) + (a,)
