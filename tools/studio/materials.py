"""What things are made of: paints, glass, plaster, stone and printed labels."""

import bpy

from stage import A, hexc


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
