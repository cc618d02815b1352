"""Places and rates of dropout and stochastic depth in a training pass of the reference implementations, with the rates of
their recipes -> values/random-layers.json.
"""

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

import no_compiled_torchvision  # noqa: F401
import timm
from timm.layers import DropPath
from torchvision import models
from torchvision.ops import StochasticDepth
from write import digits, write_json
from zoo import WideResNet

SIZE = 64


class Drops(TorchFunctionMode):
    """While it is active, notes every dropout that a pass applies."""

    def __init__(self):
        super().__init__()
        self.applied = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func is not F.dropout:
            return func(*args, **(kwargs or {}))
        # dropout(input, p, training, inplace)
        given = dict(zip(("input", "p", "training"), args), **(kwargs or {}))
        if given["training"]:
            self.note("dropout", given["p"])
        return given["input"]

    def note(self, kind, rate):
        if rate > 0:
            self.applied.append((kind, digits(rate)))


def torchvision_net(name, **options):
    return lambda: getattr(models, name)(**options)


def timm_net(name, **options):
    return lambda: timm.create_model(name, **options)


# The rates that timm's comments give for training; torchvision's are defaults.
B_RATES = (0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5)
LITE_RATES = (0.2, 0.2, 0.3, 0.3, 0.3)
TENSORFLOW = {f"tf-efficientnet-b{i}": (f"tf_efficientnet_b{i}", rate) for i, rate in enumerate(B_RATES)}
LITE = {f"efficientnet-lite{i}": (f"tf_efficientnet_lite{i}", rate) for i, rate in enumerate(LITE_RATES)}
DEFAULTS = {
    "vgg16-bn": torchvision_net("vgg16_bn"),
    "squeezenet1-1": torchvision_net("squeezenet1_1"),
    "mobilenet-v2": torchvision_net("mobilenet_v2"),
    "mobilenet-v3-large": torchvision_net("mobilenet_v3_large"),
    "mobilenet-v3-small": torchvision_net("mobilenet_v3_small"),
    **{f"efficientnet-b{i}": torchvision_net(f"efficientnet_b{i}") for i in range(8)},
    **{name: timm_net(of, drop_rate=rate, drop_path_rate=0.2) for name, (of, rate) in (TENSORFLOW | LITE).items()},
    "efficientnet-v2-s": torchvision_net("efficientnet_v2_s"),
    # main.py of facebookresearch/deit.
    **{
        f"deit-{n}-patch16": timm_net(f"deit_{n}_patch16_224", img_size=SIZE, drop_path_rate=0.1)
        for n in ("tiny", "small", "base")
    },
    **{f"convnext-{n}": torchvision_net(f"convnext_{n}") for n in ("tiny", "small", "base")},
}
VIT = {"img_size": SIZE, "pos_drop_rate": 0.1, "proj_drop_rate": 0.1, "drop_path_rate": 0.2}
CHOSEN = [
    ("resnet50", {"dropPath": 0.1}, timm_net("resnet50", drop_path_rate=0.1)),
    ("wrn-28-10", {"dropout": 0.3}, lambda: WideResNet(28, 10, 10, 0.3)),
    ("vit-tiny-patch16", {"dropout": 0.1, "dropPath": 0.2}, timm_net("vit_tiny_patch16_224", **VIT)),
    ("vit-b-16-torchvision", {"dropout": 0.1}, torchvision_net("vit_b_16", image_size=SIZE, dropout=0.1)),
]


def case(name, options, build):
    with torch.device("meta"):
        net = build().train()
        drops = Drops()
        for module in net.modules():
            if isinstance(module, StochasticDepth):
                module.register_forward_pre_hook(lambda module, _: drops.note("drop-path", module.p))
            elif isinstance(module, DropPath):
                module.register_forward_pre_hook(lambda module, _: drops.note("drop-path", module.drop_prob))
        with drops:
            net(torch.empty(2, 3, SIZE, SIZE))
    kinds, rates = zip(*drops.applied)
    return {"name": name, "options": options, "kinds": kinds, "rates": rates}


def main():
    defaults = [case(name, {}, build) for name, build in DEFAULTS.items()]
    write_json("random-layers.json", defaults + [case(*chosen) for chosen in CHOSEN])


if __name__ == "__main__":
    main()
