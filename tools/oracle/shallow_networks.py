"""Shallow networks of the designs whose registered members are too deep for gradients in float32
-> values/networks-shallow.json.

Logits, loss, all gradients and running statistics in float64, as registry_networks.py has them, on pictures of a seed that
keeps every ReLU and max pool away from where its gradient jumps (kink_distance.py).
"""

import copy
import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

import no_compiled_torchvision  # noqa: F401
from timm.models.efficientnet import _gen_efficientnet_lite
from timm.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision import models
from torchvision.models.efficientnet import FusedMBConvConfig, MBConvConfig

from kink_distance import KinkDistance
from nets import CifarResNet
from pattern import pattern_images
from registry_networks import CLASSES, labels_of, set_by_formula, values
from write import digits, write_json
from zoo import WideResNet, cifar_stem, lite_names, same_name, shortcut_names, stride_first

# Rounding moves a float32 value of these networks by some 1e-6.
LEAST_DISTANCE = 1e-5
CANCELLING = 1e-4
SEEDS = 1000
# Names by which pattern.py draws, where they are not the module's own.
RENAMED = {"efficientnet-lite": lite_names, "basic-cifar": lambda: shortcut_names}


def bottlenecks(**options):
    return models.ResNet(models.resnet.Bottleneck, [1, 2, 1, 1], num_classes=CLASSES, **options)


def timm_resnet(block, layers=(1, 1, 1, 1), **options):
    return ResNet(block, layers, num_classes=CLASSES, **options)


C = {"stem_type": "deep", "stem_width": 32}
S = {"stem_type": "deep", "stem_width": 64}
T = {"stem_type": "deep_tiered", "stem_width": 32}
DENSENET = {"growth_rate": 32, "num_init_features": 64, "num_classes": CLASSES}

# Those of timm's tf_efficientnet_lite0, with the momentum of TensorFlow's code.
LITE = {"bn_eps": 1e-3, "bn_momentum": 0.01, "pad_type": "same", "num_classes": CLASSES}


def vgg():
    features = models.vgg.make_layers([4, "M", 4, "M", 4, 8, "M", 8, "M", 8, "M"], batch_norm=True)
    net = models.VGG(features, num_classes=CLASSES, init_weights=False)
    first, second, last = nn.Linear(8 * 7 * 7, 16), nn.Linear(16, 16), nn.Linear(16, CLASSES)
    net.classifier = nn.Sequential(first, nn.ReLU(), nn.Dropout(), second, nn.ReLU(), nn.Dropout(), last)
    return net


def efficientnet_v2():
    """The blocks of torchvision's EfficientNetV2-S."""
    stages = [FusedMBConvConfig(1, 3, 1, 8, 8, 1), FusedMBConvConfig(4, 3, 2, 8, 16, 2), MBConvConfig(4, 3, 2, 16, 24, 2)]
    norm = partial(nn.BatchNorm2d, eps=1e-3)
    return models.EfficientNet(stages, dropout=0, num_classes=CLASSES, norm_layer=norm, last_channel=64)


def vit():
    design = {"num_layers": 2, "num_heads": 3, "hidden_dim": 48, "mlp_dim": 192}
    return models.VisionTransformer(image_size=32, patch_size=16, num_classes=CLASSES, **design)


# Network, batch and size of its pictures.
NETWORKS = {
    "bottleneck": (lambda: bottlenecks(), 2, 40),
    "bottleneck-v1": (lambda: stride_first(bottlenecks()), 2, 40),
    "bottleneck-32x4d": (lambda: bottlenecks(groups=32, width_per_group=4), 2, 40),
    "bottleneck-wide": (lambda: bottlenecks(width_per_group=128), 2, 40),
    "bottleneck-c": (lambda: timm_resnet(Bottleneck, **C), 2, 40),
    "bottleneck-d": (lambda: timm_resnet(Bottleneck, avg_down=True, **C), 2, 40),
    "bottleneck-e": (lambda: timm_resnet(Bottleneck, avg_down=True, **S), 2, 40),
    "bottleneck-s": (lambda: timm_resnet(Bottleneck, **S), 2, 40),
    "bottleneck-t": (lambda: timm_resnet(Bottleneck, avg_down=True, **T), 2, 40),
    "basic-d": (lambda: timm_resnet(BasicBlock, avg_down=True, **C), 2, 40),
    "basic-cifar": (lambda: cifar_stem(models.ResNet(models.resnet.BasicBlock, [1, 1, 1, 1], num_classes=CLASSES)), 2, 16),
    "cifar-b": (lambda: CifarResNet(8, "B"), 2, 32),
    "densenet": (lambda: models.DenseNet(block_config=(2, 2, 2, 2), **DENSENET), 2, 64),
    "wide-resnet": (lambda: WideResNet(16, 2, CLASSES), 2, 16),
    "vgg": (vgg, 1, 224),
    "efficientnet-lite": (lambda: _gen_efficientnet_lite("tf_efficientnet_lite0", 0.25, 0.5, **LITE), 2, 64),
    "efficientnet-v2": (efficientnet_v2, 2, 32),
    "vit-torchvision": (vit, 2, 32),
}


def network_case(name):
    build, batch, size = NETWORKS[name]
    net = build()
    rename = RENAMED.get(name, lambda: same_name)()
    set_by_formula(net, rename)
    seed, distance = first_clear_seed(net, batch, size)
    print(f"{name}: seed {seed}, distance {distance:.2g}", flush=True)
    case = {"name": name, "seed": seed, "kinkDistance": digits(distance) if math.isfinite(distance) else None}
    return {**case, "cancelling": cancelling(net, batch, size, seed), "values": values(net, batch, size, True, seed=seed)}


def cancelling(net, batch, size, seed):
    """Parameters whose gradient PyTorch's own float32 misses by more than CANCELLING of its norm, but for those that vanish. A
    scale in front of nothing but other normalisations has one, since they undo it but for their epsilon.
    """
    twins = (copy.deepcopy(net).to(dtype) for dtype in (torch.float64, torch.float32))
    exact, rounded = (gradients(twin, batch, size, seed) for twin in twins)
    vanishing = 1e-9 * math.hypot(*(float(gradient.norm()) for gradient in exact.values()))
    missed = {name: float((rounded[name] - gradient).norm() / gradient.norm()) for name, gradient in exact.items()}
    return [name for name, error in missed.items() if error > CANCELLING and exact[name].norm() > vanishing]


def gradients(net, batch, size, seed):
    pictures = pattern_images(batch, 3, size, seed).to(next(net.parameters()).dtype)
    F.cross_entropy(net.train()(pictures), torch.tensor(labels_of(batch))).backward()
    return {name: parameter.grad.double() for name, parameter in net.named_parameters()}


def first_clear_seed(net, batch, size):
    """The first seed of pictures that keeps `net` away from every kink, and how far. Running statistics are 0 and 1 again."""
    for seed in range(SEEDS):
        with torch.no_grad(), KinkDistance() as kinks:
            net.train()(pattern_images(batch, 3, size, seed).double())
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.reset_running_stats()
        if kinks.smallest > LEAST_DISTANCE:
            return seed, kinks.smallest
    raise SystemExit(f"No seed below {SEEDS} keeps this network {LEAST_DISTANCE} away from every kink.")


def main():
    write_json("networks-shallow.json", [network_case(name) for name in NETWORKS])


if __name__ == "__main__":
    main()
