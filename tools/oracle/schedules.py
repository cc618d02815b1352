"""Learning rates at every step from torch.optim.lr_scheduler -> values/schedules.json.

Each case holds the config in the product's own terms, so that the test builds the schedule from it.
"""

import warnings

import torch
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


def case(name, config, steps_per_epoch, total_steps, build):
    lr = config["optimizer"]["lr"]
    return {
        "name": name,
        "stepsPerEpoch": steps_per_epoch,
        "totalSteps": total_steps,
        "config": config,
        "lr": rates(lr, build, total_steps),
    }


def config(schedule, lr=0.1, unit="epochs"):
    return {"train": {"lengthUnit": unit}, "optimizer": {"lr": lr}, "schedule": schedule}


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
    ]
    write_json("schedules.json", cases)


if __name__ == "__main__":
    main()
