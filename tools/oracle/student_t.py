"""Student's t from scipy -> values/student-t.json: 0.975 quantiles for whole and fractional degrees of freedom,
and half the 95 % Welch interval of the difference of two means.
"""

import numpy as np
from scipy.stats import t, ttest_ind

from write import write_json

PROBABILITY = 0.975
OURS = [0.934, 0.9352, 0.9331, 0.9345]
PAPER = {"mean": 0.9339, "std": 0.0016, "seeds": 5}


def welch_half():
    # Any sample with the paper's mean, spread and size gives the same interval.
    shape = np.arange(PAPER["seeds"], dtype=float)
    paper = PAPER["mean"] + PAPER["std"] * (shape - shape.mean()) / shape.std(ddof=1)
    interval = ttest_ind(OURS, paper, equal_var=False).confidence_interval(0.95)
    return float(interval.high - interval.low) / 2


def main():
    degrees = [*range(1, 51), 100, 199, 499, 999, 1.0001, 1.3, 2.5, 3.75, 6.7466, 17.2, 41.99, 333.3, 1998.7]
    write_json(
        "student-t.json",
        {
            "probability": PROBABILITY,
            "degrees": degrees,
            "quantiles": [float(t.ppf(PROBABILITY, d)) for d in degrees],
            "welch": {"ours": OURS, "paper": PAPER, "half": welch_half()},
        },
    )


if __name__ == "__main__":
    main()
