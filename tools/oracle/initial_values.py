"""How the reference implementations draw the initial value of every parameter -> values/initial-values.json.

The rule is read from the operations that filled the parameter: the limits of uniform_, the deviation of normal_, deviation
and limit of a truncated normal. What no random operation filled is constant.
"""

import math

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

import no_compiled_torchvision  # noqa: F401
import timm
from timm.layers.weight_init import lecun_normal_
from nets import CifarResNet
from shallow_networks import NETWORKS as SHALLOW
from write import digits, write_json
from zoo import ZOO, PlainVit, cifar_stem

CLASSES = 10
FACTORIES = ("empty", "ones", "zeros", "full", "new_")


class Draws(TorchDispatchMode):
    """While it is active, keeps by memory address the rule by which a tensor was last filled."""

    def __init__(self):
        super().__init__()
        self.rules = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        name = func._schema.name.removeprefix("aten::")
        if name.startswith(FACTORIES):
            self.rules.pop(result.data_ptr(), None)
        elif name.endswith("_"):
            self.fill(name, args[0].data_ptr(), *args[1:])
        return result

    def fill(self, operation, address, *args):
        rule = self.rules.get(address)
        if operation in ("zero_", "fill_"):
            self.rules.pop(address, None)
        elif operation == "uniform_":
            low, high = args if len(args) == 2 else (*args, 1.0)
            self.rules[address] = {"kind": "uniform", "bound": high}
            assert low == -high
        elif operation == "normal_":
            self.rules[address] = {"kind": "normal", "std": args[1]}
            assert args[0] == 0
        elif operation == "erfinv_":
            # Of a uniform number; a normal one of deviation 1 / sqrt(2).
            self.rules[address] = {"kind": "truncated", "std": math.sqrt(0.5), "limit": math.inf}
        elif operation == "clamp_":
            self.rules[address] = {**rule, "limit": args[1]}
            assert args[0] == -args[1]
        elif operation == "mul_":
            self.rules[address] = {**rule, "std": rule["std"] * args[0], "limit": rule["limit"] * args[0]}
        elif operation == "add_":
            assert args[0] == 0


def rule_of(parameter, draws):
    rule = draws.rules.get(parameter.data_ptr())
    if rule:
        return {key: value if key == "kind" else digits(value) for key, value in rule.items()}
    if not parameter.requires_grad:
        return {"kind": "fixed"}
    assert bool((parameter == parameter.flatten()[0]).all())
    return {"kind": "constant", "value": float(parameter.flatten()[0])}


def akamaster(net):
    """The _weights_init of akamaster/pytorch_resnet_cifar10."""
    for module in net.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(module.weight)
    return net


def xternalz(net):
    """The initialisation of xternalz/WideResNet-pytorch, which is that of szagoruyko/wide-residual-networks."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            outputs = module.kernel_size[0] * module.kernel_size[1] * module.out_channels
            module.weight.data.normal_(0, math.sqrt(2.0 / outputs))
        elif isinstance(module, nn.Linear):
            module.bias.data.zero_()
    return net


def kuangliu():
    """ResNet18 of kuangliu/pytorch-cifar, which leaves PyTorch's defaults."""
    net = cifar_stem(ZOO["resnet18"]["build"](32, CLASSES))
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.reset_parameters()
    return net


def big_vision():
    """models/vit.py of google-research/big_vision with the defaults of flax: Xavier in attention (queries, keys and values
    apart) and MLP, whose biases are N(0, 1e-6^2); LeCun normal in the patch convolution and the pre-logits; zeros in the head.
    """
    net = PlainVit(32, CLASSES, embed_dim=192, depth=1, num_heads=3)
    for module in net.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            nn.init.zeros_(module.bias)
    for block in net.blocks:
        bound = math.sqrt(6 / (192 + 192))
        nn.init.uniform_(block.attn.qkv.weight, -bound, bound)
        nn.init.xavier_uniform_(block.attn.proj.weight)
        for layer in (block.mlp.fc1, block.mlp.fc2):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.normal_(layer.bias, std=1e-6)
    lecun_normal_(net.patch_embed.proj.weight)
    lecun_normal_(net.pre_logits.fc.weight)
    nn.init.zeros_(net.head.weight)
    return net


def registered(name):
    return lambda: ZOO[name]["build"](ZOO[name]["size"], CLASSES)


def timm_d(block, **options):
    return timm.create_model(f"resnet{block}d", num_classes=CLASSES, **options)


# Family, network (of the registry or of shallow_networks.py), reference; whether the last gamma of a block starts at zero.
CASES = [
    ("cifar-resnet", "resnet20-cifar", lambda: akamaster(CifarResNet(20)), False),
    ("cifar-resnet", "cifar-b", lambda: akamaster(CifarResNet(8, "B")), False),
    ("cifar-resnet", "resnet18-cifar", kuangliu, False),
    ("wide-resnet", "wide-resnet", lambda: xternalz(SHALLOW["wide-resnet"][0]()), False),
    ("resnet", "resnet18", registered("resnet18"), False),
    ("resnet", "bottleneck", SHALLOW["bottleneck"][0], False),
    ("resnet", "bottleneck-32x4d", SHALLOW["bottleneck-32x4d"][0], False),
    ("resnet", "resnet18-d", lambda: timm_d(18, zero_init_last=False), False),
    ("resnet", "resnet18-d", lambda: timm_d(18), True),
    ("resnet", "resnet50-d", lambda: timm_d(50), True),
    ("vgg", "vgg16-bn", registered("vgg16-bn"), False),
    ("densenet", "densenet121", registered("densenet121"), False),
    ("squeezenet", "squeezenet1-1", registered("squeezenet1-1"), False),
    ("mobilenet", "mobilenet-v2", registered("mobilenet-v2"), False),
    ("mobilenet", "mobilenet-v3-small", registered("mobilenet-v3-small"), False),
    ("efficientnet", "efficientnet-b0", registered("efficientnet-b0"), False),
    ("efficientnet", "tf-efficientnet-b0", registered("tf-efficientnet-b0"), False),
    ("efficientnet", "efficientnet-lite0", registered("efficientnet-lite0"), False),
    ("efficientnet", "efficientnet-v2", SHALLOW["efficientnet-v2"][0], False),
    ("vit", "vit-tiny-patch16", registered("vit-tiny-patch16"), False),
    ("vit", "deit-tiny-patch16", registered("deit-tiny-patch16"), False),
    ("vit", "vit-torchvision", SHALLOW["vit-torchvision"][0], False),
    ("vit", "vit-big-vision", big_vision, False),
    ("convnext", "convnext-tiny", registered("convnext-tiny"), False),
]


def case(family, name, build, zero_init):
    print(name, flush=True)
    with Draws() as draws:
        net = build()
    rules, parameters = [], []
    for parameter in net.parameters():
        rule = rule_of(parameter, draws)
        if rule not in rules:
            rules.append(rule)
        parameters.append(rules.index(rule))
    return {"family": family, "name": name, "zeroInitResidual": zero_init, "rules": rules, "parameters": parameters}


def main():
    write_json("initial-values.json", [case(*entry) for entry in CASES])


if __name__ == "__main__":
    main()
