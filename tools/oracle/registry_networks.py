"""The networks of zoo.py: names and counts of all, and values on one small batch: logits, loss, gradients and running
statistics of a training pass, or, of large ones, logits alone -> values/networks-FAMILY.json.

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
        *(f"resnet{d}-cifar" for d in (32, 44, 56, 110)),
        *(f"resnet{d}-cifar-b" for d in (20, 56, 110)),
        "resnet18-cifar",
        "wrn-28-10",
        "resnet34",
        "resnet50",
        "resnet50-v1",
        "resnet18-d",
        "resnet50-d",
        "resnext50-32x4d",
    ],
    "plain": ["vgg16-bn", "densenet121"],
    "mobile": [
        "mobilenet-v3-large",
        "efficientnet-b1",
        "efficientnet-b2",
        "efficientnet-b5",
        "efficientnet-lite0",
        "efficientnet-lite3",
        "efficientnet-v2-s",
    ],
    "transformer": ["vit-b-16-torchvision", "vit-small-patch16", "deit-tiny-patch16", "deit-small-patch16"],
}
# Logits with running statistics of 0 and 1. Batch statistics of so many layers amplify the rounding of float32 beyond the
# tolerance (resnet152: 1e-3 between PyTorch's own float32 and float64), or the network is large.
INFERENCE = {
    "resnet": [
        *("resnet34-d", "resnet50-c", "resnet50-s", "resnet50-t", "resnet101-d"),
        *("resnet101", "resnet152", "resnet101-v1", "resnet152-v1", "wide-resnet50-2"),
    ],
    "plain": [],
    "mobile": [
        *(f"efficientnet-b{i}" for i in (3, 4, 6, 7)),
        *(f"tf-efficientnet-b{i}" for i in range(1, 8)),
        *(f"efficientnet-lite{i}" for i in (1, 2, 4)),
    ],
    "transformer": ["vit-base-patch16", "deit-base-patch16", "convnext-small", "convnext-base"],
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
    **{name: (2, 32) for name in ZOO if name.endswith(("cifar", "cifar-b")) and name != "resnet20-cifar-b"},
    "wrn-28-10": (2, 32),
    "vgg16-bn": (1, 224),
    "squeezenet1-1": (4, 67),
    **{name: (2, 32) for name in ("vit-b-16-torchvision", "vit-small-patch16", "deit-tiny-patch16", "deit-small-patch16")},
}
INFERENCE_BATCH = 2
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


def set_by_formula(net, rename, kept=()):
    """Parameters by pattern.py but for those in `kept`, random layers off, in float64."""
    for index, (key, parameter) in enumerate(net.named_parameters()):
        if rename(key) not in kept:
            parameter.data = pattern_parameter(index, rename(key), tuple(parameter.shape))
    for module in net.modules():
        if isinstance(module, nn.Dropout) or type(module).__name__ == "StochasticDepth":
            module.p = 0.0
    return net.double()


def labels_of(batch):
    return [(3 * i + 1) % CLASSES for i in range(batch)]


def values(net, batch, size, with_gradients, kept=(), seed=0):
    net.train()
    labels = labels_of(batch)
    images = pattern_images(batch, 3, size, seed).double()
    logits = net(images)
    loss = F.cross_entropy(logits, torch.tensor(labels))
    if with_gradients:
        loss.backward()
    statistics = [b for key, b in net.named_buffers() if "running" in key]
    case = {
        "images": [batch, size, size, 3],
        "labels": labels,
        "kept": list(kept),
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


def network(name, size):
    torch.manual_seed(0)
    net = ZOO[name]["build"](size, CLASSES)
    return set_by_formula(net, ZOO[name]["names"](net), KEPT.get(name, []))


def inference(name):
    images = pattern_images(INFERENCE_BATCH, 3, SIZE).double()
    with torch.no_grad():
        logits = network(name, SIZE).eval()(images)
    return {"images": [INFERENCE_BATCH, SIZE, SIZE, 3], "logits": rows(logits)}


def network_case(family, name):
    print(name, flush=True)
    case = {"name": name, **counts(name)}
    with_gradients = name in GRADIENTS[family]
    if with_gradients or name in LOGITS[family]:
        batch, size = IMAGES.get(name, (BATCH, SIZE))
        case["values"] = values(network(name, size), batch, size, with_gradients, KEPT.get(name, []))
    if name in INFERENCE[family]:
        case["inference"] = inference(name)
    return case


def main():
    for family, prefixes in FAMILIES.items():
        write_json(f"networks-{family}.json", [network_case(family, n) for n in ZOO if n.startswith(prefixes)])


if __name__ == "__main__":
    main()
