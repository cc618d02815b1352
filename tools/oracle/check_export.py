"""Loads a checkpoint of the product into the PyTorch module of the same name with strict=True.

    python check_export.py resnet20-cifar runs/<id>/checkpoints/seed-1-best.safetensors
"""

import sys

from safetensors.torch import load_file

from nets import CifarResNet, LeNet5, airbench94

MODULES = {
    "resnet20-cifar": lambda: CifarResNet(20),
    "resnet32-cifar": lambda: CifarResNet(32),
    "resnet44-cifar": lambda: CifarResNet(44),
    "resnet56-cifar": lambda: CifarResNet(56),
    "resnet110-cifar": lambda: CifarResNet(110),
    "airbench94": airbench94,
    "lenet5": LeNet5,
}


def main(name, path):
    module = MODULES[name]()
    # PyTorch's own count of batches, which no forward pass uses, is the only thing that the product does not write.
    counters = {key: value for key, value in module.state_dict().items() if key.endswith("num_batches_tracked")}
    state = {key: value for key, value in load_file(path).items() if not key.startswith(("optimizer.", "raw."))}
    module.load_state_dict({**counters, **state}, strict=True)
    print(f"{path}: {len(state)} tensors, all used; {len(counters)} counters left as they were")


if __name__ == "__main__":
    main(*sys.argv[1:])
