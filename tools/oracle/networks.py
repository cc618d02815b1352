"""Logits, loss, gradients and running statistics of whole networks on one small batch -> values/networks.json.

Weights and pictures come from pattern.py, so the file holds results only. Everything is computed in float64 from
float32 weights and pictures.
"""

import torch
import torch.nn.functional as F

from nets import CifarResNet, LeNet5, airbench94
from pattern import PROJECTION, pattern, pattern_images, pattern_parameter
from write import digits, write_json

BATCH = 4
SAMPLES = 6
LABELS = [(3 * i + 1) % 10 for i in range(BATCH)]


def gradient_summary(p, gradient):
    """Norm, projection on stream PROJECTION + p, and evenly spaced values, all in PyTorch's layout."""
    flat = gradient.flatten()
    indices = sorted({i * (len(flat) - 1) // max(SAMPLES - 1, 1) for i in range(SAMPLES)})
    projection = torch.from_numpy(pattern(PROJECTION + p, len(flat))).double()
    return {
        "norm": digits(float(flat.norm())),
        "projection": digits(float(flat @ projection)),
        "indices": indices,
        "values": [digits(float(flat[i])) for i in indices],
    }


def rows(tensor):
    return [[digits(v) for v in row] for row in tensor.tolist()]


def reflect_views(x):
    """The six views of airbench94 in two groups: as it is, and shifted up-left and down-right by a pixel."""
    padded = F.pad(x, (1, 1, 1, 1), "reflect")
    return [x, padded[:, :, 0:32, 0:32], padded[:, :, 2:34, 2:34]]


def view_logits(net, x):
    mirrored = lambda v: 0.5 * net(v) + 0.5 * net(v.flip(-1))  # noqa: E731
    plain, *shifted = [mirrored(v) for v in reflect_views(x)]
    return {"mirror": rows(plain), "mirror-translate": rows(0.5 * plain + 0.25 * (shifted[0] + shifted[1]))}


def network_case(name, net, channels, label_smoothing):
    parameters = []
    for p, (key, parameter) in enumerate(net.named_parameters()):
        parameter.data = pattern_parameter(p, key, tuple(parameter.shape))
        parameters.append((p, key, parameter))
    net = net.double().train()
    images = pattern_images(BATCH, channels, 32).double()
    logits = net(images)
    loss = F.cross_entropy(logits, torch.tensor(LABELS), label_smoothing=label_smoothing)
    loss.backward()
    net.eval()
    with torch.no_grad():
        return {
            "name": name,
            "images": [BATCH, 32, 32, channels],
            "labels": LABELS,
            "labelSmoothing": label_smoothing,
            "trainLogits": rows(logits),
            "loss": digits(loss.item()),
            "parameters": [
                {
                    "name": key,
                    "shape": list(parameter.shape),
                    "gradient": None if parameter.grad is None else gradient_summary(p, parameter.grad),
                }
                for p, key, parameter in parameters
            ],
            # After the one training pass above, which moved them from 0 and 1.
            "runningStatistics": [
                {"name": key, "values": [digits(v) for v in buffer.tolist()]}
                for key, buffer in net.named_buffers()
                if "running" in key
            ],
            "evalLogits": rows(net(images)),
            "viewLogits": view_logits(net, images),
        }


def main():
    write_json(
        "networks.json",
        [
            network_case("resnet20-cifar", CifarResNet(20), 3, 0.0),
            network_case("airbench94", airbench94(), 3, 0.2),
            network_case("lenet5", LeNet5(), 1, 0.0),
        ],
    )


if __name__ == "__main__":
    main()
