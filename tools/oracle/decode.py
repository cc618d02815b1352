"""Small pictures of many kinds -> values/pictures/, and Pillow's RGB of each -> values/decode.json.

Pillow does not write every form of BMP and netpbm: bmp() and the texts below do."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from pictures import picture, picture_bytes, stored, summary
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


def bmp(bits, pixels, width, height, palette=b"", compression=0, masks=b""):
    """A BMP with a header of 40 bytes; a height below 0 stores the rows from the top."""
    start = 54 + len(masks) + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + masks + palette + pixels


def rows(values, bits):
    """Rows padded to four bytes, from the bottom; values uint8 [h, w] below 2 ** bits."""
    lines = []
    for row in values[::-1]:
        text = "".join(format(v, f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 32)
        lines.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(lines)


def runs8(values):
    """Run lengths with a copied stretch, a jump and ends of lines; [h, w] with rows from the bottom."""
    height, width = values.shape
    out = b""
    for row in values[::-1]:
        first = bytes(int(v) for v in row[:5])
        out += bytes([0, 5]) + first + b"\0"  # copied, padded to an even length
        out += bytes([0, 2, 3, 0])  # three to the right
        out += bytes([width - 8, int(row[8])]) + b"\0\0"
    return out + b"\0\1"


def bitmaps():
    rng = picture_bytes(3, HEIGHT, WIDTH)
    palette = b"".join(bytes([(7 * i) % 256, (91 * i) % 256, 255 - i, 0]) for i in range(256))
    yield "bits-1.bmp", bmp(1, rows(rng[:, :, 0] >> 7, 1), WIDTH, HEIGHT, palette[:8])
    yield "bits-4.bmp", bmp(4, rows(rng[:, :, 0] >> 4, 4), WIDTH, HEIGHT, palette[:64])
    yield "bits-8.bmp", bmp(8, rows(rng[:, :, 0], 8), WIDTH, HEIGHT, palette)
    yield "runs-8.bmp", bmp(8, runs8(rng[:, :, 1]), WIDTH, HEIGHT, palette, compression=1)
    fives = (rng[:, :, 0].astype(np.uint16) << 8) + rng[:, :, 1]
    padded = np.pad(fives, ((0, 0), (0, WIDTH % 2))).astype("<u2")
    yield "bits-16.bmp", bmp(16, padded.tobytes(), WIDTH, -HEIGHT)
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    yield "bits-565.bmp", bmp(16, padded.tobytes(), WIDTH, -HEIGHT, compression=3, masks=masks)
    yield "bits-24.bmp", encoded(picture(3, HEIGHT, WIDTH), "BMP")
    yield "bits-32.bmp", encoded(Image.fromarray(np.dstack([rng, rng[:, :, :1]])), "BMP")


def portable():
    image = picture(4, HEIGHT, WIDTH)
    yield "raw.ppm", encoded(image, "PPM")
    yield "raw.pgm", encoded(image.convert("L"), "PPM")
    yield "raw.pbm", encoded(image.convert("1"), "PPM")
    small = picture_bytes(4, 5, 7)
    numbers = " ".join(str(v % 101) for v in small.ravel())
    yield "plain.ppm", f"P3 # a comment\n7 5\n100\n{numbers}\n".encode()
    bits = "".join(str(v & 1) for v in small[:, :, 0].ravel())
    yield "plain.pbm", f"P1\n# no spaces between bits\n7 5\n{bits}\n".encode()
    yield "largest-1000.ppm", b"P6\n7 5\n1000\n" + (small.astype(">u2") * 3).tobytes()


def other_formats():
    image = picture(5, HEIGHT, WIDTH)
    alpha = Image.fromarray(np.dstack([picture_bytes(5, HEIGHT, WIDTH), picture_bytes(1, HEIGHT, WIDTH)[:, :, :1]]))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"orientation-{orientation}.jpg", encoded(picture(5, 16, 24), "JPEG", quality=85, exif=exif)
    turned = {0x0112: 6}
    yield "lossy.webp", encoded(image, "WEBP", quality=80)
    yield "lossless.webp", encoded(image, "WEBP", lossless=True)
    yield "alpha.webp", encoded(alpha, "WEBP", lossless=True, exact=True)
    frames = [picture(n, 16, 24) for n in (6, 7)]
    yield "animated.webp", encoded(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:])
    yield "animated.gif", encoded(frames[0].quantize(32), "GIF", save_all=True, append_images=[frames[1].quantize(32)])
    yield "animated.png", encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    yield "plain.gif", encoded(image.quantize(64), "GIF")
    yield "rgb.tif", encoded(image, "TIFF", compression="tiff_lzw")
    yield "turned.tif", encoded(image, "TIFF", tiffinfo=turned)  # Pillow turns TIFF, and no other format
    yield "cmyk.tif", encoded(image.convert("CMYK"), "TIFF", compression="tiff_lzw")
    yield "palette.tif", encoded(image.quantize(64), "TIFF", compression="tiff_lzw")
    yield "wide.png", encoded(picture(5, 2, 30000).quantize(8), "PNG", optimize=True)


def files():
    image = picture(0, HEIGHT, WIDTH)
    grey = image.convert("L")
    alpha = Image.fromarray(np.dstack([picture_bytes(0, HEIGHT, WIDTH), picture_bytes(1, HEIGHT, WIDTH)[:, :, :1]]))
    words = picture_bytes(2, HEIGHT, WIDTH).astype(np.uint16) * 251 + 77
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation: Pillow's convert does not turn
    # Red and green exchanged, so that a decoder that follows the profile shows.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + profile[36:]  # its date would change every day
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
    yield from bitmaps()
    yield from portable()
    yield from other_formats()


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
    # Decoders of AVIF round its colours differently: compared with a tolerance.
    image = picture(8, 9, 13).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)  # smooth, as photographs are
    close = []
    for name, options in (("close-444.avif", {"subsampling": "4:4:4"}), ("close-420.avif", {"subsampling": "4:2:0"})):
        (folder / name).write_bytes(encoded(image, "AVIF", quality=90, speed=8, max_threads=1, **options))
        with Image.open(folder / name) as opened:
            close.append({"file": name, "output": stored(opened.convert("RGB"))})
    write_json("decode-close.json", close)


if __name__ == "__main__":
    main()
