"""Losses of PyTorch and timm with the gradient of the logits -> values/losses.json."""

import no_compiled_torchvision  # noqa: F401

import torch
import torch.nn.functional as F
from timm.loss import BinaryCrossEntropy, JsdCrossEntropy, SoftTargetCrossEntropy

from pattern import pattern
from write import digits, write_json

CLASSES = 7


def draw(stream, rows, scale):
    values = torch.from_numpy(pattern(stream, rows * CLASSES)).double().reshape(rows, CLASSES)
    return values * scale


def rows(values):
    return [[digits(v) for v in row] for row in values.tolist()]


def soft_targets(rows):
    return draw(50_001, rows, 2.0).softmax(1)


def measured(name, logits, loss, **more):
    """`loss` maps logits to a scalar."""
    logits = logits.requires_grad_()
    value = loss(logits)
    value.backward()
    return {
        "name": name,
        **more,
        "logits": rows(logits.detach()),
        "loss": digits(value.item()),
        "logitsGradient": rows(logits.grad),
    }


def training_cases():
    """Losses of the run config on dense targets."""
    logits = lambda: draw(50_000, 5, 6.0)  # noqa: E731
    soft = soft_targets(5)
    labels = torch.tensor([3, 0, 6, 5, 5])
    smoothed = F.one_hot(labels, CLASSES).double() * 0.9 + 0.1 / CLASSES
    given = lambda targets: {"targets": rows(targets)}  # noqa: E731

    def bce(name, targets, threshold, total):
        loss = BinaryCrossEntropy(target_threshold=threshold, sum_classes=total)
        config = {"loss": "bce", "bceThreshold": threshold or 0, "bceSum": total}
        return measured(name, logits(), lambda x: loss(x, targets), config=config, **given(targets))

    def labelled():
        loss = BinaryCrossEntropy(smoothing=0.1)
        return measured(
            "bce on smoothed labels", logits(), lambda x: loss(x, labels), config={"loss": "bce"}, **given(smoothed)
        )

    return [
        measured(
            "soft targets",
            logits(),
            lambda x: SoftTargetCrossEntropy()(x, soft),
            config={"loss": "cross-entropy"},
            **given(soft),
        ),
        labelled(),
        bce("bce on soft targets", soft, None, False),
        bce("bce with a threshold", soft, 0.2, False),
        bce("bce summed over classes, with a threshold", soft, 0.2, True),
    ]


def jsd(smoothing, alpha):
    labels = torch.tensor([3, 0, 6])
    loss = JsdCrossEntropy(num_splits=3, alpha=alpha, smoothing=smoothing)
    return measured(
        f"smoothing {smoothing}, alpha {alpha}",
        draw(50_002, 9, 3.0),
        lambda x: loss(x, labels.repeat(3)),
        labels=labels.tolist(),
        splits=3,
        alpha=alpha,
        smoothing=smoothing,
    )


def distillation(kind, temperature):
    """Soft: logit_distillation of timm/task/distillation.py. Hard: DistillationLoss of DeiT's losses.py."""
    teacher = draw(50_004, 5, 5.0)

    def loss(x):
        if kind == "hard":
            return F.cross_entropy(x, teacher.argmax(1))
        student = F.log_softmax(x / temperature, dim=-1)
        target = F.log_softmax(teacher / temperature, dim=-1)
        return F.kl_div(student, target, reduction="batchmean", log_target=True) * temperature**2

    name = f"{kind}, temperature {temperature}"
    return measured(name, draw(50_003, 5, 4.0), loss, kind=kind, temperature=temperature, teacher=rows(teacher))


def main():
    write_json(
        "losses.json",
        {
            "training": training_cases(),
            "jsd": [jsd(0.0, 12), jsd(0.1, 5)],
            "distillation": [distillation("soft", 1.0), distillation("soft", 4.0), distillation("hard", 1.0)],
        },
    )


if __name__ == "__main__":
    main()
