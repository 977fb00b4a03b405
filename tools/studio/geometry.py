"""Shapes: turned profiles, label patches, boxes with soft edges."""

import math

import bmesh
import bpy
from mathutils import Vector

from stage import COL


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
