"""Parameters over 50 steps of the optimizers of PyTorch and timm on a quadratic -> values/optimizers.json.

The loss is sum(curvature * (p - target)^2) / 2, so the gradient is curvature * (p - target). The rate of step t is
lr * (1 - t / 60), which tells PyTorch's momentum (rate outside) from the form with the rate inside. The weight is a linear
layer of two inputs and three outputs; the product holds it as [in, out], which is the order of its values here.
"""

import no_compiled_torchvision  # noqa: F401

import torch
from timm.optim import Lamb, Lars, Lion, RMSpropTF

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


BETAS = {"beta1": 0.9, "beta2": 0.99, "epsilon": 1e-6}

DECAYS = {
    "all": lambda kind: True,
    "no-norm": lambda kind: not kind.startswith("norm"),
    "weights": lambda kind: kind == "weight",
    "kernels": lambda kind: kind == "weight",
}


def leaf(kind, values):
    """A parameter in PyTorch's layout."""
    values = values.reshape(2, 3).t() if kind == "weight" else values
    return values.clone(memory_format=torch.contiguous_format).requires_grad_()


def flat(kind, parameter):
    """Values in the product's order."""
    return (parameter.t() if kind == "weight" else parameter).reshape(-1)


def loss_of(parameters, parts):
    return sum(
        (parts[k]["curvature"] * (flat(k, p) - parts[k]["target"]) ** 2).sum() / 2 for k, p in parameters.items()
    )


def point(step, parameters):
    return {"step": step, **{k: [digits(v) for v in flat(k, p).tolist()] for k, p in parameters.items()}}


def train(name, lr, momentum=0.0, nesterov=False, decay=0.0, scope="all", norm_bias_scale=1.0, every=0, lookahead=0.95):
    """Lookahead follows LookaheadState of legacy/airbench94.py, github.com/KellerJordan/cifar10-airbench."""
    parts = problem()
    parameters = {kind: leaf(kind, part["start"]) for kind, part in parts.items()}
    groups = []
    for kind, parameter in parameters.items():
        factor = norm_bias_scale if kind == "normBias" else 1.0
        decayed = DECAYS[scope](kind)
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
        loss_of(parameters, parts).backward()
        optimizer.step()
        schedule.step()
        if every and t % every == 0:
            pull(lookahead**every * (t / STEPS) ** 3)
        if every and t == STEPS:
            pull(1.0)
        if t in KEPT:
            path.append(point(t, parameters))
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


def follow(name, config, build, scope="all"):
    """The path of the optimizers that `build` makes of parameter groups. `config` is in the product's terms."""
    parts = problem()
    parameters = {kind: leaf(kind, part["start"]) for kind, part in parts.items()}
    decay = config.get("weightDecay", 0.0)
    groups = {
        kind: {"params": [p], "weight_decay": decay if DECAYS[scope](kind) else 0.0} for kind, p in parameters.items()
    }
    optimizers = build(groups)
    schedules = [torch.optim.lr_scheduler.LambdaLR(optimizer, rate) for optimizer in optimizers]
    path = []
    for t in range(1, STEPS + 1):
        for parameter in parameters.values():
            parameter.grad = None
        loss_of(parameters, parts).backward()
        for optimizer, schedule in zip(optimizers, schedules):
            optimizer.step()
            schedule.step()
        if t in KEPT:
            path.append(point(t, parameters))
    return {"name": name, "optimizer": {**config, "weightDecayScope": scope}, "path": path}


def one(optimizer, **settings):
    return lambda groups: [optimizer(list(groups.values()), **settings)]


def muon(lr, other_lr, momentum, nesterov, adjust, betas, eps):
    """torch.optim.Muon on the matrix, AdamW on the rest."""

    def build(groups):
        matrix = torch.optim.Muon(
            [groups["weight"]], lr=lr, momentum=momentum, nesterov=nesterov, adjust_lr_fn=adjust
        )
        rest = [group for kind, group in groups.items() if kind != "weight"]
        return [matrix, torch.optim.AdamW(rest, lr=other_lr, betas=betas, eps=eps)]

    return build


def exact_muon(name, config, build):
    """Muon rounds its matrix to bfloat16 for speed; without that the path is the definition's."""
    rounded = torch.Tensor.bfloat16
    torch.Tensor.bfloat16 = torch.Tensor.clone
    try:
        return follow(name, config, build)
    finally:
        torch.Tensor.bfloat16 = rounded


def adaptive_cases():
    adam = {"lr": 0.05, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-6}
    settings = {"lr": 0.05, "betas": (0.9, 0.99), "eps": 1e-6}
    defaults = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    rms = {"lr": 0.02, "alpha": 0.9, "epsilon": 1e-3}
    rms_settings = {"lr": 0.02, "alpha": 0.9, "eps": 1e-3}
    sized = {"lr": 0.02, "momentum": 0.9, "nesterov": True, "muonRate": "original", "otherLrScale": 0.5, **BETAS}
    return [
        follow("adam", {"name": "adam", **defaults}, one(torch.optim.Adam, lr=0.01)),
        follow(
            "adam with decay in the gradient, norms left out",
            {"name": "adam", **adam, "weightDecay": 0.05},
            one(torch.optim.Adam, **settings),
            "no-norm",
        ),
        follow("adamw", {"name": "adamw", **adam, "weightDecay": 0.1}, one(torch.optim.AdamW, **settings)),
        follow(
            "adamw with decay on kernels alone",
            {"name": "adamw", **adam, "weightDecay": 0.3},
            one(torch.optim.AdamW, **settings),
            "kernels",
        ),
        follow(
            "rmsprop of PyTorch",
            {"name": "rmsprop", **rms, "momentum": 0.0, "weightDecay": 0.05},
            one(torch.optim.RMSprop, **rms_settings),
        ),
        follow(
            "rmsprop of PyTorch with momentum",
            {"name": "rmsprop", **rms, "momentum": 0.9},
            one(torch.optim.RMSprop, **rms_settings, momentum=0.9),
        ),
        follow(
            "rmsprop of TensorFlow",
            {"name": "rmsprop-tf", **rms, "momentum": 0.0},
            one(RMSpropTF, **rms_settings),
        ),
        follow(
            "rmsprop of TensorFlow with momentum",
            {"name": "rmsprop-tf", **rms, "momentum": 0.9, "weightDecay": 0.05},
            one(RMSpropTF, **rms_settings, momentum=0.9),
        ),
        follow(
            "lamb with decay on weights",
            {"name": "lamb", **adam, "weightDecay": 0.1},
            one(Lamb, **settings, foreach=False),
            "weights",
        ),
        follow(
            "lamb with decay on all",
            {"name": "lamb", **adam, "weightDecay": 0.02},
            one(Lamb, **settings, foreach=False),
        ),
        follow(
            "lars",
            {
                "name": "lars",
                "lr": 2.0,
                "momentum": 0.9,
                "weightDecay": 0.05,
                "trustCoefficient": 0.02,
                "epsilon": 1e-8,
            },
            one(Lars, lr=2.0, momentum=0.9, trust_coeff=0.02, foreach=False),
        ),
        follow(
            "lars with nesterov, decay on weights",
            {
                "name": "lars",
                "lr": 0.1,
                "momentum": 0.9,
                "nesterov": True,
                "weightDecay": 0.05,
                "trustCoefficient": 0.1,
                "epsilon": 1e-8,
            },
            one(Lars, lr=0.1, momentum=0.9, nesterov=True, trust_coeff=0.1, foreach=False),
            "weights",
        ),
        follow(
            "lion",
            {"name": "lion", "lr": 0.005, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.1},
            one(Lion, lr=0.005, betas=(0.9, 0.99), foreach=False),
        ),
        exact_muon(
            "muon",
            {"name": "muon", **sized, "weightDecay": 0.1},
            muon(0.02, 0.01, 0.9, True, "original", (0.9, 0.99), 1e-6),
        ),
        exact_muon(
            "muon without nesterov, steps as large as AdamW's",
            {"name": "muon", **sized, "nesterov": False, "muonRate": "match-rms-adamw"},
            muon(0.02, 0.01, 0.9, False, "match_rms_adamw", (0.9, 0.99), 1e-6),
        ),
    ]


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
                *adaptive_cases(),
            ],
        },
    )


if __name__ == "__main__":
    main()
