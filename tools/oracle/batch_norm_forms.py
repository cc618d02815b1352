"""Batch normalisation in ghost batches, frozen, and estimated anew -> values/batch-norm-forms.json, in the product's layouts.

Each gradient is that of sum(output * upstream).
"""

import torch
from torch import nn
from torch.optim.swa_utils import update_bn

from layers import Streams, nhwc, tensor
from nets import CifarResNet
from pattern import pattern, pattern_parameter
from write import digits, write_json

draw = Streams(31_000)
MOMENTUM, EPSILON = 0.1, 1e-5
MEAN, STD = [0.49, 0.48, 0.45], [0.25, 0.24, 0.26]
BATCHES, BATCH, SIZE = 3, 4, 32


def module(scale, offset, channels):
    norm = nn.BatchNorm2d(channels, eps=EPSILON, momentum=MOMENTUM).double()
    norm.weight = nn.Parameter(scale.detach().clone())
    norm.bias = nn.Parameter(offset.detach().clone())
    return norm


def case(x, norm, apply, upstream):
    y = apply(x)
    y.backward(upstream.detach())
    return {
        "epsilon": EPSILON,
        "input": nhwc(x),
        "scale": tensor(norm.weight),
        "offset": tensor(norm.bias),
        "upstream": nhwc(upstream),
        "output": nhwc(y),
        "inputGradient": nhwc(x.grad),
        "scaleGradient": tensor(norm.weight.grad),
        "offsetGradient": tensor(norm.bias.grad),
        "runningMean": tensor(norm.running_mean),
        "runningVariance": tensor(norm.running_var),
    }


def ghosts(group, count, channels):
    """The module is called on one group after the other, as composer's ghost batch normalisation calls it."""
    x, upstream = draw(count, channels, 3, 3, scale=2.0), draw(count, channels, 3, 3)
    norm = module(draw(channels), draw(channels), channels)
    result = case(x, norm, lambda v: torch.cat([norm(part) for part in v.split(group)]), upstream)
    return {"group": group, "momentum": MOMENTUM, **result}


def frozen(channels):
    """In evaluation mode, with running statistics that are given."""
    x, upstream = draw(4, channels, 3, 3, scale=2.0), draw(4, channels, 3, 3)
    norm = module(draw(channels), draw(channels), channels)
    norm.running_mean.copy_(draw(channels).detach())
    norm.running_var.copy_(draw(channels, scale=0.5).detach() + 1)
    return case(x, norm.eval(), norm, upstream)


def raw_pictures(batch):
    """Bytes [n, h, w, c] from pattern stream 62,000 + batch."""
    u = torch.from_numpy(pattern(62_000 + batch, BATCH * SIZE * SIZE * 3)).double()
    return torch.floor(128 + 120 * u).reshape(BATCH, SIZE, SIZE, 3)


def normalised(batch):
    pictures = raw_pictures(batch) / 255
    pictures = (pictures - torch.tensor(MEAN).double()) / torch.tensor(STD).double()
    return pictures.permute(0, 3, 1, 2).contiguous()


def reestimated():
    net = CifarResNet(20)
    for p, (key, parameter) in enumerate(net.named_parameters()):
        parameter.data = pattern_parameter(p, key, tuple(parameter.shape))
    net = net.double()
    update_bn([normalised(b) for b in range(BATCHES)], net)
    net.eval()
    with torch.no_grad():
        logits = net(normalised(0))
    kept = ("bn1.", "layer1.0.bn2.", "layer3.2.bn2.")
    return {
        "model": "resnet20-cifar",
        "images": [BATCH, SIZE, SIZE, 3],
        "batches": BATCHES,
        "mean": MEAN,
        "std": STD,
        "runningStatistics": [
            {"name": key, "values": [digits(v) for v in buffer.tolist()]}
            for key, buffer in net.named_buffers()
            if "running" in key and key.startswith(kept)
        ],
        "evalLogits": [[digits(v) for v in row] for row in logits.tolist()],
    }


def main():
    write_json(
        "batch-norm-forms.json",
        {
            "ghosts": [ghosts(2, 6, 3), ghosts(4, 10, 2), ghosts(8, 8, 2)],
            "frozen": frozen(3),
            "reestimated": reestimated(),
        },
    )


if __name__ == "__main__":
    main()
