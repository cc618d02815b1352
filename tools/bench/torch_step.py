"""Times training steps of PyTorch, channels_last, on one fixed batch of raw pictures.

One process for each configuration. Prints a JSON line when it is ready, then for every line {"steps": n} on stdin one line
{"seconds": s} for n steps. A step is what the product's own step does: bytes to normalised input, forward, mean loss,
backward, the optimizer's update, and the loss read back.
"""

import argparse
import json
import platform
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))
from nets import CifarResNet, airbench94  # noqa: E402

CIFAR = {
    "resnet20-cifar": dict(build=lambda: CifarResNet(20), momentum=0.9, nesterov=False, decay=1e-4, smoothing=0.0),
    "airbench94": dict(build=airbench94, momentum=0.85, nesterov=True, decay=0.0153 / 11.5, smoothing=0.2),
}
# Networks of torchvision and timm, by the product's names (zoo.py). The same numbers stand in recipe-config.ts.
CONVOLUTIONAL = ("resnet18", "resnet50", "efficientnet-b0", "mobilenet-v2")
TRANSFORMERS = ("vit-tiny-patch16", "vit-small-patch16")
SGD = dict(momentum=0.9, nesterov=True, decay=1e-4, smoothing=0.1)
ADAMW = dict(decay=0.05, smoothing=0.1)
LEARNING_RATE = 0.01
NORM_BIAS_SCALE = 64


def network_and_facts(name):
    """A module, what it is trained with, the side of its pictures and its classes."""
    if name in CIFAR:
        return CIFAR[name]["build"](), CIFAR[name], 32, 10
    from zoo import ZOO  # torchvision and timm take seconds to load

    zoo = ZOO[name]
    net = zoo["build"](zoo["size"], zoo["classes"])
    return net, ADAMW if name in TRANSFORMERS else SGD, zoo["size"], zoo["classes"]


def optimizer_for(name, net, facts):
    if name in TRANSFORMERS:
        return torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=facts["decay"], fused=True)
    groups = [{"params": [p for p in net.parameters() if p.requires_grad]}]
    if name == "airbench94":
        named = [(key, p) for key, p in net.named_parameters() if p.requires_grad]
        biases = [p for key, p in named if "norm" in key]
        groups = [
            {"params": [p for key, p in named if "norm" not in key]},
            {
                "params": biases,
                "lr": LEARNING_RATE * NORM_BIAS_SCALE,
                "weight_decay": facts["decay"] / NORM_BIAS_SCALE,
            },
        ]
    return torch.optim.SGD(
        groups,
        lr=LEARNING_RATE,
        momentum=facts["momentum"],
        nesterov=facts["nesterov"],
        weight_decay=facts["decay"],
        fused=True,
    )


def build_step(name, precision, batch):
    torch.manual_seed(1)
    net, facts, size, classes = network_and_facts(name)
    net = net.to(memory_format=torch.channels_last).train()
    if precision == "bf16-whole":
        net = net.bfloat16()
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.float()
    optimizer = optimizer_for(name, net, facts)
    raw = torch.randint(0, 256, (batch, size, size, 3), dtype=torch.uint8)
    labels = torch.randint(0, classes, (batch,))
    scale = 1 / (255 * torch.tensor([0.247, 0.2435, 0.2616]))
    offset = -torch.tensor([0.4914, 0.4822, 0.4465]) / torch.tensor([0.247, 0.2435, 0.2616])

    def step():
        # NHWC bytes seen as NCHW are channels_last already.
        x = (raw.float() * scale + offset).permute(0, 3, 1, 2)
        if precision == "bf16-whole":
            x = x.bfloat16()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = net(x)
        loss = F.cross_entropy(logits.float(), labels, label_smoothing=facts["smoothing"])
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, sum(p.numel() for p in net.parameters() if p.requires_grad)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--net", choices=(*CIFAR, *CONVOLUTIONAL, *TRANSFORMERS), required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16", "bf16-whole"], required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--warm-up", type=int, default=3)
    options = parser.parse_args()
    step, parameters = build_step(options.net, options.precision, options.batch)
    for _ in range(options.warm_up):
        step()
    versions = {"torch": torch.__version__, "python": platform.python_version()}
    ready = {"ready": True, "threads": torch.get_num_threads(), "parameters": parameters, "versions": versions}
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        began = time.perf_counter()
        for _ in range(steps):
            step()
        print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    main()
