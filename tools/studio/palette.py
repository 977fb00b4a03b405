"""The colours of the brand, and the materials that products share."""

from materials import mat

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
