"""Set a landscape picture of the studio into the 4:5 of product pages, wall above, floor below.

usage: python portrait.py PICTURE OUT"""
import sys

from PIL import Image, ImageFilter

WIDTH, HEIGHT = 1000, 1250
ABOVE = 0.62  # the wall's share of what is added
SEAM = 24  # rows over which picture and addition blend
STEP = 12


def run_out(edge, rows):
    """Continue an edge of the picture, softer the further it is from it."""
    out = edge.resize((edge.width, rows))
    soft = edge.resize((edge.width, 60)).filter(ImageFilter.GaussianBlur(4))
    for top in range(0, rows, STEP):
        line = soft.filter(ImageFilter.GaussianBlur(6 + top * 0.9))
        out.paste(line.crop((0, 30, edge.width, 30 + min(STEP, rows - top))), (0, top))
    return out.filter(ImageFilter.GaussianBlur(5))


def portrait(picture):
    picture = picture.convert("RGB")
    picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.LANCZOS)
    extra = HEIGHT - picture.height
    above = round(extra * ABOVE)
    wall = run_out(picture.crop((0, 0, WIDTH, 3)), above + SEAM)
    floor = run_out(picture.crop((0, picture.height - 3, WIDTH, picture.height)), extra - above + SEAM)
    out = Image.new("RGB", (WIDTH, HEIGHT))
    out.paste(wall.transpose(Image.FLIP_TOP_BOTTOM), (0, 0))
    out.paste(floor, (0, above + picture.height - SEAM))
    mask = Image.new("L", picture.size, 255)
    for y in range(SEAM):
        line = Image.new("L", (WIDTH, 1), round(255 * y / SEAM))
        mask.paste(line, (0, y))
        mask.paste(line, (0, picture.height - 1 - y))
    out.paste(picture, (0, above), mask)
    return out


if __name__ == "__main__":
    portrait(Image.open(sys.argv[1])).save(sys.argv[2], quality=90, subsampling=0)
