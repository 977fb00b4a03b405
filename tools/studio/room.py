"""Wall, light, camera and what products stand on."""

import math
import os
import random

import bpy
from mathutils import Vector

from geometry import box, lathe, mesh
from materials import mat, plaster, travertine
from stage import COL, S, hexc


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


def window_low():
    sun((1.0, -0.8, -0.75), 4.8, ang=1.0)
    area((-2.6, 2.0, 2.4), (0, 0, 0), 2.0, 60, "#fff4e6")
    area((2.6, -1.5, 2.2), (0, 0, 0), 2.4, 20, "#eef3f2")
    frond((-2.5, 3.1, 2.2), (-0.4, 2.5, 1.2), leaf=0.6, wid=0.1, seed=104)
