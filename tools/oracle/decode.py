"""Small pictures of many kinds -> values/pictures/, and Pillow's RGB of each -> values/decode.json."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from pictures import picture, picture_bytes, summary
from write import VALUES, write_json

HEIGHT, WIDTH = 37, 53  # no multiple of 16, so that blocks and chroma have an edge


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png16(samples, colour_type):
    """A PNG of 16 bits a sample, which Pillow does not write for colour; samples uint16 [h, w, c]."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def files():
    image = picture(0, HEIGHT, WIDTH)
    grey = image.convert("L")
    alpha = Image.fromarray(np.dstack([picture_bytes(0, HEIGHT, WIDTH), picture_bytes(1, HEIGHT, WIDTH)[:, :, :1]]))
    words = picture_bytes(2, HEIGHT, WIDTH).astype(np.uint16) * 251 + 77
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation: Pillow's convert does not turn
    # Red and green exchanged, so that a decoder that follows the profile shows.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    for sampling in ("4:4:4", "4:2:2", "4:2:0"):
        yield f"baseline-{sampling.replace(':', '')}.jpg", encoded(image, "JPEG", quality=85, subsampling=sampling)
    yield "progressive.jpg", encoded(image, "JPEG", quality=75, progressive=True)
    yield "grey.jpg", encoded(grey, "JPEG", quality=85)
    yield "turned.jpg", encoded(image, "JPEG", quality=85, exif=turned)
    yield "profile.jpg", encoded(image, "JPEG", quality=85, icc_profile=profile)
    yield "cmyk.jpg", encoded(image.convert("CMYK"), "JPEG", quality=85)
    yield "rgb.png", encoded(image, "PNG")
    yield "grey.png", encoded(grey, "PNG")
    yield "bilevel.png", encoded(grey.point(lambda v: 255 * (v > 120)).convert("1"), "PNG")
    yield "palette.png", encoded(image.quantize(64), "PNG")
    yield "palette-transparent.png", encoded(image.quantize(64), "PNG", transparency=3)
    yield "alpha.png", encoded(alpha, "PNG")
    yield "grey-alpha.png", encoded(alpha.convert("LA"), "PNG")
    yield "rgb-16.png", png16(words, 2)
    yield "grey-16.png", png16(words[:, :, :1], 0)


def main():
    folder = VALUES / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, data in files():
        (folder / name).write_bytes(data)
        with Image.open(io.BytesIO(data)) as image:
            rgb = image.convert("RGB")
            if image.mode == "I;16":  # Pillow cuts at 255, which leaves next to nothing: the upper byte instead
                rgb = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
            cases.append({"file": name, "mode": image.mode, "output": summary(rgb)})
    write_json("decode.json", cases)


if __name__ == "__main__":
    main()
