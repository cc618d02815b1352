"""Numbers in [-1, 1) that Python and TypeScript make alike, in place of stored weights and pictures. See README.md."""

import numpy as np
import torch

IMAGES = 10_000  # stream 10,000 + seed holds the pictures of a batch
PROJECTION = 20_000  # stream 20,000 + p projects the gradient of parameter p


def pattern(stream, count):
    """`count` values of a stream: a 32-bit integer hash of stream and index, exact in float64, as float32."""
    with np.errstate(over="ignore"):
        i = np.arange(1, count + 1, dtype=np.uint32)
        h = (i * np.uint32(0x9E3779B1)) ^ np.uint32((stream + 1) * 0x85EBCA77 & 0xFFFFFFFF)
        h ^= h >> np.uint32(15)
        h *= np.uint32(0x2C1B3C6D)
        h ^= h >> np.uint32(12)
        h *= np.uint32(0x297A2D39)
        h ^= h >> np.uint32(15)
    return (h.astype(np.float64) / 2**31 - 1).astype(np.float32)


def pattern_parameter(p, name, shape):
    """Parameter number `p` in the order of named_parameters(), in PyTorch's layout, float32."""
    u = pattern(p, int(np.prod(shape)))
    if len(shape) > 1:
        value = np.float32(np.sqrt(3 / np.prod(shape[1:]))) * u
    elif name.endswith("bias"):
        value = np.float32(0.1) * u
    elif "norm" in name:  # airbench94 fixes these scales at 1
        value = np.ones_like(u)
    else:  # scales of batch normalisation, and of the subsampling of LeNet-5
        value = np.float32(1) + np.float32(0.1) * u
    return torch.from_numpy(value.reshape(shape))


def pattern_images(batch, channels, size, seed=0):
    """Pictures as NCHW. The stream runs over NHWC, as the product holds pictures; values in [-1.5, 1.5)."""
    u = pattern(IMAGES + seed, batch * size * size * channels) * np.float32(1.5)
    return torch.from_numpy(u.reshape(batch, size, size, channels)).permute(0, 3, 1, 2).contiguous()
