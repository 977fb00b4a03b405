"""Picture files of strangers: what is wrong with them, and which way up they are."""

import struct
from typing import Final

from PIL import ExifTags, Image

# What Pillow raises for a file that is no picture, is damaged or unpacks to far too much.
BROKEN: Final = (
    ArithmeticError,
    Image.DecompressionBombError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
# What it raises for what a camera noted, though the picture itself is whole.
_UNREADABLE: Final = (LookupError, SyntaxError, TypeError, ValueError, struct.error)
_TURNS: Final[dict[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(picture: Image.Image) -> Image.Image:
    """Return a picture the way its camera was held, or itself if nothing readable says how.

    Unlike `PIL.ImageOps.exif_transpose` this does not write the camera's notes anew, which fails
    where one of them has an odd type. Whoever saves the picture leaves them out.
    """
    picture.load()
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except _UNREADABLE:
        turn = None
    return picture if turn is None else picture.transpose(turn)


def is_moving(picture: Image.Image) -> bool:
    """Tell whether a picture has several frames.

    A telephone's photo may carry further pictures of the same moment (MPO, CIPA DC-007); its first
    one, which is read, is the photo.
    """
    return picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1
