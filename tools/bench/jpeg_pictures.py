"""Makes the JPEG files that the comparison of data feeds reads: jpeg_pictures.py SOURCE PREFIX TARGET COUNT.

SOURCE is a folder with photographs, whose names begin with PREFIX; TARGET becomes a folder of classes. Each file is a random part of a photograph, resized to
500x375 or 375x500, mirrored or not, saved by Pillow with quality 90 and its default subsampling, as ImageNet"s files are.
"""

import random
import sys
from pathlib import Path

from PIL import Image

source, prefix, target, count = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
draw = random.Random(5)
photographs = [Image.open(path).convert("RGB") for path in sorted(source.glob(f"{prefix}*.jpg"))]
for number in range(count):
    photograph = photographs[number % len(photographs)]
    size = (500, 375) if draw.random() < 0.75 else (375, 500)
    most = min(photograph.width / size[0], photograph.height / size[1])
    scale = most * draw.uniform(0.9, 1)
    width, height = size[0] * scale, size[1] * scale
    left, top = draw.uniform(0, photograph.width - width), draw.uniform(0, photograph.height - height)
    picture = photograph.resize(size, Image.Resampling.LANCZOS, (left, top, left + width, top + height))
    if draw.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    folder = target / f"class{number % 10}"
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / f"{number:04}.jpg", quality=90)
