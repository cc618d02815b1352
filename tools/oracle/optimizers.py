"""Parameters over 50 steps of torch.optim.SGD on a quadratic -> values/optimizers.json.

The loss is sum(curvature * (p - target)^2) / 2, so the gradient is curvature * (p - target). The rate of step t is
lr * (1 - t / 60), which tells PyTorch's momentum (rate outside) from the form with the rate inside.
"""

import torch

from pattern import pattern
from write import digits, write_json

STEPS = 50
KEPT = [1, 2, 3, 4, 5, 10, 20, 35, 49, 50]


def draw(stream, count, scale, offset=0.0):
    return torch.from_numpy(pattern(stream, count)).double() * scale + offset


def problem():
    """Parameters by kind, as groups of an optimiser see them."""
    sizes = {"weight": 6, "normScale": 3, "normBias": 3, "bias": 2}
    return {
        kind: {
            "start": draw(40_000 + i, n, 1.0),
            "target": draw(40_010 + i, n, 2.0),
            "curvature": draw(40_020 + i, n, 0.45, 0.55),
        }
        for i, (kind, n) in enumerate(sizes.items())
    }


def rate(t):
    return 1 - t / 60


def train(name, lr, momentum=0.0, nesterov=False, decay=0.0, scope="all", norm_bias_scale=1.0, every=0, lookahead=0.95):
    """Lookahead follows LookaheadState of legacy/airbench94.py, github.com/KellerJordan/cifar10-airbench."""
    parts = problem()
    parameters = {kind: part["start"].clone().requires_grad_() for kind, part in parts.items()}
    groups = []
    for kind, parameter in parameters.items():
        factor = norm_bias_scale if kind == "normBias" else 1.0
        decayed = scope == "all" or kind == "weight"
        groups.append({"params": [parameter], "lr": lr * factor, "weight_decay": decay / factor if decayed else 0.0})
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=momentum, nesterov=nesterov)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    slow = {kind: p.detach().clone() for kind, p in parameters.items()}

    def pull(share):
        with torch.no_grad():
            for kind, p in parameters.items():
                slow[kind].lerp_(p, 1 - share)
                p.copy_(slow[kind])

    path = []
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss = sum((parts[k]["curvature"] * (p - parts[k]["target"]) ** 2).sum() / 2 for k, p in parameters.items())
        loss.backward()
        optimizer.step()
        schedule.step()
        if every and t % every == 0:
            pull(lookahead**every * (t / STEPS) ** 3)
        if every and t == STEPS:
            pull(1.0)
        if t in KEPT:
            path.append({"step": t, **{k: [digits(v) for v in p.tolist()] for k, p in parameters.items()}})
    return {
        "name": name,
        "optimizer": {
            "lr": lr,
            "momentum": momentum,
            "nesterov": nesterov,
            "weightDecay": decay,
            "weightDecayScope": scope,
            "normBiasLrScale": norm_bias_scale,
            "lookaheadEvery": every,
            "lookaheadDecay": lookahead,
        },
        "path": path,
    }


def main():
    write_json(
        "optimizers.json",
        {
            "steps": STEPS,
            "rates": [digits(rate(t)) for t in range(STEPS)],
            "problem": {
                kind: {name: [float(v) for v in values] for name, values in part.items()}
                for kind, part in problem().items()
            },
            "cases": [
                train("plain", lr=0.2),
                train("momentum", lr=0.1, momentum=0.9),
                train("nesterov momentum", lr=0.1, momentum=0.9, nesterov=True),
                train("momentum with weight decay on all", lr=0.1, momentum=0.9, decay=0.05),
                train(
                    "nesterov with weight decay on weights alone",
                    lr=0.1,
                    momentum=0.9,
                    nesterov=True,
                    decay=0.05,
                    scope="weights",
                ),
                train(
                    "norm biases at eight times the rate",
                    lr=0.02,
                    momentum=0.85,
                    nesterov=True,
                    decay=0.08,
                    norm_bias_scale=8.0,
                ),
                train("lookahead", lr=0.1, momentum=0.85, nesterov=True, decay=0.01, every=5),
                train(
                    "lookahead with norm biases at four times the rate",
                    lr=0.03,
                    momentum=0.85,
                    nesterov=True,
                    decay=0.02,
                    norm_bias_scale=4.0,
                    every=5,
                ),
            ],
        },
    )


if __name__ == "__main__":
    main()
