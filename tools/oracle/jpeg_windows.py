"""JPEG files -> values/pictures/window-*.jpg, and random resized crops of them by torchvision on Pillow -> jpeg-windows.json."""

import random

import no_compiled_torchvision  # noqa: F401  before torchvision
from PIL import Image
from torchvision.transforms.v2 import functional as F

from pictures import picture, summary
from write import VALUES, write_json

# No multiples of 16, so that blocks and chroma have edges; each file has another layout of its blocks.
FILES = {
    "window-420.jpg": ((131, 173), "RGB", {"quality": 90, "subsampling": "4:2:0"}),
    "window-422.jpg": ((117, 150), "RGB", {"quality": 80, "subsampling": "4:2:2"}),
    "window-444.jpg": ((90, 101), "RGB", {"quality": 75, "subsampling": "4:4:4"}),
    "window-progressive.jpg": ((120, 163), "RGB", {"quality": 85, "progressive": True}),
    "window-restarts.jpg": ((130, 97), "RGB", {"quality": 90, "restart_marker_blocks": 3}),
    "window-rgb.jpg": ((75, 83), "RGB", {"quality": 90, "keep_rgb": True}),
    "window-grey.jpg": ((99, 121), "L", {"quality": 90}),
}


def boxes(height, width, draw):
    yield 0, 0, height, width
    yield height - 1, width - 1, 1, 1
    for _ in range(10):
        h, w = draw.randint(1, height), draw.randint(1, width)
        yield draw.randint(0, height - h), draw.randint(0, width - w), h, w


def main():
    draw = random.Random(7)
    cases = []
    for number, (name, ((height, width), mode, options)) in enumerate(FILES.items()):
        path = VALUES / "pictures" / name
        picture(number, height, width).convert(mode).save(path, **options)
        image = Image.open(path).convert("RGB")
        for top, left, h, w in boxes(height, width, draw):
            cut = F.crop(image, top, left, h, w)
            resized = F.resized_crop(image, top, left, h, w, [48, 40], F.InterpolationMode.BILINEAR, antialias=True)
            mirrored = F.horizontal_flip(resized)
            cases.append({
                "file": name,
                "box": {"top": top, "left": left, "height": h, "width": w},
                "cut": summary(cut)["sha256"],
                "mirrored": summary(mirrored)["sha256"],
            })
    write_json("jpeg-windows.json", cases)


if __name__ == "__main__":
    main()
