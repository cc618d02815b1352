"""Every network of the registry as its reference implementation defines it (torchvision, timm, or nets.py where they have
none), without downloaded weights, and the names that the product gives its parameters.
"""

import re
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

from nets import CifarResNet
import no_compiled_torchvision  # noqa: F401
import timm
from timm.models.vision_transformer import VisionTransformer
from torchvision import models


class WideBlock(nn.Module):
    """Pre-activation block of Zagoruyko and Komodakis 2016; a projection takes the activated input."""

    def __init__(self, inputs, outputs, stride, drop):
        super().__init__()
        self.drop = drop
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.convShortcut = None
        if inputs != outputs:
            self.convShortcut = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x):
        activated = F.relu(self.bn1(x))
        residual = F.dropout(F.relu(self.bn2(self.conv1(activated))), self.drop, self.training)
        residual = self.conv2(residual)
        return residual + (x if self.convShortcut is None else self.convShortcut(activated))


class WideStage(nn.Module):
    def __init__(self, blocks, inputs, outputs, stride, drop):
        super().__init__()
        first = WideBlock(inputs, outputs, stride, drop)
        self.layer = nn.Sequential(first, *(WideBlock(outputs, outputs, 1, drop) for _ in range(blocks - 1)))

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, depth, widen, classes, drop=0.0):
        super().__init__()
        blocks = (depth - 4) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.block1 = WideStage(blocks, 16, 16 * widen, 1, drop)
        self.block2 = WideStage(blocks, 16 * widen, 32 * widen, 2, drop)
        self.block3 = WideStage(blocks, 32 * widen, 64 * widen, 2, drop)
        self.bn1 = nn.BatchNorm2d(64 * widen)
        self.fc = nn.Linear(64 * widen, classes)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(self.conv1(x))))
        return self.fc(F.relu(self.bn1(x)).mean((2, 3)))


class PlainVit(VisionTransformer):
    """google-research/big_vision's ViT on timm's blocks, with a tanh layer before the head: fixed positions and the mean of the
    normalised tokens (Beyer et al. 2022), or learned positions of the patches and a class token that has none.
    """

    def __init__(self, size, classes, token=False, patch_size=16, embed_dim=384, depth=12, num_heads=6):
        design = {"patch_size": patch_size, "embed_dim": embed_dim, "depth": depth, "num_heads": num_heads}
        pool = {"class_token": token, "no_embed_class": True, "global_pool": "token" if token else "avg", "fc_norm": False}
        super().__init__(img_size=size, num_classes=classes, **design, **pool)
        head, self.head = self.head, None
        del self.head
        self.pre_logits = nn.Sequential(OrderedDict(fc=nn.Linear(embed_dim, embed_dim)))
        self.head = head
        self.pool_token = token
        if not token:
            self.pos_embed.data = sincos2d(*self.patch_embed.grid_size, embed_dim)
            self.pos_embed.requires_grad_(False)

    def forward(self, x):
        tokens = self.forward_features(x)
        return self.head(torch.tanh(self.pre_logits(tokens[:, 0] if self.pool_token else tokens.mean(1))))


def sincos2d(rows, columns, width):
    """MoCo v3's fixed positions as google-research/big_vision writes them: [1, rows * columns, width]."""
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    omega = 1.0 / 10_000 ** (torch.arange(width // 4, dtype=torch.float64) / (width // 4 - 1))
    x, y = torch.outer(x.flatten().double(), omega), torch.outer(y.flatten().double(), omega)
    return torch.cat([x.sin(), x.cos(), y.sin(), y.cos()], 1)[None].float()


def same_name(name):
    return name


def cifar_stem(net):
    """torchvision's ResNet with kuangliu/pytorch-cifar's first layer in place of the stem."""
    net.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
    net.maxpool = nn.Identity()
    return net


def stride_first(net):
    """torchvision's ResNet with the stride of a bottleneck on its first convolution, as in the paper."""
    for block in net.modules():
        if isinstance(block, models.resnet.Bottleneck):
            block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride
    return net


def v1(name):
    return lambda size, classes: stride_first(getattr(models, name)(num_classes=classes))


def torchvision_net(name):
    return lambda size, classes: getattr(models, name)(num_classes=classes)


def timm_net(name):
    return lambda size, classes: timm.create_model(name, num_classes=classes)


def timm_tensorflow(name):
    """timm's tf_ form, which pads as TensorFlow and has its epsilon, with the momentum of TensorFlow's code (0.99 of the old)."""
    return lambda size, classes: timm.create_model(name, num_classes=classes, bn_momentum=0.01)


def timm_vit(name):
    return lambda size, classes: timm.create_model(name, num_classes=classes, img_size=size)


def torchvision_vit(name):
    return lambda size, classes: getattr(models, name)(num_classes=classes, image_size=size)


def lite_names():
    """efficientnet_lite_pytorch's names from timm's; blocks are numbered through."""
    blocks = {}
    depthwise = {"conv_dw": "_depthwise_conv", "bn1": "_bn1", "conv_pw": "_project_conv", "bn2": "_bn2"}
    inverted = {
        "conv_pw": "_expand_conv",
        "bn1": "_bn0",
        "conv_dw": "_depthwise_conv",
        "bn2": "_bn1",
        "conv_pwl": "_project_conv",
        "bn3": "_bn2",
    }
    outer = {"conv_stem": "_conv_stem", "bn1": "_bn0", "conv_head": "_conv_head", "bn2": "_bn1", "classifier": "_fc"}

    def rename(name):
        match = re.fullmatch(r"blocks\.(\d+\.\d+)\.(\w+)\.(\w+)", name)
        if not match:
            module, parameter = name.split(".")
            return f"{outer[module]}.{parameter}"
        block, module, parameter = match.groups()
        number = blocks.setdefault(block, len(blocks))
        return f"_blocks.{number}.{(inverted if number else depthwise)[module]}.{parameter}"

    return rename


def torchvision_names(name):
    """The names of torchvision's net, whose parameters come in the same order and shapes as timm's."""

    def rename_all(net):
        with torch.device("meta"):
            twin = getattr(models, name)(num_classes=net.num_classes)
        pairs = list(zip(net.named_parameters(), twin.named_parameters(), strict=True))
        assert all(ours.shape == theirs.shape for (_, ours), (_, theirs) in pairs)
        return {ours: theirs for (ours, _), (theirs, _) in pairs}.__getitem__

    return rename_all


def shortcut_names(name):
    return name.replace("downsample", "shortcut").replace("fc.", "linear.")


def entry(build, size=224, names=lambda net: same_name, classes=1000):
    return {"build": build, "size": size, "names": names, "classes": classes}


def cifar(build, names=lambda net: same_name):
    return entry(build, 32, names, 10)


SIZES = [224, 240, 260, 300, 380, 456, 528, 600]
LITE_SIZES = [224, 240, 260, 280, 300]

ZOO = {
    **{f"resnet{d}-cifar": cifar(lambda s, c, d=d: CifarResNet(d)) for d in (20, 32, 44, 56, 110)},
    **{f"resnet{d}-cifar-b": cifar(lambda s, c, d=d: CifarResNet(d, "B")) for d in (20, 56, 110)},
    "resnet18-cifar": cifar(lambda size, classes: cifar_stem(models.resnet18(num_classes=classes)), lambda net: shortcut_names),
    "wrn-28-10": cifar(lambda size, classes: WideResNet(28, 10, classes)),
    **{f"resnet{d}": entry(torchvision_net(f"resnet{d}")) for d in (18, 34, 50, 101, 152)},
    **{f"resnet{d}-v1": entry(v1(f"resnet{d}")) for d in (50, 101, 152)},
    **{f"resnet{n[:-1]}-{n[-1]}": entry(timm_net(f"resnet{n}")) for n in ("18d", "34d", "50c", "50d", "50s", "50t")},
    "resnet101-d": entry(timm_net("resnet101d"), 256),
    "resnext50-32x4d": entry(torchvision_net("resnext50_32x4d")),
    "wide-resnet50-2": entry(torchvision_net("wide_resnet50_2")),
    "vgg16-bn": entry(torchvision_net("vgg16_bn")),
    "densenet121": entry(torchvision_net("densenet121")),
    "squeezenet1-1": entry(torchvision_net("squeezenet1_1")),
    "mobilenet-v2": entry(torchvision_net("mobilenet_v2")),
    "mobilenet-v3-large": entry(torchvision_net("mobilenet_v3_large")),
    "mobilenet-v3-small": entry(torchvision_net("mobilenet_v3_small")),
    **{f"efficientnet-b{i}": entry(torchvision_net(f"efficientnet_b{i}"), s) for i, s in enumerate(SIZES)},
    **{
        f"tf-efficientnet-b{i}": entry(timm_tensorflow(f"tf_efficientnet_b{i}"), s, torchvision_names(f"efficientnet_b{i}"))
        for i, s in enumerate(SIZES)
    },
    **{
        f"efficientnet-lite{i}": entry(timm_tensorflow(f"tf_efficientnet_lite{i}"), s, lambda net: lite_names())
        for i, s in enumerate(LITE_SIZES)
    },
    "efficientnet-v2-s": entry(torchvision_net("efficientnet_v2_s"), 384),
    **{f"vit-{n}-patch16": entry(timm_vit(f"vit_{n}_patch16_224")) for n in ("tiny", "small", "base", "large")},
    "vit-b-16-torchvision": entry(torchvision_vit("vit_b_16")),
    "vit-small-patch16-plain": entry(PlainVit),
    **{f"deit-{n}-patch16": entry(timm_vit(f"deit_{n}_patch16_224")) for n in ("tiny", "small", "base")},
    **{f"convnext-{n}": entry(torchvision_net(f"convnext_{n}")) for n in ("tiny", "small", "base")},
}
