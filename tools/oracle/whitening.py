"""The whitening convolution of airbench94 (legacy/airbench94.py, `init_whitening_conv`) -> values/whitening.json.

Eigenvectors are defined up to their sign, so tests compare what the sign does not touch: the eigenvalues, the sum over
the filters of w w^T, and each filter after its largest entry is made positive.
"""

import torch

from pattern import pattern_images
from write import digits, write_json

PICTURES = 12
EPSILON = 5e-4


def main():
    pictures = pattern_images(PICTURES, 3, 8).double()
    # A smoothing blur gives the patches the unequal eigenvalues of real pictures.
    pictures = torch.nn.functional.avg_pool2d(pictures, 2, stride=1)
    patches = pictures.unfold(2, 2, 1).unfold(3, 2, 1)  # [n, c, y, x, h, w]
    patches = patches.permute(0, 2, 3, 1, 4, 5).reshape(-1, 12)
    covariance = patches.T @ patches / len(patches)
    eigenvalues, eigenvectors = torch.linalg.eigh(covariance)
    eigenvalues, eigenvectors = eigenvalues.flip(0), eigenvectors.T.flip(0)  # rows, largest first
    filters = eigenvectors / torch.sqrt(eigenvalues + EPSILON)[:, None]
    largest = filters.gather(1, filters.abs().argmax(1, keepdim=True))
    filters = filters * largest.sign()
    gram = filters.T @ filters
    nhwc = pictures.permute(0, 2, 3, 1)
    write_json(
        "whitening.json",
        {
            "epsilon": EPSILON,
            "pictures": {"shape": list(nhwc.shape), "values": [digits(v) for v in nhwc.flatten().tolist()]},
            "eigenvalues": [digits(v) for v in eigenvalues.tolist()],
            # OIHW, the first half of the layer's 24 filters; the other half is their negative.
            "filters": {"shape": [12, 3, 2, 2], "values": [digits(v) for v in filters.flatten().tolist()]},
            "gram": [[digits(v) for v in row] for row in gram.tolist()],
        },
    )


if __name__ == "__main__":
    main()
