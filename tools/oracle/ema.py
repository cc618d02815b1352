"""Moving averages of weights and buffers by timm and torchvision -> values/ema.json.

The model is one linear layer and a buffer, set to new values before each update.
"""

import no_compiled_torchvision  # noqa: F401

import torch
from timm.utils import ModelEmaV3
from torch.optim.swa_utils import AveragedModel

from pattern import pattern
from write import digits, write_json


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        self.register_buffer("running", torch.zeros(2, dtype=torch.float64))

    def set(self, step):
        values = torch.from_numpy(pattern(60_000 + step, 5)).double()
        with torch.no_grad():
            self.weight.copy_(values[:3])
            self.running.copy_(values[3:])


def case(name, train, steps_per_epoch, epochs, update, average, warmup=0.0):
    """`update(step)` follows step 1, 2, ...; `average` is the averaged model."""
    averages = []
    for step in range(1, steps_per_epoch * epochs + 1):
        model.set(step)
        update(step)
        averages.append([digits(v) for v in [*average.weight.tolist(), *average.running.tolist()]])
    return {
        "name": name,
        "config": {"train": {"lengthUnit": "epochs", **train}, "schedule": {"warmup": warmup}},
        "stepsPerEpoch": steps_per_epoch,
        "totalSteps": steps_per_epoch * epochs,
        "averages": averages,
    }


model = Model()


def timm(name, decay, warmup, epochs=4):
    """As timm's train.py: update(model, step=num_updates) after each update, counted from 1."""
    model.set(0)
    ema = ModelEmaV3(model, decay=decay, use_warmup=warmup)
    train = {"ema": "timm", "emaDecay": decay, "emaWarmup": warmup}
    return case(name, train, 8, epochs, lambda step: ema.update(model, step=step), ema.module)


def torchvision(name, decay, every, batch, steps_per_epoch, epochs, warmup):
    """train_one_epoch and main of references/classification/train.py, with their ExponentialMovingAverage."""
    model.set(0)
    alpha = min(1.0, (1.0 - decay) * batch * every / epochs)
    keep = 1 - alpha
    ema = AveragedModel(model, avg_fn=lambda average, value, _: keep * average + (1 - keep) * value, use_buffers=True)

    def update(step):
        i, epoch = (step - 1) % steps_per_epoch, (step - 1) // steps_per_epoch
        if i % every == 0:
            ema.update_parameters(model)
            if epoch < warmup:
                ema.n_averaged.fill_(0)

    train = {"ema": "torchvision", "emaDecay": decay, "emaEvery": every, "batchSize": batch}
    return case(name, train, steps_per_epoch, epochs, update, ema.module, warmup)


def main():
    write_json(
        "ema.json",
        [
            timm("timm", 0.9, False),
            timm("timm with a warm-up", 0.85, True),
            torchvision("torchvision", 0.9995, 4, 128, 10, 6, 0),
            torchvision("torchvision with a warm-up", 0.999, 3, 64, 10, 6, 2),
            torchvision("torchvision whose decay is all used up", 0.9, 2, 256, 5, 3, 0),
        ],
    )


if __name__ == "__main__":
    main()
