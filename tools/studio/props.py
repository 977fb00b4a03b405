"""What stands beside the products: trays, linen, water, tools and pebbles."""

import math
import random

import bmesh
import bpy
import numpy as np

from geometry import box, lathe, mesh
from materials import mat
from palette import M
from products import group, shell
from stage import A, hexc


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
