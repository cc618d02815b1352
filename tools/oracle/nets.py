"""The networks of the product in PyTorch: CIFAR ResNets (He et al. 2015, section 4.2, options A and B), airbench94
(Jordan 2024) and LeNet-5 (LeCun et al. 1998). Names are those of the product.
Used by the oracle and by the benchmark.
"""

import torch
import torch.nn.functional as F
from torch import nn


class PaddedShortcut(nn.Module):
    """Option A: every second pixel, then half of the new channels as zeros on each side. No parameters."""

    def __init__(self, added):
        super().__init__()
        self.side = added // 2

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.side, self.side))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, option):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride == 1:
            self.shortcut = nn.Identity()
        elif option == "A":
            self.shortcut = PaddedShortcut(outputs - inputs)
        else:
            projection = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class CifarResNet(nn.Module):
    def __init__(self, depth, option="A"):
        super().__init__()
        self.option = option
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(blocks, 16, 16, 1)
        self.layer2 = self.stage(blocks, 16, 32, 2)
        self.layer3 = self.stage(blocks, 32, 64, 2)
        self.linear = nn.Linear(64, 10)

    def stage(self, blocks, inputs, outputs, stride):
        first = BasicBlock(inputs, outputs, stride, self.option)
        return nn.Sequential(first, *(BasicBlock(outputs, outputs, 1, self.option) for _ in range(blocks - 1)))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class ConvGroup(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.norm1 = self.norm(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = self.norm(outputs)

    @staticmethod
    def norm(channels):
        # 0.4 is the weight of the new statistics; scales stay 1.
        layer = nn.BatchNorm2d(channels, eps=1e-12, momentum=0.4)
        layer.weight.requires_grad_(False)
        return layer

    def forward(self, x):
        x = F.gelu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        return F.gelu(self.norm2(self.conv2(x)))


class Scale(nn.Module):
    def forward(self, x):
        return x / 9


def airbench94():
    whiten = nn.Conv2d(3, 24, 2)
    whiten.weight.requires_grad_(False)
    return nn.Sequential(
        whiten,
        nn.GELU(),
        ConvGroup(24, 64),
        ConvGroup(64, 256),
        ConvGroup(256, 256),
        nn.MaxPool2d(3),
        nn.Flatten(),
        nn.Linear(256, 10, bias=False),
        Scale(),
    )


# Table I of LeCun et al. 1998: the S2 maps that each C3 map sees.
C3_INPUTS = [
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
]  # fmt: skip


def squash(x):
    return 1.7159 * torch.tanh(x * (2 / 3))


class Subsample(nn.Module):
    """Mean of each 2x2 field, times a weight, plus a bias, one of each per map."""

    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        return F.avg_pool2d(x, 2) * self.weight[:, None, None] + self.bias[:, None, None]


class ConnectedConv(nn.Module):
    """C3: the 60 kernels of the table alone, one row of 25 each, ordered by output map, then input map."""

    def __init__(self):
        super().__init__()
        pairs = [(o, i) for o, inputs in enumerate(C3_INPUTS) for i in inputs]
        self.weight = nn.Parameter(torch.zeros(len(pairs), 25))
        self.bias = nn.Parameter(torch.zeros(16))
        self.pairs = tuple(torch.tensor(pairs).T)

    def forward(self, x):
        dense = self.weight.new_zeros(16, 6, 25).index_put(self.pairs, self.weight)
        return F.conv2d(x, dense.reshape(16, 6, 5, 5), self.bias)


class LeNet5(nn.Module):
    """Linear outputs in place of the radial basis functions; every layer up to F6 ends in the scaled tanh."""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsample(6)
        self.c3 = ConnectedConv()
        self.s4 = Subsample(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        x = squash(self.s2(squash(self.c1(x))))
        x = squash(self.s4(squash(self.c3(x))))
        x = squash(self.c5(x)).flatten(1)
        return self.output(squash(self.f6(x)))
