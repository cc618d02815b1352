"""Gradients after timm's dispatch_clip_grad -> values/gradient-clipping.json.

Shapes are the product's: kernels hold their outputs last. The last two parameters are the classifier.
"""

import no_compiled_torchvision  # noqa: F401

import torch
from timm.utils import dispatch_clip_grad

from pattern import pattern
from write import digits, write_json

PARAMETERS = [
    ("conv.weight", "conv-weight", [2, 2, 2, 3]),
    ("norm.weight", "norm-weight", [3]),
    ("pos_embed", "embedding", [1, 2, 3]),
    ("head.weight", "linear-weight", [3, 4]),
    ("head.bias", "bias", [4]),
]


def draw(stream, shape, scale):
    count = int(torch.tensor(shape).prod())
    return torch.from_numpy(pattern(stream, count)).double().reshape(shape) * scale


def torch_layout(role, values):
    """Outputs first; `product_layout` undoes it."""
    return values.movedim(-1, 0).contiguous() if role in ("conv-weight", "linear-weight") else values.clone()


def product_layout(role, values):
    return values.movedim(0, -1).contiguous() if role in ("conv-weight", "linear-weight") else values


def parameters():
    for i, (_, role, shape) in enumerate(PARAMETERS):
        parameter = torch.nn.Parameter(torch_layout(role, draw(61_000 + i, shape, 0.5)))
        parameter.grad = torch_layout(role, draw(61_100 + i, shape, 2.0 if i % 2 else 0.02))
        yield parameter


def case(mode, threshold):
    group = list(parameters())
    # timm's model_parameters(exclude_head) leaves out the last two.
    dispatch_clip_grad(group[:-2] if mode == "agc" else group, threshold, mode=mode)
    clipped = [product_layout(role, p.grad) for (_, role, _), p in zip(PARAMETERS, group)]
    gradients = [[digits(v) for v in g.flatten().tolist()] for g in clipped]
    return {"clip": mode, "clipThreshold": threshold, "gradients": gradients}


def main():
    write_json(
        "gradient-clipping.json",
        {
            "parameters": [
                {
                    "name": name,
                    "role": role,
                    "shape": shape,
                    "value": [float(v) for v in draw(61_000 + i, shape, 0.5).flatten()],
                    "gradient": [float(v) for v in draw(61_100 + i, shape, 2.0 if i % 2 else 0.02).flatten()],
                }
                for i, (name, role, shape) in enumerate(PARAMETERS)
            ],
            "cases": [
                case("norm", 1.0),
                case("norm", 100.0),
                case("value", 0.01),
                case("agc", 0.02),
                case("agc", 0.5),
            ],
        },
    )


if __name__ == "__main__":
    main()
