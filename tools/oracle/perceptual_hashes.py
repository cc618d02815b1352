"""imagehash.phash of pictures by formula and of the files of decode.py -> values/perceptual-hashes.json.

Each picture is resized to 32 x 32 by Pillow's Lanczos filter first, so that grey values and hash are those of the same pixels.
"""

import imagehash
from PIL import Image

from pictures import picture
from write import VALUES, write_json

SIZES = [(32, 32), (37, 53), (64, 48), (200, 120), (20, 300)]


def phash(image):
    return str(imagehash.phash(image.convert("RGB").resize((32, 32), Image.Resampling.LANCZOS)))


def main():
    formula = [
        {"picture": number, "size": [height, width], "hash": phash(picture(number, height, width))}
        for number in range(8)
        for height, width in SIZES
    ]
    names = ["baseline-420.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg", "palette.png", "lossy.webp", "bits-24.bmp"]
    stored = []
    for name in names:
        with Image.open(VALUES / "pictures" / name) as image:
            stored.append({"file": name, "hash": phash(image)})
    write_json("perceptual-hashes.json", {"formula": formula, "files": stored})


if __name__ == "__main__":
    main()
