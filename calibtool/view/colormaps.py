"""Colour maps: a few anchor colours each, interpolated to a palette.

The anchors of viridis, magma and cividis are every 16th colour of matplotlib's tables, which
their authors gave to the public domain (CC0).
"""

COLORMAPS: dict[str, str] = {
    "viridis": (
        "44015448186a472d7b4240863b528b33638d2c728e26818e21908c"
        "1f9f8828ae803ebc745dc96382d34cabdc32d5e21afde725"
    ),
    "magma": (
        "0000040a08221d114636106a50127c691c818226819c2e7fb63779"
        "cf4170e65163f5695cfb8761fea571fec387fde0a2fcfdbf"
    ),
    "cividis": (
        "00224e002e6a1a386f32436d434e6c52596d61656f6f70737c7b78"
        "8b87789b9376aba072bbad6cccba64ddc958efd748fee838"
    ),
    "gray": "000000ffffff",
    "gray_r": "ffffff000000",
}
# Masked pixels: a colour that is far from all colours of the map.
MASK_TINTS = {"cividis": "6b3540", "gray": "66343c", "gray_r": "e3b9b0"}
MASK_TINT = "5a5e66"

Color = tuple[int, int, int]


def color(text: str) -> Color:
    """Red, green, blue (0…255) of six hexadecimal digits, with or without ``#``."""
    number = int(text.removeprefix("#"), 16)
    return number >> 16, number >> 8 & 255, number & 255


def ramp(name: str, size: int) -> list[Color]:
    """Colours of a map from low to high."""
    digits = COLORMAPS[name]
    anchors = [color(digits[k : k + 6]) for k in range(0, len(digits), 6)]
    colors = []
    for k in range(size):
        position = k * (len(anchors) - 1) / (size - 1)
        left = min(int(position), len(anchors) - 2)
        part = position - left
        pairs = zip(anchors[left], anchors[left + 1], strict=True)
        red, green, blue = (round(a + (b - a) * part) for a, b in pairs)
        colors.append((red, green, blue))
    return colors


def mask_tint(name: str) -> Color:
    """Colour of masked pixels beside a colour map."""
    return color(MASK_TINTS.get(name, MASK_TINT))
