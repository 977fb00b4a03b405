"""What the shop sells: bottles, tubes, jars, a brush, cards."""

import math

import bmesh
import bpy

from geometry import empty, lathe, mesh, patch
from materials import decal, mat
from palette import M
from stage import A, COL, hexc


def group(name, loc, rz=0, k=1.0, rot=None):
    e = empty(name, loc, rz)
    e.scale = (k, k, k)
    if rot:
        e.rotation_euler = tuple(math.radians(x) for x in rot)
    return e


def dropper(loc=(0, 0, 0), rz=0, k=1.0):
    e = group("dropper", loc, rz, k)
    R = 0.215
    H = 0.62
    lathe(
        "glass_o",
        [
            (0, 0),
            (R, 0, 0.04),
            (R, H, 0.085),
            (0.105, H + 0.055, 0.03),
            (0.1, H + 0.15),
            (0.088, H + 0.15, 0.004),
            (0.088, H + 0.05, 0.03),
            (R - 0.022, H - 0.02, 0.07),
            (R - 0.022, 0.05, 0.05),
            (0, 0.04),
        ],
        M["amber"],
        parent=e,
    )
    lathe("liq", [(0, 0.0405), (R - 0.0215, 0.05, 0.05), (R - 0.0215, H * 0.80), (0, H * 0.80)], M["serum"], parent=e)
    lathe(
        "collar",
        [(0.0, H + 0.06), (0.128, H + 0.06, 0.008), (0.128, H + 0.235, 0.016), (0.085, H + 0.24, 0.01), (0, H + 0.24)],
        M["brass"],
        parent=e,
    )
    lathe(
        "bulb",
        [(0, H + 0.23), (0.082, H + 0.23), (0.082, H + 0.285, 0.02), (0.072, H + 0.3, 0.012), (0.078, H + 0.36, 0.03)]
        + [(0.078 * math.cos(t * math.pi / 24), H + 0.45 + 0.1 * math.sin(t * math.pi / 24)) for t in range(13)],
        M["rubber"],
        parent=e,
    )
    lathe(
        "pip",
        [
            (0, 0.09),
            (0.016, 0.09, 0.01),
            (0.034, 0.2, 0.05),
            (0.034, H + 0.07),
            (0.028, H + 0.07),
            (0.028, 0.2, 0.05),
            (0.012, 0.1),
            (0, 0.1),
        ],
        M["glass"],
        seg=64,
        parent=e,
    )
    patch("lab", R + 0.0015, 0.085, 0.485, 0.44, decal("serum", "serum.png", 0.6), e)
    return e


def bottle(lab, body, loc=(0, 0, 0), rz=0, R=0.31, H=1.16, z0=0.13, z1=1.03, width=0.6):
    e = group("bottle", loc, rz)
    lathe(
        "body",
        [
            (0, 0.012),
            (R - 0.03, 0.0, 0.01),
            (R, 0.0, 0.05),
            (R, H, 0.075),
            (0.16, H + 0.028, 0.03),
            (0.15, H + 0.075),
            (0, H + 0.075),
        ],
        M[body],
        seg=200,
        parent=e,
    )
    patch("lab", R + 0.0012, z0, z1, width, decal(lab, lab, 0.5), e)
    return e


def pump_bottle(lab, body, pump, loc=(0, 0, 0), rz=0, nozzle=-28, H=1.16):
    e = bottle(lab, body, loc, rz, H=H)
    m = M[pump]
    lathe("collar", [(0, H + 0.04), (0.165, H + 0.04, 0.008), (0.165, H + 0.2, 0.014), (0, H + 0.2)], m, parent=e)
    lathe("stem", [(0, H + 0.19), (0.05, H + 0.19), (0.05, H + 0.3), (0, H + 0.3)], m, parent=e)
    lathe("head", [(0, H + 0.285), (0.115, H + 0.285, 0.012), (0.12, H + 0.385, 0.03), (0, H + 0.395)], m, parent=e)
    cu = bpy.data.curves.new("noz", "CURVE")
    cu.dimensions = "3D"
    cu.bevel_depth = 0.04
    cu.bevel_resolution = 12
    cu.use_fill_caps = True
    sp = cu.splines.new("BEZIER")
    sp.bezier_points.add(2)
    for bp, co, l, r, rad in zip(
        sp.bezier_points,
        [(0, 0, H + 0.345), (0.27, 0, H + 0.345), (0.355, 0, H + 0.285)],
        [(-0.1, 0, H + 0.345), (0.2, 0, H + 0.35), (0.352, 0, H + 0.32)],
        [(0.1, 0, H + 0.345), (0.33, 0, H + 0.345), (0.358, 0, H + 0.26)],
        [1, 0.85, 0.72],
    ):
        bp.co = co
        bp.handle_left = l
        bp.handle_right = r
        bp.radius = rad
    sp.resolution_u = 32
    o = bpy.data.objects.new("noz", cu)
    COL.objects.link(o)
    cu.materials.append(m)
    o.parent = e
    o.rotation_euler = (0, 0, math.radians(nozzle))
    return e


def cap_bottle(lab, body, cap, loc=(0, 0, 0), rz=0, H=1.16):
    """disc-top closure: collar, shadow gap, lid with a shallow dish"""
    e = bottle(lab, body, loc, rz, H=H)
    m = M[cap]
    lathe(
        "collar",
        [
            (0, H + 0.04),
            (0.19, H + 0.04, 0.008),
            (0.19, H + 0.17, 0.006),
            (0.18, H + 0.174),
            (0.18, H + 0.184),
            (0.19, H + 0.188, 0.006),
            (0.19, H + 0.27, 0.022),
            (0.1, H + 0.272, 0.05),
            (0.07, H + 0.262, 0.05),
            (0, H + 0.262),
        ],
        m,
        parent=e,
    )
    return e


def mist(loc=(0, 0, 0), rz=0, k=1.0):
    e = group("mist", loc, rz, k)
    R = 0.175
    H = 0.95
    lathe(
        "body",
        [(0, 0), (R, 0, 0.035), (R, H, 0.07), (0.085, H + 0.02, 0.02), (0.08, H + 0.07), (0, H + 0.07)],
        M["frost"],
        parent=e,
    )
    lathe(
        "collar",
        [(0, H + 0.03), (0.102, H + 0.03, 0.006), (0.102, H + 0.13, 0.01), (0.07, H + 0.135, 0.006), (0, H + 0.135)],
        M["brass"],
        parent=e,
    )
    lathe("stem", [(0, H + 0.13), (0.03, H + 0.13), (0.03, H + 0.19), (0, H + 0.19)], M["bone"], seg=48, parent=e)
    lathe(
        "head",
        [
            (0, H + 0.165),
            (0.076, H + 0.165, 0.01),
            (0.08, H + 0.3, 0.022),
            (0.05, H + 0.302, 0.03),
            (0.03, H + 0.29, 0.03),
            (0, H + 0.288),
        ],
        M["pine"],
        parent=e,
    )
    for nm, r, d, m in (("ring", 0.026, 0.006, "brass"), ("hole", 0.008, 0.0075, "rubber")):
        o = lathe(nm, [(0, 0), (r, 0), (r, d, 0.002), (0, d)], M[m], seg=48, parent=e)
        a = math.radians(-66)
        o.rotation_euler = (math.radians(90), 0, a + math.radians(90))
        o.location = (0.077 * math.cos(a), 0.077 * math.sin(a), H + 0.245)
    patch("lab", R + 0.0012, 0.09, 0.84, 0.35, decal("mist", "mist.png", 0.5), e)
    return e


def tube(lab, color, cap, loc=(0, 0, 0), rz=0, k=1.0, rot=None):
    e = group("tube", loc, rz, k, rot)
    R = 0.215
    H = 1.42
    seg = 200
    rows = 120
    V = []
    U = []
    Fc = []
    z0 = 0.2
    lathe(
        "cap",
        [
            (0, 0),
            (R * 0.93, 0, 0.02),
            (R * 0.97, z0 - 0.012, 0.012),
            (R * 0.9, z0 - 0.006),
            (R * 0.9, z0 + 0.02),
            (0, z0 + 0.02),
        ],
        M[cap],
        parent=e,
    )
    crimp = 0.09
    for i in range(rows + 1):
        t = i / rows
        z = z0 + (H - z0) * t
        k_ = min(1, max(0, (z - z0 - 0.02) / (H - crimp - z0 - 0.02)))
        k2 = k_ * k_ * (3 - 2 * k_) * 0.55 + k_ * 0.45
        a = R * (1 - k2) + R * math.pi / 2 * 0.93 * k2
        b = R * (1 - k2) ** 0.8 + 0.013 * k2 if k_ < 1 else 0.013
        if i == 0:
            a = b = R * 0.965
        for j in range(seg + 1):
            th = 2 * math.pi * j / seg - math.pi / 2 * 3
            c, s = math.cos(th), math.sin(th)
            p = 1 - 0.35 * k2
            rid = 0.0035 * math.sin((z - H + crimp) / crimp * math.pi * 11) if k_ >= 1 else 0
            V.append((a * math.copysign(abs(c) ** p, c) if k2 > 0.02 else a * c, (b + rid) * s, z))
            U.append((0.5 + a * math.copysign(abs(c) ** p, c) / (2 * R * math.pi / 2) if s <= 0.02 else -9, t))
    for i in range(rows):
        for j in range(seg):
            Fc.append((i * (seg + 1) + j, i * (seg + 1) + j + 1, (i + 1) * (seg + 1) + j + 1, (i + 1) * (seg + 1) + j))
    m = mat("tubem", color, 0.38)
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    uv = nt.nodes.new("ShaderNodeUVMap")
    uv.uv_map = "UV"
    mp = nt.nodes.new("ShaderNodeMapping")
    mp.vector_type = "TEXTURE"
    mp.inputs["Location"].default_value = (0.5 - 0.31, 0.16, 0)
    mp.inputs["Scale"].default_value = (0.62, 0.52, 1)
    im = nt.nodes.new("ShaderNodeTexImage")
    im.image = bpy.data.images.load(str(A.labels / lab))
    im.extension = "CLIP"
    im.interpolation = "Cubic"
    mx = nt.nodes.new("ShaderNodeMix")
    mx.data_type = "RGBA"
    mx.inputs["A"].default_value = hexc(color)
    L = nt.links.new
    L(uv.outputs[0], mp.inputs["Vector"])
    L(mp.outputs[0], im.inputs["Vector"])
    L(im.outputs["Alpha"], mx.inputs["Factor"])
    L(im.outputs["Color"], mx.inputs["B"])
    L(mx.outputs["Result"], b.inputs["Base Color"])
    o = mesh("tubeb", V, Fc, m, U)
    bm = bmesh.new()
    bm.from_mesh(o.data)
    bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
    bm.to_mesh(o.data)
    bm.free()
    o.parent = e
    return e


def balm_tube(loc, rz=0, k=1.0):
    return tube("balm.png", "#5d6c5f", "bone", loc, rz, k)


def spf_tube(loc, rz=0, k=0.86):
    return tube("spf.png", "#d9c4a4", "clay", loc, rz, k)


def jar(loc=(0, 0, 0), rz=0, k=1.0):
    e = group("jar", loc, rz, k)
    R = 0.38
    H = 0.4
    lathe(
        "jg",
        [
            (0, 0.0),
            (R, 0.0, 0.05),
            (R, H, 0.03),
            (R - 0.05, H + 0.004, 0.01),
            (R - 0.05, H + 0.05),
            (R - 0.07, H + 0.05),
            (R - 0.07, 0.08, 0.06),
            (0, 0.07),
        ],
        M["opal"],
        parent=e,
        seg=200,
    )
    lathe(
        "jl",
        [
            (0, H + 0.012),
            (R - 0.004, H + 0.012, 0.006),
            (R, H + 0.02, 0.006),
            (R, H + 0.185, 0.022),
            (R - 0.03, H + 0.195, 0.02),
            (0, H + 0.195),
        ],
        M["sage"],
        parent=e,
        seg=200,
    )
    patch("lab", R + 0.0012, 0.065, 0.345, 0.7, decal("jar", "jar.png", 0.5), e)
    return e


def brush(loc=(0, 0, 0), rz=0, k=1.0, rot=None, pad="pine", grip="sage"):
    """scalp brush; its teeth end at z = -.15, so stand it at the surface + .15 (times k)"""
    e = group("brush", loc, rz, k, rot)
    lathe("base", [(0, 0), (0.36, 0, 0.02), (0.375, 0.05, 0.03), (0.36, 0.1, 0.02), (0, 0.11)], M[pad], parent=e)
    lathe(
        "dome",
        [
            (0, 0.1),
            (0.352, 0.1, 0.006),
            (0.345, 0.15, 0.05),
            (0.2, 0.25, 0.1),
            (0.12, 0.41, 0.08),
            (0.165, 0.49, 0.05),
            (0.16, 0.555, 0.045),
            (0.05, 0.575, 0.05),
            (0, 0.575),
        ],
        M[grip],
        parent=e,
    )
    for ring, n in ((0, 1), (0.1, 7), (0.2, 13), (0.3, 20)):
        for j in range(n):
            a = 2 * math.pi * j / n + ring
            o = lathe("t", [(0, -0.15), (0.014, -0.147, 0.01), (0.031, 0.01), (0, 0.01)], M[pad], seg=20, parent=e)
            o.location = (ring * math.cos(a), ring * math.sin(a), 0)
    return e


def rounded(w, d, r, n=10):
    out = []
    for cx, cy, a0 in (
        (w / 2 - r, d / 2 - r, 0),
        (-w / 2 + r, d / 2 - r, 90),
        (-w / 2 + r, -d / 2 + r, 180),
        (w / 2 - r, -d / 2 + r, 270),
    ):
        for q in range(n + 1):
            a = math.radians(a0 + 90 * q / n)
            out.append((cx + r * math.cos(a), cy + r * math.sin(a)))
    return out


def shell(name, w, d, r, rings, material, parent=None):
    """stack of rounded rectangles: rings = (inset, z); first and last are closed"""
    V = []
    Fc = []
    for inset, z in rings:
        V += [(x, y, z) for x, y in rounded(w - 2 * inset, d - 2 * inset, max(0.004, r - inset))]
    n = len(V) // len(rings)
    for i in range(len(rings) - 1):
        for j in range(n):
            Fc.append((i * n + j, i * n + (j + 1) % n, (i + 1) * n + (j + 1) % n, (i + 1) * n + j))
    Fc += [tuple(range(n))[::-1], tuple(range((len(rings) - 1) * n, len(rings) * n))]
    o = mesh(name, V, Fc, material)
    o.parent = parent
    w_ = o.modifiers.new("e", "EDGE_SPLIT")
    w_.split_angle = math.radians(50)
    return o


def card(png, base, loc, rot, W=0.86, Hh=0.54, th=0.014):
    e = group("card", loc, rot=rot)
    b = 0.002
    shell(
        "cb",
        W,
        Hh,
        0.03,
        [(b, -th / 2), (0, -th / 2 + b), (0, th / 2 - b), (b, th / 2)],
        mat("cbm", base, 0.6, bump=(60, 0.12, 0.004)),
        e,
    )
    z = th / 2 + 0.0005
    V = [(-W / 2, -Hh / 2, z), (W / 2, -Hh / 2, z), (W / 2, Hh / 2, z), (-W / 2, Hh / 2, z)]
    o = mesh("cdl", V, [(0, 1, 2, 3)], decal("cd" + png, png, 0.4), [(0, 0), (1, 0), (1, 1), (0, 1)], False)
    o.parent = e
    return e
