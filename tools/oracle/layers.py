"""Outputs and gradients of single layers -> values/layers.json, in the product's layouts (NHWC pictures, HWIO filters).

Each gradient is that of sum(output * upstream).
"""

import torch
import torch.nn.functional as F

from pattern import pattern
from write import digits, write_json


class Streams:
    """Inputs from consecutive pattern streams, as float64 tensors in PyTorch's layout."""

    def __init__(self, first):
        self.next = first

    def __call__(self, *shape, scale=1.0):
        count = torch.Size(shape).numel()
        self.next += 1
        values = torch.from_numpy(pattern(self.next, count)).double() * scale
        return values.reshape(shape).requires_grad_()


draw = Streams(30_000)


def nhwc(x):
    return tensor(x.permute(0, 2, 3, 1))


def hwio(w):
    return tensor(w.permute(2, 3, 1, 0))


def tensor(x):
    x = x.detach()
    return {"shape": list(x.shape), "values": [digits(v) for v in x.flatten().tolist()]}


def batch_norm(momentum, epsilon):
    x, upstream = draw(4, 2, 3, 3, scale=2.0), draw(4, 2, 3, 3)
    scale, offset = draw(2), draw(2)
    mean, variance = torch.zeros(2).double(), torch.ones(2).double()
    y = F.batch_norm(x, mean, variance, scale, offset, training=True, momentum=momentum, eps=epsilon)
    y.backward(upstream.detach())
    still = F.batch_norm(x, mean, variance, scale, offset, training=False, eps=epsilon)
    return {
        "newStatisticsWeight": momentum,
        "epsilon": epsilon,
        "input": nhwc(x),
        "scale": tensor(scale),
        "offset": tensor(offset),
        "upstream": nhwc(upstream),
        "output": nhwc(y),
        "inputGradient": nhwc(x.grad),
        "scaleGradient": tensor(scale.grad),
        "offsetGradient": tensor(offset.grad),
        "runningMean": tensor(mean),
        "runningVariance": tensor(variance),
        "evalOutput": nhwc(still),
    }


def convolution(kernel, stride, padding, biased):
    x, w = draw(2, 3, 7, 7), draw(4, 3, kernel, kernel)
    b = draw(4) if biased else None
    y = F.conv2d(x, w, b, stride=stride, padding=padding)
    upstream = draw(*y.shape).detach()
    y.backward(upstream)
    return {
        "stride": stride,
        "padding": padding,
        "input": nhwc(x),
        "filter": hwio(w),
        "bias": tensor(b) if biased else None,
        "upstream": nhwc(upstream),
        "output": nhwc(y),
        "inputGradient": nhwc(x.grad),
        "filterGradient": hwio(w.grad),
        "biasGradient": tensor(b.grad) if biased else None,
    }


def pool(name, size, function):
    x = draw(2, 3, 7, 7)
    y = function(x)
    upstream = draw(*y.shape).detach()
    y.backward(upstream)
    pooled = {"name": name, "size": size, "input": nhwc(x), "upstream": nhwc(upstream)}
    return {**pooled, "output": nhwc(y), "inputGradient": nhwc(x.grad)}


def activation(name, function):
    x = torch.linspace(-6, 6, 49, dtype=torch.float64, requires_grad=True)
    y = function(x)
    upstream = draw(49).detach()
    y.backward(upstream)
    inputs = {"name": name, "input": tensor(x), "upstream": tensor(upstream)}
    return {**inputs, "output": tensor(y), "inputGradient": tensor(x.grad)}


def cross_entropy(smoothing):
    logits = draw(5, 10, scale=8.0)
    labels = torch.tensor([3, 0, 9, 5, 5])
    loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    loss.backward()
    return {
        "labelSmoothing": smoothing,
        "logits": tensor(logits),
        "labels": labels.tolist(),
        "loss": digits(loss.item()),
        "logitsGradient": tensor(logits.grad),
    }


def main():
    write_json(
        "layers.json",
        {
            "batchNorm": [batch_norm(0.1, 1e-5), batch_norm(0.4, 1e-12)],
            "convolution": [
                convolution(3, 1, 1, False),
                convolution(3, 2, 1, False),
                convolution(2, 1, 0, True),
                convolution(5, 1, 0, True),
            ],
            "pool": [
                pool("max", 2, lambda x: F.max_pool2d(x, 2)),
                pool("max", 3, lambda x: F.max_pool2d(x, 3)),
                pool("average", 2, lambda x: F.avg_pool2d(x, 2)),
                pool("average", 7, lambda x: F.avg_pool2d(x, 7)),
            ],
            "activation": [
                activation("relu", F.relu),
                activation("gelu", F.gelu),
                activation("scaled-tanh", lambda x: 1.7159 * torch.tanh(x * (2 / 3))),
            ],
            "crossEntropy": [cross_entropy(s) for s in (0.0, 0.1, 0.2)],
        },
    )


if __name__ == "__main__":
    main()
