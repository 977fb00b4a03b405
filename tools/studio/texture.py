"""A stroke of balm, close by."""

import math

import numpy as np

from geometry import mesh
from materials import mat


def smear():
    """a spatula stroke of balm as a height field"""
    N = 560
    xs = np.linspace(-1.05, 1.05, N)
    X, Y = np.meshgrid(xs, xs)
    ang = math.radians(27)
    c, s = math.cos(ang), math.sin(ang)
    Xc, Yc = X + 0.06, Y - 0.1
    u = Xc * c + Yc * s
    v = -Xc * s + Yc * c + 0.22 * u**2 - 0.06

    def wobble(x, seed, octaves):
        r = np.random.default_rng(seed)
        out = np.zeros_like(x)
        for f, a in octaves:
            out += a * np.sin(x * f + r.uniform(0, 6.28) + 0.6 * np.sin(x * f * 0.37 + r.uniform(0, 6.28)))
        return out

    half = 0.27 + 0.018 * wobble(u, 1, ((6, 1), (15, 0.5))) - 0.03 * (u + 0.6).clip(0, 2)
    q = v / half
    start = -0.66 + 0.17 * np.abs(q).clip(0, 1.3) ** 2.2 + 0.012 * wobble(v, 9, ((20, 1), (44, 0.5)))
    end = 0.6 + 0.05 * wobble(v, 2, ((24, 1), (55, 0.6), (120, 0.4), (260, 0.25))) - 0.12 * q.clip(-1, 1) ** 2
    across = np.clip(1 - np.abs(q) ** 3, 0, 1) ** 0.6
    lengthwise = np.clip((end - u) / 0.34, 0, 1) ** 0.8 * np.clip((u - start) / 0.12, 0, 1) ** 0.5
    fade = np.clip((u + 0.6) / 1.1, 0, 1)
    ridges = wobble(v + 0.02 * wobble(u, 6, ((4, 1),)), 3, ((34, 0.45), (78, 0.34), (150, 0.2), (290, 0.1)))
    H = (0.05 - 0.022 * fade) * across * lengthwise * (1 + 0.36 * ridges * np.clip(fade * 2.2, 0.05, 1))
    H += 0.028 * np.exp(-(((np.abs(q) - 0.82) / 0.12) ** 2)) * lengthwise * across**0.4 * (1 - 0.4 * fade)
    d = np.hypot((u + 0.42) * 0.9, v)
    H += 0.05 * np.exp(-((d / 0.2) ** 2)) * across * (lengthwise > 0) * (1 + 0.12 * np.cos(30 * d))
    keep = across * lengthwise > 0.015
    V = np.stack([X, Y, np.where(keep, H, -0.006)], -1).reshape(-1, 3).tolist()
    Fc = []
    for i in range(N - 1):
        for j in range(N - 1):
            if keep[i : i + 2, j : j + 2].any():
                Fc.append((i * N + j, i * N + j + 1, (i + 1) * N + j + 1, (i + 1) * N + j))
    o = mesh("smear", V, Fc, mat("balm", "#efe7d2", 0.3, coat=0.35, sss=0.2))
    sm = o.modifiers.new("s", "SMOOTH")
    sm.factor = 0.5
    sm.iterations = 3
