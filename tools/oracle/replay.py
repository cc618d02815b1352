"""Runs code of torchvision or timm on given random numbers in place of its generators.

Uniform numbers come from one stream, normal ones from another, each used in order: read-augmentations.ts has the same.
"""

import math
import random
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import torch

from pattern import pattern

UNIFORM, NORMAL = 40_000, 50_000  # streams + number of the replay
COUNT = 8192


@contextmanager
def replay(number):
    uniforms = iter(((pattern(UNIFORM + number, COUNT).astype(np.float64) + 1) / 2).tolist())
    normals = iter((pattern(NORMAL + number, COUNT).astype(np.float64) * 2).tolist())
    uniform = lambda: next(uniforms)  # noqa: E731
    below = lambda n: math.floor(uniform() * n)  # noqa: E731

    def torch_randint(*arguments, size=None, low=0, high=None, **_):
        """(high, size) or (low, high, size)."""
        numbers = [a for a in arguments if not isinstance(a, (tuple, list))]
        size = size or next(a for a in arguments if isinstance(a, (tuple, list)))
        bounds = numbers if len(numbers) == 2 else [low, *numbers]
        return torch.tensor([bounds[0] + below(bounds[1] - bounds[0]) for _ in range(size[0])])

    def fill(tensor, draw):
        return tensor.copy_(torch.tensor([draw() for _ in range(tensor.numel())]).reshape(tensor.shape))

    def choice(values, count, replace=True, p=None):
        assert replace and p is None
        return [values[below(len(values))] for _ in range(count)]

    patches = [
        patch.object(random, "random", uniform),
        patch.object(random, "uniform", lambda a, b: a + (b - a) * uniform()),
        patch.object(random, "randint", lambda a, b: a + below(b - a + 1)),
        patch.object(random, "choice", lambda values: values[below(len(values))]),
        patch.object(random, "gauss", lambda mean, std: mean + std * next(normals)),
        patch.object(np.random, "choice", choice),
        patch.object(np.random, "randint", lambda low, high, size=None: low + below(high - low)),
        patch.object(torch, "rand", lambda size: torch.tensor([uniform() for _ in range(np.prod(size))])),
        patch.object(torch, "randint", torch_randint),
        patch.object(
            torch.Tensor, "uniform_", lambda t, a, b: fill(t, lambda: float(a) + (float(b) - float(a)) * uniform())
        ),
        patch.object(torch.Tensor, "normal_", lambda t: fill(t, lambda: next(normals))),
    ]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()
