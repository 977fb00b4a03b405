"""Galea product studio: scripted Blender (bpy 5.2, Cycles on the CPU) product photography.

usage: python studio.py SCENE [--out FOLDER] [--labels labels] [--scale 1.0] [--samples 28] [--noise 0.04] [--threads 2]
       python studio.py --list
Every scene is a function in `scenes.py`; all randomness is seeded, so a picture can be made again.
"""

import warnings

warnings.simplefilter("ignore")
import sys
import time

import bpy

from room import world
from stage import A, S, SCENES
import scenes  # noqa: F401 (marks what can be rendered)


def render(name):
    build, w, h = SCENES[name]
    t0 = time.time()
    world(0.30, 40)
    build()
    R = S.render
    R.engine = "CYCLES"
    C = S.cycles
    C.device = "CPU"
    C.samples = A.samples
    C.use_adaptive_sampling = True
    C.adaptive_threshold = A.noise
    C.adaptive_min_samples = min(10, A.samples)
    C.use_denoising = True
    C.denoiser = "OPENIMAGEDENOISE"
    C.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    C.max_bounces = 10
    C.transmission_bounces = 9
    C.transparent_max_bounces = 12
    C.glossy_bounces = 4
    C.diffuse_bounces = 2
    C.caustics_reflective = False
    C.caustics_refractive = True
    C.blur_glossy = 0.5
    C.sample_clamp_indirect = 6
    C.seed = 1
    R.threads_mode = "FIXED"
    R.threads = A.threads
    R.resolution_x = round(w * A.scale)
    R.resolution_y = round(h * A.scale)
    R.resolution_percentage = 100
    R.film_transparent = False
    S.view_settings.view_transform = "AgX"
    S.view_settings.look = "AgX - Medium High Contrast"
    S.view_settings.exposure = A.exposure
    R.image_settings.file_format = "PNG"
    R.image_settings.color_mode = "RGB"
    A.out.mkdir(parents=True, exist_ok=True)
    png = (A.out / f"{name}.png").resolve()
    R.filepath = str(png)
    bpy.ops.render.render(write_still=True)
    if not A.png:
        from PIL import Image

        Image.open(png).save(png.with_suffix(".jpg"), quality=90, subsampling=0, optimize=True)
        png.unlink()
    print(
        f"RENDERED {name} {R.resolution_x}x{R.resolution_y} spp<={A.samples} threads={A.threads} in {time.time() - t0:.1f}s"
    )


if A.list or not A.scene:
    print("\n".join(SCENES))
elif A.scene not in SCENES:
    sys.exit(f"no scene {A.scene!r}; see --list")
else:
    render(A.scene)
