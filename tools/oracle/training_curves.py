"""Curves of real trainings by PyTorch, sound and ailing -> values/training-curves.json.

Four classes of Gaussians in 20 dimensions; some labels are wrong. What ails a training is in its setting, never in its figures.
"""

import math

import torch

from write import write_json

CLASSES, FEATURES, BATCH = 4, 20, 50
torch.set_num_threads(1)


def pictures(count, wrong, generator):
    centres = torch.randn(CLASSES, FEATURES, generator=torch.Generator().manual_seed(5), dtype=torch.float64) * 0.55
    labels = torch.randint(CLASSES, (count,), generator=generator)
    inputs = centres[labels] + torch.randn(count, FEATURES, generator=generator, dtype=torch.float64)
    noisy = torch.rand(count, generator=generator) < wrong
    others = torch.randint(CLASSES, (count,), generator=generator)
    return inputs, torch.where(noisy, others, labels)


def network(hidden):
    torch.manual_seed(1)
    layers = [torch.nn.Linear(FEATURES, CLASSES)]
    if hidden:
        layers = [torch.nn.Linear(FEATURES, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, CLASSES)]
    return torch.nn.Sequential(*layers).double()


@torch.no_grad()
def judge(model, inputs, labels):
    logits = model(inputs)
    loss = torch.nn.functional.cross_entropy(logits, labels).item()
    return loss, (logits.argmax(1) == labels).double().mean().item()


def train(*, hidden, epochs, count, wrong, rate):
    """`rate` gives the learning rate of a step from the epoch (fractional) that it begins in.

    Of each epoch: training loss and accuracy, test loss and accuracy, the learning rate of its last step.
    """
    generator = torch.Generator().manual_seed(2)
    inputs, labels = pictures(count, wrong, generator)
    test = pictures(4000, wrong, torch.Generator().manual_seed(3))
    model = network(hidden)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    per_epoch = count // BATCH
    losses, results = [], []
    for epoch in range(epochs):
        order = torch.randperm(count, generator=generator)
        sums = [0.0, 0.0]
        for step in range(per_epoch):
            optimizer.param_groups[0]["lr"] = rate(epoch + step / per_epoch)
            batch = order[step * BATCH : (step + 1) * BATCH]
            logits = model(inputs[batch])
            loss = torch.nn.functional.cross_entropy(logits, labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(f"{loss.item():.5g}"))
            sums[0] += loss.item() / per_epoch
            sums[1] += (logits.argmax(1) == labels[batch]).double().mean().item() / per_epoch
        results.append([float(f"{value:.5g}") for value in (*sums, *judge(model, *test), rate(epoch + 1 - 1 / per_epoch))])
    return {"stepsPerEpoch": per_epoch, "losses": losses, "epochs": results}


def cosine(peak, epochs, warmup):
    return lambda e: peak * min((e + 0.05) / warmup, 1) * (1 + math.cos(math.pi * e / epochs)) / 2


CASES = {
    # Sound: decays to the end; in steps; with three warm restarts, after each of which the loss rises for a while.
    "cosine": dict(hidden=8, epochs=40, count=3000, wrong=0.05, rate=cosine(0.05, 40, 2)),
    "steps": dict(hidden=8, epochs=40, count=3000, wrong=0.05, rate=lambda e: 0.1 if e < 8 else 0.01 if e < 30 else 1e-3),
    "restarts": dict(hidden=8, epochs=40, count=3000, wrong=0.05, rate=lambda e: cosine(0.2, 10, 0.01)(e % 10)),
    # Far more weights than pictures, a quarter of them with a wrong label.
    "over-fitting": dict(hidden=256, epochs=60, count=750, wrong=0.25, rate=lambda e: 0.03),
    # A linear model at its best soon; the rate is too high to go on, until it drops after epoch 50.
    "flat": dict(hidden=0, epochs=60, count=1000, wrong=0.1, rate=lambda e: 0.1 if e < 50 else 1e-3),
    # After epoch 8 the rate rises above what momentum 0.9 bears.
    "diverging": dict(hidden=64, epochs=20, count=3000, wrong=0.05, rate=lambda e: 0.05 if e < 8 else 0.6),
}

write_json("training-curves.json", {name: train(**case) for name, case in CASES.items()})
