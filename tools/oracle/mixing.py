"""Boxes, pictures and targets of Mixup and CutMix, order of repeated augmentation, by timm and torchvision -> values/mixing.json."""

import no_compiled_torchvision  # noqa: F401
import contextlib

import torch
from timm.data import mixup
from timm.data.distributed_sampler import RepeatAugSampler
from timm.data.mixup import Mixup, cutmix_bbox_and_lam, mixup_target
from torchvision.transforms import v2

from pattern import pattern
from replay import replay
from write import digits, write_json


class Fixed:
    """In place of the beta distribution."""

    def __init__(self, value):
        self.value = value

    def sample(self, _):
        return torch.tensor(self.value, dtype=torch.float64)


def box_cases():
    number = 3000
    for reference in ("timm", "torchvision"):
        for size in ([32, 32], [37, 53]):
            for share in (0.03, 0.31, 0.5, 0.77, 0.98):
                number += 1
                with replay(number):
                    if reference == "timm":
                        (top, bottom, left, right), corrected = cutmix_bbox_and_lam((8, 3, *size), share)
                    else:
                        mix = v2.CutMix(num_classes=4)
                        mix._dist = Fixed(share)
                        made = mix.make_params([torch.zeros(8, 3, *size)])
                        (left, top, right, bottom), corrected = made["box"], made["lam_adjusted"]
                yield {
                    "reference": reference,
                    "size": size,
                    "lambda": share,
                    "replay": number,
                    "box": [int(top), int(left), int(bottom - top), int(right - left)],
                    "corrected": float(corrected),
                }


def target_cases():
    labels, classes = [2, 0, 3, 3, 1, 2], 4
    for reference, smoothing in (("timm", 0.0), ("timm", 0.1), ("torchvision", 0.0)):
        for share in (0.3, 0.85):
            if reference == "timm":
                values = mixup_target(torch.tensor(labels), classes, share, smoothing)
            else:
                mix = v2.MixUp(num_classes=classes)
                mix._dist = Fixed(share)
                values = mix(torch.zeros(len(labels), 3, 4, 4), torch.tensor(labels))[1]
            yield {
                "reference": reference,
                "labels": labels,
                "classes": classes,
                "lambda": share,
                "smoothing": smoothing,
                "values": [digits(v) for v in values.flatten().tolist()],
            }


def picture_cases():
    """Mixed pictures [n, h, w, 3] of the pattern, flat."""
    count, size = 4, [5, 6]
    batch = torch.tensor(pattern(31, count * size[0] * size[1] * 3), dtype=torch.float32)
    batch = batch.reshape(count, *size, 3).permute(0, 3, 1, 2)
    for reference in ("timm", "torchvision"):
        for kind in ("mixup", "cutmix"):
            share = 0.7
            if reference == "timm":
                mix = Mixup(mixup_alpha=1.0, cutmix_alpha=1.0, num_classes=4)
                mix._params_per_batch = lambda kind=kind: (share, kind == "cutmix")
                mixed = batch.clone()
                with replay(4001), boxes_seen() as seen:
                    corrected = mix._mix_batch(mixed)
            else:
                made = v2.MixUp(num_classes=4) if kind == "mixup" else v2.CutMix(num_classes=4)
                made._dist = Fixed(share)
                with replay(4001):
                    params = made.make_params([batch])
                mixed = made.transform(batch, {**params, "labels": None, "batch_size": count})
                left, top, right, bottom = params.get("box", (0, 0, 0, 0))
                seen = [(top, bottom, left, right)]
                corrected = params.get("lam_adjusted", params.get("lam"))
            top, bottom, left, right = (int(v) for v in seen[-1]) if kind == "cutmix" else (0, 0, 0, 0)
            yield {
                "reference": reference,
                "kind": kind,
                "lambda": float(corrected),
                "box": [top, left, bottom - top, right - left] if kind == "cutmix" else None,
                "count": count,
                "size": size,
                "values": [digits(v) for v in mixed.permute(0, 2, 3, 1).flatten().tolist()],
            }


@contextlib.contextmanager
def boxes_seen():
    """The boxes that timm draws meanwhile."""
    seen, original = [], mixup.cutmix_bbox_and_lam

    def watched(*arguments, **keywords):
        result = original(*arguments, **keywords)
        seen.append(result[0])
        return result

    mixup.cutmix_bbox_and_lam = watched
    try:
        yield seen
    finally:
        mixup.cutmix_bbox_and_lam = original


def repeat_cases():
    for count, rank, replicas in ((20, 0, 1), (20, 1, 3), (300, 0, 1), (300, 3, 4)):
        sampler = RepeatAugSampler(range(count), num_replicas=replicas, rank=rank, shuffle=False)
        yield {"count": count, "rank": rank, "replicas": replicas, "indices": [int(i) for i in sampler]}


def main():
    cases = {
        "boxes": list(box_cases()),
        "targets": list(target_cases()),
        "pictures": list(picture_cases()),
        "repeats": list(repeat_cases()),
    }
    write_json("mixing.json", cases)


if __name__ == "__main__":
    main()
