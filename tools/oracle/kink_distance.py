"""How near a forward pass comes to a point where its gradient jumps.

A ReLU jumps at 0, a ReLU6 at 0 and 6, a max pool where two values tie for the largest. Within rounding of such a point
float32 may take the other side, and the gradients of all layers below move with it.
"""

import math

import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

aten = torch.ops.aten
RELUS = {aten.relu.default, aten.relu_.default}
CLAMPS = {aten.hardtanh.default, aten.hardtanh_.default}


class KinkDistance(TorchDispatchMode):
    """While it is active, `smallest` is the least distance so far."""

    smallest = math.inf

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func in RELUS:
            self.observe(args[0].abs())
        elif func in CLAMPS:
            for limit in args[1:3]:
                self.observe((args[0] - limit).abs())
        elif func is aten.max_pool2d_with_indices.default:
            self.observe(lead_of_largest(*args))
        return func(*args, **(kwargs or {}))

    def observe(self, distances):
        if distances.numel() > 0:
            self.smallest = min(self.smallest, float(distances.min()))


def lead_of_largest(x, kernel, stride, padding=(0, 0), dilation=(1, 1), ceil_mode=False):
    """Largest less second largest value of every window whose largest is above zero: at zero a ReLU in front passes none."""
    if ceil_mode:
        raise NotImplementedError("windows over the edge")
    batch, channels = x.shape[:2]
    kernel, stride, padding = ((v[0], v[-1]) for v in (kernel, stride, padding))
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]), value=-math.inf)
    windows = padded.unfold(2, kernel[0], stride[0]).unfold(3, kernel[1], stride[1])
    first, second = windows.reshape(batch * channels, -1, kernel[0] * kernel[1]).topk(2, -1).values.unbind(-1)
    return (first - second)[first > 0]
