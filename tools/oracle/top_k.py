"""Top-1, top-5 and mean cross entropy of random logits, from torch -> values/top-k.json."""

import torch

from write import write_json

CLASSES = 10


def main():
    generator = torch.Generator().manual_seed(7)
    # Rounded to float32 values with few decimals, so that the file holds them exactly.
    logits = (torch.randn(64, CLASSES, generator=generator) * 256).round() / 64
    labels = torch.randint(0, CLASSES, (64,), generator=generator)
    ranked = logits.topk(5, dim=1).indices
    hits = ranked == labels[:, None]
    write_json(
        "top-k.json",
        {
            "classes": CLASSES,
            "logits": logits.flatten().tolist(),
            "labels": labels.tolist(),
            "top1": int(hits[:, :1].sum()),
            "top5": int(hits.sum()),
            "loss": float(torch.nn.functional.cross_entropy(logits.double(), labels)),
        },
    )


if __name__ == "__main__":
    main()
