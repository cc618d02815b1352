"""The networks of zoo.py: names and counts of all, and of a choice of them logits, loss, gradients and running statistics on
one small batch -> values/networks-FAMILY.json.

Weights and pictures come from pattern.py. Everything is computed in float64 from float32 weights and pictures. Dropout and
stochastic depth are off.
"""

import hashlib

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from pattern import PROJECTION, pattern, pattern_images, pattern_parameter
from write import digits, write_json
from zoo import ZOO

CLASSES = 10

# What each case compares beside names and counts. Gradients only where float32 can reproduce them: in a deep ReLU network some
# of millions of values lie within rounding of the kink, and one that changes sides moves the gradients of all layers below it
# by 1e-3 of their norm and more: PyTorch's own float32 departs from its float64 by 3e-2 on resnet50, on this very case.
GRADIENTS = {
    "resnet": ["resnet18"],
    "plain": ["squeezenet1-1"],
    "mobile": [
        "mobilenet-v2",
        "mobilenet-v3-small",
        "efficientnet-b0",
        "tf-efficientnet-b0",
    ],
    "transformer": ["vit-tiny-patch16", "vit-small-patch16-plain", "convnext-tiny"],
}
LOGITS = {
    "resnet": [
        "resnet20-cifar-b",
        "resnet18-cifar",
        "wrn-28-10",
        "resnet34",
        "resnet50",
        "resnet50-v1",
        "resnet50-d",
        "resnext50-32x4d",
    ],
    "plain": ["vgg16-bn", "densenet121"],
    "mobile": ["mobilenet-v3-large", "efficientnet-b2", "efficientnet-lite0", "efficientnet-lite3", "efficientnet-v2-s"],
    "transformer": ["vit-b-16-torchvision"],
}
FAMILIES = {
    "resnet": ("resnet", "wrn", "resnext", "wide-resnet"),
    "plain": ("vgg", "densenet", "squeezenet"),
    "mobile": ("mobilenet", "efficientnet", "tf-efficientnet"),
    "transformer": ("vit", "deit", "convnext"),
}
SIZE, BATCH = 64, 4
# Where another size or batch is needed.
IMAGES = {
    "resnet20-cifar-b": (4, 32),
    "resnet18-cifar": (2, 32),
    "wrn-28-10": (2, 32),
    "vgg16-bn": (1, 224),
    "squeezenet1-1": (4, 67),
    "vit-b-16-torchvision": (2, 32),
}
# Parameters that keep the network's own values.
KEPT = {"vit-small-patch16-plain": ["pos_embed"]}


def counts(name):
    """Trainable parameters, and multiply-accumulates at the size of the registry."""
    zoo = ZOO[name]
    with torch.device("meta"):
        net = zoo["build"](zoo["size"], zoo["classes"]).eval()
    unfuse_attention(net)
    pictures = torch.empty(1, 3, zoo["size"], zoo["size"], device="meta")
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        net(pictures)
    return {
        "parameters": sum(p.numel() for p in net.parameters() if p.requires_grad),
        "macs": counter.get_total_flops() // 2,
        "names": names_digest(net, zoo),
    }


def unfuse_attention(net):
    for module in net.modules():
        if hasattr(module, "fused_attn"):
            module.fused_attn = False


def names_digest(net, zoo):
    """SHA-256 over a line `name [shape]` for each parameter, in order."""
    rename = zoo["names"](net)
    lines = (f"{rename(name)} [{', '.join(map(str, p.shape))}]\n" for name, p in net.named_parameters())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def summary(stream, tensor):
    """Norm, and projection on a stream, in PyTorch's layout."""
    flat = tensor.flatten()
    projection = torch.from_numpy(pattern(PROJECTION + stream, len(flat))).double()
    return [digits(float(flat.norm())), digits(float(flat @ projection))]


def rows(tensor):
    return [[digits(v) for v in row] for row in tensor.tolist()]


def set_by_formula(name, net, rename):
    for index, (key, parameter) in enumerate(net.named_parameters()):
        if rename(key) not in KEPT.get(name, []):
            parameter.data = pattern_parameter(index, rename(key), tuple(parameter.shape))


def values(name, with_gradients):
    batch, size = IMAGES.get(name, (BATCH, SIZE))
    zoo = ZOO[name]
    torch.manual_seed(0)
    net = zoo["build"](size, CLASSES)
    set_by_formula(name, net, zoo["names"](net))
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if type(module).__name__ == "StochasticDepth":
            module.p = 0.0
    net = net.double().train()
    labels = [(3 * i + 1) % CLASSES for i in range(batch)]
    images = pattern_images(batch, 3, size).double()
    logits = net(images)
    loss = F.cross_entropy(logits, torch.tensor(labels))
    if with_gradients:
        loss.backward()
    statistics = [b for key, b in net.named_buffers() if "running" in key]
    case = {
        "images": [batch, size, size, 3],
        "labels": labels,
        "kept": KEPT.get(name, []),
        "trainLogits": rows(logits),
        "loss": digits(loss.item()),
        "gradients": [summary(i, p.grad) if p.grad is not None else None for i, p in enumerate(net.parameters())]
        if with_gradients
        else None,
        # After the one training pass above, which moved them from 0 and 1.
        "runningStatistics": [summary(i, b) for i, b in enumerate(statistics)],
    }
    with torch.no_grad():
        return {**case, "evalLogits": rows(net.eval()(images))}


def network_case(family, name):
    print(name, flush=True)
    case = {"name": name, **counts(name)}
    with_gradients = name in GRADIENTS[family]
    if with_gradients or name in LOGITS[family]:
        case["values"] = values(name, with_gradients)
    return case


def main():
    for family, prefixes in FAMILIES.items():
        write_json(f"networks-{family}.json", [network_case(family, n) for n in ZOO if n.startswith(prefixes)])


if __name__ == "__main__":
    main()
