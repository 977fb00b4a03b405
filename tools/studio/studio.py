"""Galea product studio: scripted Blender (bpy 5.2, Cycles on the CPU) product photography.

usage: python studio.py SCENE [--out FOLDER] [--labels labels] [--scale 1.0] [--samples 28] [--noise 0.04] [--threads 2]
       python studio.py --list
Every scene is a function marked with @scene; all randomness is seeded, so a picture can be made again.
Unit: 1 = 10 cm. The camera looks along +Y, the sun comes from the left."""

import warnings

warnings.simplefilter("ignore")
import argparse, math, os, pathlib, random, sys, time
import bpy, bmesh
import numpy as np
from mathutils import Vector

HERE = pathlib.Path(__file__).resolve().parent
ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
ap.add_argument("scene", nargs="?")
ap.add_argument("--list", action="store_true", help="print the scene names")
ap.add_argument("--out", type=pathlib.Path, default=HERE.parents[1] / "storefront" / "demo" / "photos", help="output folder")
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


# ---------- materials ----------
def mat(name, color="#ffffff", rough=0.5, metal=0, trans=0, ior=1.47, sss=0, coat=0, bump=None, spec=0.5, sheen=0):
    m = bpy.data.materials.new(name)
    m.use_nodes = True
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    I = b.inputs
    I["Base Color"].default_value = hexc(color)
    I["Roughness"].default_value = rough
    I["Metallic"].default_value = metal
    I["Transmission Weight"].default_value = trans
    I["IOR"].default_value = ior
    I["Specular IOR Level"].default_value = spec
    I["Subsurface Weight"].default_value = sss
    I["Subsurface Radius"].default_value = (0.12, 0.08, 0.05)
    I["Coat Weight"].default_value = coat
    I["Sheen Weight"].default_value = sheen
    if bump:  # (scale, strength, distance)
        n = nt.nodes.new("ShaderNodeTexNoise")
        n.inputs["Scale"].default_value = bump[0]
        n.inputs["Detail"].default_value = 3
        tc = nt.nodes.new("ShaderNodeTexCoord")
        nt.links.new(tc.outputs["Object"], n.inputs["Vector"])
        u = nt.nodes.new("ShaderNodeBump")
        u.inputs["Strength"].default_value = bump[1]
        u.inputs["Distance"].default_value = bump[2]
        nt.links.new(n.outputs["Fac"], u.inputs["Height"])
        nt.links.new(u.outputs["Normal"], I["Normal"])
    return m


def decal(name, png, rough=0.55):
    """label image with alpha -> printed ink (alpha) or opaque paper"""
    m = bpy.data.materials.new(name)
    m.use_nodes = True
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    im = nt.nodes.new("ShaderNodeTexImage")
    im.image = bpy.data.images.load(str(A.labels / png))
    im.extension = "CLIP"
    im.interpolation = "Cubic"
    nt.links.new(im.outputs["Color"], b.inputs["Base Color"])
    nt.links.new(im.outputs["Alpha"], b.inputs["Alpha"])
    b.inputs["Roughness"].default_value = rough
    return m


def plaster(color, color2, scale=1.2, bump=0.25):
    m = mat("plaster", color, 0.85, spec=0.2)
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    tc = nt.nodes.new("ShaderNodeTexCoord")
    n = nt.nodes.new("ShaderNodeTexNoise")
    n.inputs["Scale"].default_value = scale
    n.inputs["Detail"].default_value = 3
    n.inputs["Roughness"].default_value = 0.6
    n.inputs["Distortion"].default_value = 0.6
    r = nt.nodes.new("ShaderNodeValToRGB")
    r.color_ramp.elements[0].color = hexc(color)
    r.color_ramp.elements[1].color = hexc(color2)
    r.color_ramp.elements[0].position = 0.35
    r.color_ramp.elements[1].position = 0.7
    n2 = nt.nodes.new("ShaderNodeTexNoise")
    n2.inputs["Scale"].default_value = 9
    n2.inputs["Detail"].default_value = 4
    n2.inputs["Roughness"].default_value = 0.65
    u = nt.nodes.new("ShaderNodeBump")
    u.inputs["Strength"].default_value = bump
    u.inputs["Distance"].default_value = 0.03
    for t in (n, n2):
        nt.links.new(tc.outputs["Object"], t.inputs["Vector"])
    nt.links.new(n.outputs["Fac"], r.inputs["Fac"])
    nt.links.new(r.outputs["Color"], b.inputs["Base Color"])
    nt.links.new(n2.outputs["Fac"], u.inputs["Height"])
    nt.links.new(u.outputs["Normal"], b.inputs["Normal"])
    return m


def travertine(light="#e9dfd0", mid="#dacab3", dark="#c2ad91", seed=0):
    """bedded stone: stretched colour bands, clustered pits in two sizes"""
    m = mat("travertine", "#d9cbb6", 0.58, spec=0.35)
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    L = nt.links.new
    tc = nt.nodes.new("ShaderNodeTexCoord")

    def noise(scale, stretch, detail, rough=0.55, dist=0.0):
        mp = nt.nodes.new("ShaderNodeMapping")
        mp.inputs["Scale"].default_value = stretch
        mp.inputs["Location"].default_value = (seed * 1.7, seed * 0.9, seed * 0.37)
        L(tc.outputs["Object"], mp.inputs["Vector"])
        n = nt.nodes.new("ShaderNodeTexNoise")
        n.inputs["Scale"].default_value = scale
        n.inputs["Detail"].default_value = detail
        n.inputs["Roughness"].default_value = rough
        n.inputs["Distortion"].default_value = dist
        L(mp.outputs[0], n.inputs["Vector"])
        return n.outputs["Fac"]

    def ramp(src, stops):
        r = nt.nodes.new("ShaderNodeValToRGB")
        e = r.color_ramp.elements
        for k, (pos, col) in enumerate(stops):
            x = e[k] if k < 2 else e.new(pos)
            x.position = pos
            x.color = col
        L(src, r.inputs["Fac"])
        return r.outputs["Color"]

    def math_(op, a, c):
        x = nt.nodes.new("ShaderNodeMath")
        x.operation = op
        for k, v in enumerate((a, c)):
            if isinstance(v, (int, float)):
                x.inputs[k].default_value = v
            else:
                L(v, x.inputs[k])
        return x.outputs[0]

    bed = noise(2.0, (0.8, 0.8, 5.5), 4, 0.6, 0.3)
    base = ramp(bed, [(0.3, hexc(dark)), (0.7, hexc(light)), (0.48, hexc(mid))])
    big = math_("ADD", noise(8.5, (1, 1, 3.2), 2), math_("MULTIPLY", bed, 0.22))
    small = math_("ADD", noise(26, (1, 1, 2.4), 1), math_("MULTIPLY", bed, 0.3))
    k, w = (0, 0, 0, 1), (1, 1, 1, 1)
    pits = math_("MINIMUM", ramp(big, [(0.405, k), (0.45, w)]), ramp(small, [(0.395, k), (0.44, w)]))
    tint = ramp(pits, [(0.0, hexc("#8f7557")), (1.0, w)])
    mx = nt.nodes.new("ShaderNodeMix")
    mx.data_type = "RGBA"
    mx.blend_type = "MULTIPLY"
    mx.inputs["Factor"].default_value = 0.8
    L(base, mx.inputs["A"])
    L(tint, mx.inputs["B"])
    L(mx.outputs["Result"], b.inputs["Base Color"])
    u = nt.nodes.new("ShaderNodeBump")
    u.inputs["Strength"].default_value = 0.8
    u.inputs["Distance"].default_value = 0.02
    L(pits, u.inputs["Height"])
    L(u.outputs["Normal"], b.inputs["Normal"])
    return m


# ---------- geometry ----------
def fillet(pts, seg=10):
    out = []
    for i, p in enumerate(pts):
        r, z = p[0], p[1]
        f = p[2] if len(p) > 2 else 0
        if not f or i in (0, len(pts) - 1):
            out.append((r, z))
            continue
        P = Vector((r, z))
        a = Vector(pts[i - 1][:2]) - P
        c = Vector(pts[i + 1][:2]) - P
        ang = a.angle(c)
        d = min(f / math.tan(ang / 2), a.length * 0.49, c.length * 0.49)
        f2 = d * math.tan(ang / 2)
        a.normalize()
        c.normalize()
        cen = P + (a + c).normalized() * (f2 / math.sin(ang / 2))
        s = P + a * d
        e = P + c * d
        v0 = s - cen
        v1 = e - cen
        if v0.length < 1e-5 or v1.length < 1e-5:
            out.append((r, z))
            continue
        tot = v0.angle_signed(v1)
        out.append(tuple(s + a * min(0.006, a.length * 0.2)))
        for k in range(seg + 1):
            t = -tot * k / seg
            out.append(
                (cen.x + v0.x * math.cos(t) - v0.y * math.sin(t), cen.y + v0.x * math.sin(t) + v0.y * math.cos(t))
            )
        out.append(tuple(e + c * min(0.006, c.length * 0.2)))
    return out


def mesh(name, verts, faces, material, uvs=None, smooth=True):
    me = bpy.data.meshes.new(name)
    me.from_pydata(verts, [], faces)
    me.update()
    if uvs:
        ul = me.uv_layers.new(name="UV")
        for poly in me.polygons:
            for li, vi in zip(poly.loop_indices, poly.vertices):
                ul.data[li].uv = uvs[vi]
    o = bpy.data.objects.new(name, me)
    COL.objects.link(o)
    me.materials.append(material)
    if smooth:
        me.polygons.foreach_set("use_smooth", [True] * len(me.polygons))
    return o


def lathe(name, prof, material, seg=160, flip=False, parent=None):
    prof = fillet(prof)
    V = []
    Fc = []
    n = len(prof)
    for j in range(seg):
        a = 2 * math.pi * j / seg
        V += [(r * math.cos(a), r * math.sin(a), z) for r, z in prof]
    for j in range(seg):
        k = (j + 1) % seg
        for i in range(n - 1):
            Fc.append((j * n + i, k * n + i, k * n + i + 1, j * n + i + 1))
    o = mesh(name, V, Fc, material)
    bm = bmesh.new()
    bm.from_mesh(o.data)
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-5)
    bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
    if flip:
        bmesh.ops.reverse_faces(bm, faces=bm.faces)
    bm.to_mesh(o.data)
    bm.free()
    o.parent = parent
    return o


def patch(name, R, z0, z1, width, material, parent, seg=96, face=-90):
    """cylindrical label patch, `width` = arc length, centred on `face` degrees (-90 = towards camera)"""
    V = []
    U = []
    Fc = []
    half = width / R / 2
    c = math.radians(face)
    for i in range(seg + 1):
        t = i / seg
        a = c - half + 2 * half * t
        for z, v in ((z0, 0), (z1, 1)):
            V.append((R * math.cos(a), R * math.sin(a), z))
            U.append((t, v))
    for i in range(seg):
        Fc.append((2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1))
    o = mesh(name, V, Fc, material, U)
    o.parent = parent
    return o


def empty(name, loc=(0, 0, 0), rz=0):
    e = bpy.data.objects.new(name, None)
    COL.objects.link(e)
    e.location = loc
    e.rotation_euler = (0, 0, math.radians(rz))
    return e


def box(name, size, loc, material, bev=0.03, rz=0):
    bpy.ops.mesh.primitive_cube_add(size=1)
    o = bpy.context.object
    o.name = name
    o.scale = size
    o.location = loc
    o.rotation_euler = (0, 0, math.radians(rz))
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    b = o.modifiers.new("b", "BEVEL")
    b.width = bev
    b.segments = 5
    o.data.materials.append(material)
    for p in o.data.polygons:
        p.use_smooth = True
    w = o.modifiers.new("w", "WEIGHTED_NORMAL")
    w.keep_sharp = True
    return o


# ---------- palette ----------
BONE, SAND, CLAY, SAGE, PINE, INK, BRASS = "#efe8db", "#dccfbd", "#b98b6b", "#7f8d78", "#3b4a40", "#2a2d2b", "#c9a878"
M = dict(
    bone=mat("bone", BONE, 0.42),
    sand=mat("sand", "#dcc9ad", 0.44),
    sage=mat("sage", SAGE, 0.46),
    smoke=mat("smoke", "#6d7268", 0.44),
    pine=mat("pine", PINE, 0.5),
    clay=mat("clay", "#b5896b", 0.46),
    brass=mat("brass", BRASS, 0.26, metal=1),
    steel=mat("steel", "#d8d5cf", 0.22, metal=1),
    amber=mat("amber", "#c27a2e", 0.02, trans=1, ior=1.5),
    glass=mat("glass", "#ffffff", 0.0, trans=1, ior=1.5),
    frost=mat("frost", "#c9d5c8", 0.3, trans=0.35, ior=1.4, coat=0.25),
    serum=mat("serum", "#e9b25a", 0.0, trans=1, ior=1.36),
    rubber=mat("rubber", "#26302a", 0.55, sheen=0.1),
    opal=mat("opal", "#e3dac9", 0.32, coat=0.35),
    cream=mat("cream", "#efe6d6", 0.3, coat=0.2),
    glaze=mat("glaze", "#ded3c2", 0.3, coat=0.4, bump=(14, 0.15, 0.01)),
    wood=mat("wood", "#8a5d3f", 0.5, bump=(40, 0.15, 0.004)),
)


# ---------- products (unit: 1 = 10 cm) ----------
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


def tray(loc, w, d, r, m, h=0.07, rz=0):
    e = group("tray", loc, rz)
    shell(
        "tray",
        w,
        d,
        r,
        [
            (0.03, 0),
            (0.006, 0.012),
            (0, 0.03),
            (0, h - 0.008),
            (0.006, h),
            (0.022, h),
            (0.03, h - 0.006),
            (0.042, 0.034),
            (0.06, 0.026),
        ],
        m,
        e,
    )
    return e


def linen(color):
    m = mat("linen", color, 0.92, spec=0.15, sheen=0.25)
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    L = nt.links.new
    uv = nt.nodes.new("ShaderNodeUVMap")
    uv.uv_map = "UV"
    prev = None
    for ax in "XY":
        w = nt.nodes.new("ShaderNodeTexWave")
        w.bands_direction = ax
        w.inputs["Scale"].default_value = 31
        w.inputs["Distortion"].default_value = 1.8
        w.inputs["Detail"].default_value = 1
        w.inputs["Detail Scale"].default_value = 3
        L(uv.outputs[0], w.inputs["Vector"])
        if prev:
            x = nt.nodes.new("ShaderNodeMath")
            x.operation = "ADD"
            L(prev.outputs["Fac"], x.inputs[0])
            L(w.outputs["Fac"], x.inputs[1])
        prev = w
    u = nt.nodes.new("ShaderNodeBump")
    u.inputs["Strength"].default_value = 0.5
    u.inputs["Distance"].default_value = 0.009
    L(x.outputs[0], u.inputs["Height"])
    L(u.outputs["Normal"], b.inputs["Normal"])
    return m


def towel(loc, w=1.1, d=0.8, h=0.2, layers=4, color="#d9cdb9", rz=0, seed=1):
    """a cloth folded in zigzag: one thick sheet along a folded path, softened by noise"""
    s = h / layers
    th = s * 0.86
    y0, y1 = -d / 2 + s / 2, d / 2 - s / 2
    path = []
    for k in range(layers):
        z = s * (k + 0.5)
        fwd = k % 2 == 0
        ys = np.linspace(y1, y0, 26) if fwd else np.linspace(y0, y1, 26)
        path += [(y, z) for y in ys]
        if k < layers - 1:
            for q in range(1, 10):
                a = math.pi * q / 10
                path.append(
                    (
                        (y0 - s / 2 * math.sin(a) * 1.25) if fwd else (y1 + s / 2 * math.sin(a) * 1.25),
                        z + s / 2 - s / 2 * math.cos(a),
                    )
                )
    nx = 44
    ln = np.concatenate([[0], np.cumsum([math.dist(a, b) for a, b in zip(path, path[1:])])])
    V = []
    U = []
    Fc = []
    r = random.Random(seed)
    ph = [r.uniform(0, 6) for _ in range(6)]
    slip = [r.uniform(-0.012, 0.012) for _ in range(layers + 1)]
    for i, (y, z) in enumerate(path):
        lay = min(layers - 1, int(z / s))
        for j in range(nx + 1):
            x = -w / 2 + w * j / nx
            g = z / h
            dz = g * (0.012 * math.sin(2.1 * x / w * 3 + ph[0] + y * 2) + 0.008 * math.sin(7 * x + ph[1] + 3 * y))
            dz -= 0.03 * g * (abs(2 * x / w) ** 6)
            dy = 0.012 * math.sin(3 * x + ph[2] + lay * 1.7) + 0.007 * math.sin(9 * x + ph[3] + lay)
            V.append((x + slip[lay], y + dy, z + dz))
            U.append((x, ln[i]))
    for i in range(len(path) - 1):
        for j in range(nx):
            q = i * (nx + 1) + j
            Fc.append((q, q + 1, q + nx + 2, q + nx + 1))
    o = mesh("towel", V, Fc, linen(color), U)
    so = o.modifiers.new("s", "SOLIDIFY")
    so.thickness = th
    so.offset = 0
    be = o.modifiers.new("b", "BEVEL")
    be.width = th * 0.3
    be.segments = 3
    be.limit_method = "ANGLE"
    be.angle_limit = math.radians(60)
    o.location = loc
    o.rotation_euler = (0, 0, math.radians(rz))
    return o


def water_mat():
    """transparent with Fresnel reflection: light and shadow pass, no caustic noise"""
    m = bpy.data.materials.new("water")
    m.use_nodes = True
    nt = m.node_tree
    nt.nodes.clear()
    L = nt.links.new
    out = nt.nodes.new("ShaderNodeOutputMaterial")
    mx = nt.nodes.new("ShaderNodeMixShader")
    t = nt.nodes.new("ShaderNodeBsdfTransparent")
    t.inputs[0].default_value = hexc("#e3ebe6")
    g = nt.nodes.new("ShaderNodeBsdfGlossy")
    g.inputs["Roughness"].default_value = 0.01
    f = nt.nodes.new("ShaderNodeLayerWeight")
    f.inputs["Blend"].default_value = 0.5
    p = nt.nodes.new("ShaderNodeMath")
    p.operation = "POWER"
    p.inputs[1].default_value = 4  # symmetric, unlike Fresnel: light gets out again
    tc = nt.nodes.new("ShaderNodeTexCoord")
    w = nt.nodes.new("ShaderNodeTexWave")
    w.wave_type = "RINGS"
    w.rings_direction = "Z"
    w.inputs["Scale"].default_value = 5
    w.inputs["Distortion"].default_value = 0.6
    u = nt.nodes.new("ShaderNodeBump")
    u.inputs["Strength"].default_value = 0.25
    u.inputs["Distance"].default_value = 0.02
    L(tc.outputs["Object"], w.inputs["Vector"])
    L(w.outputs["Fac"], u.inputs["Height"])
    for n in (g, f):
        L(u.outputs["Normal"], n.inputs["Normal"])
    L(f.outputs["Facing"], p.inputs[0])
    L(p.outputs[0], mx.inputs[0])
    L(t.outputs[0], mx.inputs[1])
    L(g.outputs[0], mx.inputs[2])
    L(mx.outputs[0], out.inputs["Surface"])
    return m


def bowl(loc=(0, 0, 0), k=1.0, water=True):
    e = group("bowl", loc, 0, k)
    lathe(
        "bowl",
        [
            (0, 0.012),
            (0.16, 0.012),
            (0.17, 0, 0.008),
            (0.2, 0, 0.01),
            (0.2, 0.025, 0.01),
            (0.33, 0.08, 0.12),
            (0.43, 0.21, 0.12),
            (0.45, 0.3, 0.006),
            (0.425, 0.3, 0.008),
            (0.4, 0.21, 0.12),
            (0.31, 0.1, 0.12),
            (0.18, 0.05, 0.08),
            (0, 0.045),
        ],
        M["glaze"],
        parent=e,
        seg=200,
    )
    if water:
        o = lathe("water", [(0, 0.225), (0.409, 0.225)], water_mat(), parent=e, seg=120)
        if o.data.polygons[0].normal.z < 0:
            o.data.flip_normals()
    return e


def wand(loc=(0, 0, 0), rot=(0, 90, 0), k=1.0):
    """diamond-tip wand: ceramic grip, brass ring, steel neck, gritted tip"""
    e = group("wand", loc, 0, k, rot)
    grit = mat("grit", "#cfcac2", 0.35, metal=1, bump=(260, 1.0, 0.004))
    lathe(
        "grip",
        [(0, 0), (0.05, 0, 0.025), (0.066, 0.28, 0.2), (0.056, 0.72, 0.2), (0.048, 0.86, 0.01), (0, 0.86)],
        M["bone"],
        parent=e,
        seg=96,
    )
    lathe("ring", [(0, 0.855), (0.05, 0.855, 0.004), (0.05, 0.885, 0.004), (0, 0.885)], M["brass"], parent=e, seg=96)
    lathe(
        "neck",
        [(0, 0.88), (0.04, 0.88, 0.004), (0.032, 1.0, 0.04), (0.036, 1.06, 0.01), (0, 1.06)],
        M["steel"],
        parent=e,
        seg=96,
    )
    lathe(
        "tip",
        [(0, 1.05), (0.047, 1.055, 0.006), (0.05, 1.085, 0.01), (0.022, 1.1, 0.01), (0.02, 1.085), (0, 1.085)],
        grit,
        parent=e,
        seg=96,
    )
    return e


def comb(loc=(0, 0, 0), rz=0, k=1.0, m="wood"):
    """wide-tooth comb lying flat"""
    e = group("comb", loc, rz, k)
    o = box("spine", (1.2, 0.14, 0.034), (0, 0.1, 0.017), M[m], 0.014)
    o.parent = e
    for i in range(19):
        x = -0.56 + 1.12 * i / 18
        V = []
        for y, hx, z0, z1 in ((0.06, 0.019, 0.003, 0.031), (-0.16, 0.013, 0.006, 0.028), (-0.2, 0.004, 0.012, 0.022)):
            V += [(x - hx, y, z0), (x + hx, y, z0), (x + hx, y, z1), (x - hx, y, z1)]
        Fc = [(8, 9, 10, 11)]
        for q in (0, 4):
            for j in range(4):
                Fc.append((q + j, q + (j + 1) % 4, q + 4 + (j + 1) % 4, q + 4 + j))
        t = mesh("tooth", V, Fc, M[m], smooth=False)
        b = t.modifiers.new("b", "BEVEL")
        b.width = 0.004
        b.segments = 2
        t.parent = e
    return e


def edge_pull(t):
    return math.sin(math.pi * min(1, t / 0.9))


def pouch(loc=(0, 0, 0), rz=0):
    """soft stand-up pouch: pillow shape between welded seams, gusset arc at the foot, screw spout on top"""
    e = group("pouch", loc, rz)
    W, H, D = 0.47, 1.42, 0.25
    nx, nz = 150, 260
    V = []
    U = []
    Fc = []
    r = random.Random(5)
    ph = [r.uniform(0, 6) for _ in range(6)]

    def groove(d, w):
        return math.exp(-((d / w) ** 2))

    for side in (-1, 1):
        base = len(V)
        for i in range(nz + 1):
            t = i / nz
            z = H * t
            top = min(1, max(0, (0.9 - t) / 0.16))
            top = top * top * (3 - 2 * top)
            for j in range(nx + 1):
                s = -1 + 2 * j / nx
                q = min(1, abs(s) / 0.93)
                edge = (1 - q**2.6) ** 0.8
                belly = (0.62 + 0.38 * math.sin(math.pi * min(1, t / 0.55) * 0.5)) * (1 - t) ** 0.45 * top
                arc = z - (0.07 + 0.2 * s**2)
                y = D * edge * belly
                y -= (
                    0.011 * groove(arc, 0.012) * (abs(s) < 0.95)
                    + 0.006 * groove(abs(s) - 0.93, 0.012)
                    + 0.006 * groove(t - 0.915, 0.008)
                )
                y += (
                    edge
                    * top
                    * min(1, t * 5)
                    * (
                        0.007 * math.sin(5 * s + ph[0] + 4 * t)
                        + 0.006 * math.sin(9 * t + ph[1] + 3 * s)
                        + 0.005 * math.sin(13 * s * t + ph[2])
                    )
                )
                y += top * 0.016 * (groove(abs(s) - 0.8, 0.1) * math.sin(26 * t + ph[3] + s) * max(0, t - 0.35))
                V.append((W * s * (1 - 0.045 * edge_pull(t)), side * (max(-0.004, y) + 0.008), z))
                U.append((0.5 + s / 2 if side < 0 else -9, t))
        for i in range(nz):
            for j in range(nx):
                q = base + i * (nx + 1) + j
                Fc.append((q, q + 1, q + nx + 2, q + nx + 1) if side < 0 else (q + 1, q, q + nx + 1, q + nx + 2))
    n1 = (nx + 1) * (nz + 1)
    for j in range(nx):
        Fc.append((j + 1, j, n1 + j, n1 + j + 1))
        a = nz * (nx + 1) + j
        Fc.append((a, a + 1, n1 + a + 1, n1 + a))
    m = mat("pouchm", "#d9cfbd", 0.36, coat=0.2)
    nt = m.node_tree
    b = nt.nodes["Principled BSDF"]
    L = nt.links.new
    uv = nt.nodes.new("ShaderNodeUVMap")
    uv.uv_map = "UV"
    mp = nt.nodes.new("ShaderNodeMapping")
    mp.vector_type = "TEXTURE"
    mp.inputs["Location"].default_value = (0.5 - 0.325, 0.1, 0)
    mp.inputs["Scale"].default_value = (0.65, 0.645, 1)
    im = nt.nodes.new("ShaderNodeTexImage")
    im.image = bpy.data.images.load(str(A.labels / "refill.png"))
    im.extension = "CLIP"
    im.interpolation = "Cubic"
    mx = nt.nodes.new("ShaderNodeMix")
    mx.data_type = "RGBA"
    mx.inputs["A"].default_value = hexc("#d9cfbd")
    L(uv.outputs[0], mp.inputs["Vector"])
    L(mp.outputs[0], im.inputs["Vector"])
    L(im.outputs["Alpha"], mx.inputs["Factor"])
    L(im.outputs["Color"], mx.inputs["B"])
    L(mx.outputs["Result"], b.inputs["Base Color"])
    o = mesh("pouch", V, Fc, m, U)
    o.parent = e
    bm = bmesh.new()
    bm.from_mesh(o.data)
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-5)
    bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
    bm.to_mesh(o.data)
    bm.free()
    lathe(
        "spout",
        [
            (0, H - 0.03),
            (0.05, H - 0.03),
            (0.05, H + 0.05),
            (0.062, H + 0.055, 0.004),
            (0.062, H + 0.07),
            (0.05, H + 0.075),
            (0.05, H + 0.09),
            (0, H + 0.09),
        ],
        M["bone"],
        parent=e,
        seg=96,
    )
    lathe(
        "cap",
        [(0, H + 0.075), (0.098, H + 0.075, 0.008), (0.098, H + 0.2, 0.014), (0, H + 0.2)],
        M["pine"],
        parent=e,
        seg=120,
    )
    return e


def pebble(loc, r, sc=(1, 0.8, 0.5), c="#b9ada0", seed=1):
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=5, radius=r, location=loc)
    o = bpy.context.object
    o.scale = sc
    rnd = random.Random(seed)
    o.rotation_euler = (0, 0, rnd.random() * 6)
    t = bpy.data.textures.new("p", "CLOUDS")
    t.noise_scale = r * 1.5
    d = o.modifiers.new("d", "DISPLACE")
    d.texture = t
    d.strength = r * 0.25
    o.data.materials.append(mat("peb", c, 0.7, bump=(30, 0.3, 0.01)))
    for p in o.data.polygons:
        p.use_smooth = True
    return o


def rest(o, z):
    """lower or lift an object with modifiers until its lowest point is on height z"""
    bpy.context.view_layer.update()
    ev = o.evaluated_get(bpy.context.evaluated_depsgraph_get())
    me = ev.to_mesh()
    low = min((ev.matrix_world @ v.co).z for v in me.vertices)
    o.location.z += z - low - 0.002
    return o


def stone(x, y, z, r, c="#c6b9a8", seed=3):
    return rest(pebble((x, y, z + r), r, c=c, seed=seed), z)


# ---------- set ----------
def cyc(wall="#e4d8c7", wall2="#dccdb8", y=1.7, rad=0.8):
    pts = [(-6, 0)]
    n = 24
    for k in range(n + 1):
        a = math.pi / 2 * k / n
        pts.append((y - rad + rad * math.sin(a), rad - rad * math.cos(a)))
    pts.append((y, 7))
    V = []
    Fc = []
    for p in pts:
        V += [(-9, p[0], p[1]), (9, p[0], p[1])]
    for i in range(len(pts) - 1):
        Fc.append((2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2))
    return mesh("cyc", V, Fc, plaster(wall, wall2))


def area(loc, target, size, power, color="#ffffff", sy=None, spread=180):
    l = bpy.data.lights.new("a", "AREA")
    l.shape = "RECTANGLE"
    l.size = size
    l.size_y = sy or size
    l.energy = power
    l.color = hexc(color)[:3]
    l.spread = math.radians(spread)
    o = bpy.data.objects.new("a", l)
    COL.objects.link(o)
    o.location = loc
    o.rotation_euler = (Vector(target) - Vector(loc)).to_track_quat("-Z", "Y").to_euler()
    return o


def sun(direction, strength, color="#fff1dc", ang=1.2):
    l = bpy.data.lights.new("s", "SUN")
    l.energy = strength
    l.angle = math.radians(ang)
    l.color = hexc(color)[:3]
    o = bpy.data.objects.new("s", l)
    COL.objects.link(o)
    o.rotation_euler = Vector(direction).to_track_quat("-Z", "Y").to_euler()
    return o


def frond(origin, tip, n=22, leaf=0.5, wid=0.085, seed=1, droop=0.35):
    """a branch of leaves used only as a shadow caster (gobo)"""
    r = random.Random(seed)
    m = mat("leaf", "#3a4a34", 0.7)
    o0, t0 = Vector(origin), Vector(tip)
    V = []
    Fc = []
    ax = (t0 - o0).normalized()
    side = ax.cross(Vector((0, 1, 0.2))).normalized()
    for k in range(n):
        f = (k + 0.5) / n
        base = o0.lerp(t0, f) + Vector((0, 0, -droop * f * f))
        s = 1 if k % 2 else -1
        L = leaf * (1 - 0.55 * f) * (0.8 + 0.4 * r.random())
        d = (ax * 0.75 + side * s * (0.8 + 0.3 * r.random()) + Vector((0, (r.random() - 0.5) * 0.5, 0))).normalized()
        up = d.cross(Vector((0, 1, 0))).normalized()
        i0 = len(V)
        N = 8
        for q in range(N + 1):
            u = q / N
            w = wid * math.sin(math.pi * u**0.8) * (0.8 + 0.4 * r.random() * 0)
            c = base + d * L * u
            V += [tuple(c + up * w), tuple(c - up * w)]
        for q in range(N):
            Fc.append((i0 + 2 * q, i0 + 2 * q + 1, i0 + 2 * q + 3, i0 + 2 * q + 2))
    o = mesh("frond", V, Fc, m, smooth=False)
    o.visible_camera = False
    o.visible_glossy = False
    o.visible_transmission = False
    return o


def world(strength=0.35, rot=0):
    w = bpy.data.worlds.new("w")
    S.world = w
    w.use_nodes = True
    nt = w.node_tree
    bg = nt.nodes["Background"]
    bg.inputs[1].default_value = strength
    hdr = os.path.join(
        bpy.utils.system_resource("DATAFILES"), "studiolights", "world", "studio.exr"
    )  # CC0, ships inside bpy
    e = nt.nodes.new("ShaderNodeTexEnvironment")
    e.image = bpy.data.images.load(hdr)
    tc = nt.nodes.new("ShaderNodeTexCoord")
    mp = nt.nodes.new("ShaderNodeMapping")
    mp.inputs["Rotation"].default_value = (0, 0, math.radians(rot))
    nt.links.new(tc.outputs["Generated"], mp.inputs[0])
    nt.links.new(mp.outputs[0], e.inputs[0])
    nt.links.new(e.outputs[0], bg.inputs[0])


def camera(loc, target, lens=85, f=0.9, focus=None, shift=0):
    c = bpy.data.cameras.new("c")
    c.lens = lens
    c.sensor_width = 36
    c.shift_y = shift
    o = bpy.data.objects.new("c", c)
    COL.objects.link(o)
    o.location = loc
    o.rotation_euler = (Vector(target) - Vector(loc)).to_track_quat("-Z", "Y").to_euler()
    S.camera = o
    c.sensor_fit = "VERTICAL"
    c.sensor_height = 36
    c.dof.use_dof = True
    c.dof.aperture_fstop = f
    c.dof.focus_distance = (Vector(focus or target) - Vector(loc)).length
    return o


def plinth(r, h, loc=(0, 0, 0), m=None, seed=0):
    o = lathe("plinth", [(0, 0), (r, 0, 0.01), (r, h, 0.018), (0, h)], m or travertine(seed=seed), seg=240)
    o.location = loc
    return o


def slab(w, d, h, loc=(0, 0, 0), rz=0, m=None, seed=0):
    return box("slab", (w, d, h), (loc[0], loc[1], loc[2] + h / 2), m or travertine(seed=seed), 0.015, rz=rz)


def window_light(k=1.0, leaves=True, seed=3):
    sun((1.0, 1.15, -0.95), 3.1 * k, ang=0.8)
    area((-3.4, -1.6, 2.6), (0, 0, 0.6), 2.4, 70 * k, "#fff4e6", sy=3.2)
    area((3.0, -0.6, 1.6), (0, 0, 0.6), 1.2, 14 * k, "#eef3f2", sy=2.6)
    area((0, -3.2, 3.4), (0, 0, 0.6), 2.5, 16 * k, "#ffffff")
    if leaves:
        for i, (a, b) in enumerate(
            [
                ((-3.4, -1.4, 3.0), (-1.0, -0.3, 1.9)),
                ((-3.2, -1.0, 3.9), (-0.7, -0.2, 3.0)),
                ((-3.0, -2.0, 2.2), (-1.7, -0.9, 1.3)),
            ]
        ):
            frond(a, b, seed=seed + i, leaf=0.62, wid=0.1)


# ---------- texture ----------
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


def window_low():
    sun((1.0, -0.8, -0.75), 4.8, ang=1.0)
    area((-2.6, 2.0, 2.4), (0, 0, 0), 2.0, 60, "#fff4e6")
    area((2.6, -1.5, 2.2), (0, 0, 0), 2.4, 20, "#eef3f2")
    frond((-2.5, 3.1, 2.2), (-0.4, 2.5, 1.2), leaf=0.6, wid=0.1, seed=104)


# ---------- scenes ----------
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
