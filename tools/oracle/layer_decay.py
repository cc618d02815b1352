"""timm's layers for layer-wise learning-rate decay -> values/layer-decay.json: for every network of zoo.py that timm has too, the
layer of each parameter in order; and paths of two optimizers whose groups timm made.

torchvision's networks have the parameters of timm's in the same order and shapes, but for vit_b_16, whose first four, all of
layer 0, come in another order.
"""

import no_compiled_torchvision  # noqa: F401

import timm
import torch
from timm.models import group_parameters
from timm.optim import param_groups_layer_decay
from torch import nn

from optimizers import KEPT, STEPS, draw, rate
from write import digits, write_json
from zoo import ZOO

DECAY = 0.75

# timm's name of each network. None: zoo.py's own subclass of timm's VisionTransformer.
TIMM = {
    **{f"resnet{d}": f"resnet{d}" for d in (18, 34, 50, 101, 152)},
    **{f"resnet{d}-v1": f"resnet{d}" for d in (50, 101, 152)},
    "resnet18-cifar": "resnet18",
    **{f"resnet{n[:-1]}-{n[-1]}": f"resnet{n}" for n in ("18d", "34d", "50c", "50d", "50s", "50t", "101d")},
    "resnext50-32x4d": "resnext50_32x4d",
    "wide-resnet50-2": "wide_resnet50_2",
    "vgg16-bn": "vgg16_bn",
    "densenet121": "densenet121",
    "mobilenet-v2": "mobilenetv2_100",
    "mobilenet-v3-large": "mobilenetv3_large_100",
    "mobilenet-v3-small": "mobilenetv3_small_100",
    **{f"efficientnet-b{i}": f"tf_efficientnet_b{i}" for i in range(8)},
    **{f"tf-efficientnet-b{i}": f"tf_efficientnet_b{i}" for i in range(8)},
    **{f"efficientnet-lite{i}": f"tf_efficientnet_lite{i}" for i in range(5)},
    "efficientnet-v2-s": "tf_efficientnetv2_s",
    **{f"vit-{n}-patch16": f"vit_{n}_patch16_224" for n in ("tiny", "small", "base", "large")},
    "vit-b-16-torchvision": "vit_base_patch16_224",
    "vit-small-patch16-plain": None,
    **{f"deit-{n}-patch16": f"deit_{n}_patch16_224" for n in ("tiny", "small", "base")},
    **{f"convnext-{n}": f"convnext_{n}" for n in ("tiny", "small", "base")},
}


def layers(name):
    """Runs of parameters in one layer: [layer, how many]."""
    zoo = ZOO[name]
    with torch.device("meta"):
        ours = zoo["build"](zoo["size"], zoo["classes"])
        net = timm.create_model(TIMM[name], num_classes=zoo["classes"]) if TIMM[name] else ours
    pairs = list(zip(ours.parameters(), net.parameters(), strict=True))
    skipped = 4 if name == "vit-b-16-torchvision" else 0
    for a, b in pairs[skipped:]:
        # Some kernels differ in form: the stem for CIFAR, and convolutions in place of linear layers in VGG and MobileNetV3.
        assert a.shape[0] == b.shape[0], name
    layer_of = group_parameters(net, net.group_matcher(coarse=False), reverse=True)
    runs = []
    for key, _ in net.named_parameters():
        if runs and runs[-1][0] == layer_of[key]:
            runs[-1][1] += 1
        else:
            runs.append([layer_of[key], 1])
    return runs


class Tower(nn.Module):
    """Three layers, of a matrix and a vector each."""

    def __init__(self):
        super().__init__()
        for i in range(3):
            self.register_parameter(f"weight{i}", nn.Parameter(draw(41_000 + i, 6, 1.0).reshape(3, 2)))
            self.register_parameter(f"bias{i}", nn.Parameter(draw(41_010 + i, 3, 1.0)))

    def group_matcher(self, coarse=False):
        return {"blocks": r"^(?:weight|bias)(\d)"}


def path(config, build):
    """On sum((p - target)^2) / 4, with decay on matrices alone."""
    net = Tower()
    targets = {key: draw(41_020 + i, p.numel(), 2.0).reshape(p.shape) for i, (key, p) in enumerate(net.named_parameters())}
    groups = param_groups_layer_decay(net, weight_decay=config["weightDecay"], layer_decay=config["layerDecay"])
    for group in groups:
        # As timm.scheduler sets the rate of a group.
        group["lr"] = config["lr"] * group["lr_scale"]
    optimizer = build(groups)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    points = []
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        sum(((p - targets[key]) ** 2).sum() / 4 for key, p in net.named_parameters()).backward()
        optimizer.step()
        schedule.step()
        if t in KEPT:
            values = [[digits(v) for v in p.flatten().tolist()] for p in net.parameters()]
            points.append({"step": t, "values": values})
    return {"optimizer": config, "path": points}


def main():
    sgd = {"name": "sgd", "lr": 0.2, "momentum": 0.9, "weightDecay": 0.1, "layerDecay": 0.6}
    adamw = {"name": "adamw", "lr": 0.05, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": 0.3, "layerDecay": 0.75}
    net = Tower()
    write_json(
        "layer-decay.json",
        {
            "networks": [{"name": name, "layers": layers(name)} for name in TIMM],
            "steps": STEPS,
            "rates": [digits(rate(t)) for t in range(STEPS)],
            "parameters": [
                {
                    "layer": i // 2,
                    "shape": list(p.shape),
                    "start": [float(v) for v in p.flatten().tolist()],
                    "target": [float(v) for v in draw(41_020 + i, p.numel(), 2.0).tolist()],
                }
                for i, p in enumerate(net.parameters())
            ],
            "paths": [
                path(sgd, lambda groups: torch.optim.SGD(groups, lr=sgd["lr"], momentum=0.9)),
                path(adamw, lambda groups: torch.optim.AdamW(groups, lr=adamw["lr"], betas=(0.9, 0.99), eps=1e-6)),
            ],
        },
    )


if __name__ == "__main__":
    main()
