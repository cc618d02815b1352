"""scikit-learn -> values/splits.json: how many pictures of each class StratifiedKFold puts into each fold, and how many KFold into each fold."""

import warnings

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold

from write import write_json

CASES = [
    {"classes": [50, 50], "folds": 5},
    {"classes": [7, 2, 1, 12, 30], "folds": 3},
    {"classes": [13, 29, 5, 5, 101, 8, 3], "folds": 10},
    {"classes": [3, 3, 3], "folds": 2},
]


def counts(splitter, labels: np.ndarray, classes: int) -> list[list[int]]:
    folds = splitter.split(np.zeros(len(labels)), labels)
    return [np.bincount(labels[test], minlength=classes).tolist() for _, test in folds]


def main() -> None:
    # A class smaller than the number of folds is meant.
    warnings.filterwarnings("ignore", message="The least populated class")
    cases = []
    for case in CASES:
        labels = np.concatenate([np.full(size, label) for label, size in enumerate(case["classes"])])
        classes = len(case["classes"])
        stratified = StratifiedKFold(case["folds"], shuffle=True, random_state=1)
        plain = KFold(case["folds"], shuffle=True, random_state=1)
        cases.append(
            {
                **case,
                "stratified": counts(stratified, labels, classes),
                "plain": [sum(fold) for fold in counts(plain, labels, classes)],
            }
        )
    write_json("splits.json", {"cases": cases})


if __name__ == "__main__":
    main()
