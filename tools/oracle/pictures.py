"""Test pictures by formula: folded slopes, so that filters matter, plus noise. read-transforms.ts makes the same."""

import base64
import hashlib

import numpy as np
from PIL import Image

from pattern import pattern

PICTURES = 30_000  # stream 30,000 + number makes the noise of a picture


def picture_bytes(number, height, width):
    """uint8 [height, width, 3] in 2..228."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    slope = (x * (11 + number) + y * (7 - c) + c * 90 + x * y // 8) % 510
    folded = np.where(slope <= 255, slope, 510 - slope)
    noise = np.floor(pattern(PICTURES + number, height * width * 3).astype(np.float64) * 18).astype(np.int64)
    return (20 + folded * 190 // 255 + noise.reshape(height, width, 3)).astype(np.uint8)


def picture(number, height, width):
    return Image.fromarray(picture_bytes(number, height, width))


def stored(image):
    """Shape, hash and the pixels themselves of a small result."""
    data = np.asarray(image)
    return {"shape": list(data.shape), "base64": base64.b64encode(data.tobytes()).decode()}


def summary(image):
    """Shape, hash and first row of a result that is compared bit for bit."""
    data = np.asarray(image)
    return {
        "shape": list(data.shape),
        "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
        "firstRow": base64.b64encode(data[0].tobytes()).decode(),
    }
