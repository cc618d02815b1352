"""Learning rates at every step from torch.optim.lr_scheduler and timm.scheduler -> values/schedules.json.

Each case holds the config in the product's own terms, so that the test builds the schedule from it.
"""

import no_compiled_torchvision  # noqa: F401

import math
import warnings

import torch
from timm.scheduler import CosineLRScheduler, PolyLRScheduler, StepLRScheduler
from torch.optim import lr_scheduler as sched

from write import write_json

warnings.filterwarnings("ignore")  # SequentialLR passes an epoch argument that PyTorch itself deprecates.


def rates(lr, build, total_steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = build(optimizer)
    values = []
    for _ in range(total_steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(values) < total_steps:
            scheduler.step()
    return values


def case(name, config, steps_per_epoch, total_steps, build, lr=None):
    """`lr` is the base rate after scaling by the batch, where the config asks for that."""
    lr = lr or config["optimizer"]["lr"]
    return {
        "name": name,
        "stepsPerEpoch": steps_per_epoch,
        "totalSteps": total_steps,
        "config": config,
        "lr": rates(lr, build, total_steps),
    }


def config(schedule, lr=0.1, unit="epochs"):
    return {"train": {"lengthUnit": unit}, "optimizer": {"lr": lr}, "schedule": schedule}


def by_epoch(name, config, steps_per_epoch, epochs, build):
    """A scheduler of PyTorch that is stepped once per epoch."""
    result = case(name, config, steps_per_epoch, epochs, build)
    lr = [value for value in result["lr"] for _ in range(steps_per_epoch)]
    return {**result, "totalSteps": epochs * steps_per_epoch, "lr": lr}


def timm(name, config, steps_per_epoch, epochs, build, lr=None, updates="epoch"):
    """A scheduler of timm, called as its train.py calls it: after each epoch, or after each update."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr or config["optimizer"]["lr"])
    scheduler = build(optimizer)
    values = []
    for step in range(epochs * steps_per_epoch):
        values.append(optimizer.param_groups[0]["lr"])
        scheduler.step_update(num_updates=step + 1)
        if (step + 1) % steps_per_epoch == 0:
            scheduler.step((step + 1) // steps_per_epoch)
    return {
        "name": name,
        "stepsPerEpoch": steps_per_epoch,
        "totalSteps": epochs * steps_per_epoch,
        "config": {**config, "schedule": {**config["schedule"], "updates": updates}},
        "lr": values,
    }


def plateau(name, config, steps_per_epoch, losses, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=config["optimizer"]["lr"])
    scheduler = sched.ReduceLROnPlateau(optimizer, **settings)
    values = []
    for loss in losses:
        values += [optimizer.param_groups[0]["lr"]] * steps_per_epoch
        scheduler.step(loss)
    return {
        "name": name,
        "stepsPerEpoch": steps_per_epoch,
        "totalSteps": len(values),
        "config": config,
        "epochLosses": losses,
        "lr": values,
    }


def big_vision(total_steps, warmup_steps):
    """create_learning_rate_schedule of big_vision/utils.py, github.com/google-research/big_vision, for cosine."""

    def factor(step):
        progress = min(max((step - warmup_steps) / (total_steps - warmup_steps), 0), 1)
        return 0.5 * (1 + math.cos(math.pi * progress)) * min(1, step / warmup_steps)

    return lambda optimizer: sched.LambdaLR(optimizer, factor)


def efficientnet(steps_per_epoch, warmup_epochs):
    """build_learning_rate of efficientnet/utils.py in github.com/tensorflow/tpu: .97 every 2.4 epochs."""

    def factor(step):
        warmup_steps = warmup_epochs * steps_per_epoch
        return step / warmup_steps if step < warmup_steps else 0.97 ** math.floor(step / (steps_per_epoch * 2.4))

    return lambda optimizer: sched.LambdaLR(optimizer, factor)


def chained(*builders):
    """Factors of several schedulers multiplied, as chaining them in PyTorch does."""
    return lambda optimizer: sched.ChainedScheduler([build(optimizer) for build in builders])


def airbench(total_steps):
    """get_lr of legacy/airbench94.py in github.com/KellerJordan/cifar10-airbench, stated anew."""
    rising = int(total_steps * 0.23)

    def factor(step):
        if step < rising:
            share = step / rising
            return 0.2 + 0.8 * share
        share = (step - rising) / (total_steps - rising)
        return 1 - 0.93 * share

    return lambda optimizer: sched.LambdaLR(optimizer, factor)


TIMM_WARMUP = {"warmupStart": 1e-6, "warmupStartIn": "rate", "warmupInside": True}


def warm(steps):
    """Linear from 0, which LinearLR cannot start from."""
    return lambda o: sched.LambdaLR(o, lambda t: min(1, t / steps))


def linear(start, steps):
    return lambda o: sched.LinearLR(o, start_factor=start, total_iters=steps)


def main():
    cases = [
        case("constant", config({"name": "constant"}), 10, 20, lambda o: sched.ConstantLR(o, 1.0)),
        case(
            "constant after a linear warm-up",
            config({"name": "constant", "warmup": 2, "warmupStart": 0.01}),
            10,
            50,
            linear(0.01, 20),
        ),
        case(
            "step, counted in epochs",
            config({"name": "step", "stepSize": 3, "gamma": 0.5}),
            7,
            100,
            lambda o: sched.StepLR(o, step_size=21, gamma=0.5),
        ),
        case(
            "multi-step, counted in steps",
            config({"name": "multi-step", "milestones": [32, 48], "gamma": 0.1}, unit="steps"),
            9,
            64,
            lambda o: sched.MultiStepLR(o, [32, 48], gamma=0.1),
        ),
        case(
            "multi-step after a constant warm-up",
            config(
                {
                    "name": "multi-step",
                    "milestones": [32, 48],
                    "warmup": 10,
                    "warmupStart": 0.1,
                    "warmupConstant": True,
                },
                unit="steps",
            ),
            9,
            64,
            chained(
                lambda o: sched.ConstantLR(o, factor=0.1, total_iters=10),
                lambda o: sched.MultiStepLR(o, [32, 48], gamma=0.1),
            ),
        ),
        case(
            "multi-step with a milestone inside a linear warm-up",
            config({"name": "multi-step", "milestones": [1, 3], "gamma": 0.2, "warmup": 2, "warmupStart": 0.25}),
            8,
            40,
            chained(linear(0.25, 16), lambda o: sched.MultiStepLR(o, [8, 24], gamma=0.2)),
        ),
        case(
            "cosine to a final rate",
            config({"name": "cosine", "finalLr": 0.001}),
            10,
            120,
            lambda o: sched.CosineAnnealingLR(o, T_max=120, eta_min=0.001),
        ),
        case(
            "cosine after a linear warm-up",
            config({"name": "cosine", "warmup": 1.5, "warmupStart": 0.01}, lr=0.5),
            10,
            120,
            lambda o: sched.SequentialLR(
                o, [linear(0.01, 15)(o), sched.CosineAnnealingLR(o, T_max=105)], milestones=[15]
            ),
        ),
        case(
            "one-cycle with cosine annealing",
            config({"name": "one-cycle", "start": 0.04, "peak": 0.3, "end": 0.04 / 1e4, "anneal": "cos"}, lr=0.2),
            10,
            100,
            lambda o: sched.OneCycleLR(o, max_lr=0.2, total_steps=100, cycle_momentum=False),
        ),
        case(
            "one-cycle with straight lines and a fractional peak",
            config({"name": "one-cycle", "start": 0.1, "peak": 0.23, "end": 0.05, "anneal": "linear"}, lr=0.2),
            10,
            97,
            lambda o: sched.OneCycleLR(
                o,
                max_lr=0.2,
                total_steps=97,
                pct_start=0.23,
                anneal_strategy="linear",
                div_factor=10,
                final_div_factor=2,
                cycle_momentum=False,
            ),
        ),
        case(
            "triangular of airbench94",
            config({"name": "triangular", "start": 0.2, "peak": 0.23, "end": 0.07}, lr=1.5),
            48,
            476,
            airbench(476),
        ),
        by_epoch(
            "cosine by epoch after the warm-up of torchvision",
            config({"name": "cosine", "warmup": 5, "warmupStart": 0.01, "updates": "epoch"}, lr=0.5),
            4,
            30,
            lambda o: sched.SequentialLR(o, [linear(0.01, 5)(o), sched.CosineAnnealingLR(o, T_max=25)], milestones=[5]),
        ),
        timm(
            "cosine by epoch over the warm-up of timm, with a cooldown",
            config({**TIMM_WARMUP, "name": "cosine", "finalLr": 1e-5, "warmup": 5, "cooldown": 4}, lr=5e-4),
            3,
            34,
            lambda o: CosineLRScheduler(o, t_initial=30, lr_min=1e-5, warmup_t=5, warmup_lr_init=1e-6),
        ),
        timm(
            "cosine by step over the warm-up of timm, rate scaled by the batch",
            {
                "train": {"lengthUnit": "epochs", "batchSize": 512, "accumulate": 2},
                "optimizer": {"lr": 5e-4, "lrScaling": "linear", "lrBaseBatch": 512},
                "schedule": {**TIMM_WARMUP, "name": "cosine", "warmup": 2},
            },
            5,
            12,
            lambda o: CosineLRScheduler(o, t_initial=60, warmup_t=10, warmup_lr_init=1e-6, t_in_epochs=False),
            lr=1e-3,
            updates="step",
        ),
        timm(
            "polynomial of timm",
            config({**TIMM_WARMUP, "name": "poly", "power": 0.5, "finalLr": 1e-4, "warmup": 3, "cooldown": 2}),
            3,
            22,
            lambda o: PolyLRScheduler(o, t_initial=20, power=0.5, lr_min=1e-4, warmup_t=3, warmup_lr_init=1e-6),
        ),
        case(
            "polynomial of PyTorch, rate scaled by the root of the batch",
            {
                "train": {"lengthUnit": "steps", "batchSize": 1024},
                "optimizer": {"lr": 0.1, "lrScaling": "sqrt", "lrBaseBatch": 256},
                "schedule": {"name": "poly", "power": 2},
            },
            9,
            40,
            lambda o: sched.PolynomialLR(o, total_iters=40, power=2),
            lr=0.2,
        ),
        case(
            "cosine of big_vision",
            config({"name": "cosine", "warmup": 20}, lr=1e-3, unit="steps"),
            7,
            90,
            big_vision(90, 20),
        ),
        case(
            "exponential staircase of EfficientNet",
            config(
                {"name": "exponential", "stepSize": 2.4, "gamma": 0.97, "warmup": 5, "warmupInside": True}, lr=0.128
            ),
            7,
            175,
            efficientnet(7, 5),
        ),
        timm(
            "exponential staircase of timm",
            config({**TIMM_WARMUP, "name": "exponential", "stepSize": 2.4, "gamma": 0.97, "warmup": 3}, lr=0.048),
            3,
            40,
            lambda o: StepLRScheduler(
                o, decay_t=2.4, decay_rate=0.97, warmup_t=3, warmup_lr_init=1e-6, warmup_prefix=False
            ),
        ),
        case(
            "smooth exponential after a warm-up",
            config({"name": "exponential", "stepSize": 1, "gamma": 0.9, "staircase": False, "warmup": 8}, unit="steps"),
            10,
            50,
            lambda o: sched.SequentialLR(o, [warm(8)(o), sched.ExponentialLR(o, gamma=0.9)], milestones=[8]),
        ),
        plateau(
            "plateau",
            config({"name": "plateau", "gamma": 0.1, "patience": 2, "finalLr": 0.0005}),
            2,
            [2.0, 1.5, 1.5, 1.49999, 1.6, 1.4, 1.41, 1.42, 1.43, 1.44, 1.45, 1.46, *[1.0] * 7, 0.5],
            mode="min",
            factor=0.1,
            patience=2,
            min_lr=0.0005,
        ),
    ]
    write_json("schedules.json", cases)


if __name__ == "__main__":
    main()
