"""Small weight files in the containers of torch.save, and what they hold -> values/weights/.

Weights come from pattern.py. weights.json lists name, type, shape and sha256 of the row-major bytes of every tensor.
"""

import hashlib
import io
import os
from collections import OrderedDict
from unittest import mock

import numpy as np
import torch

from pattern import pattern
from write import VALUES, write_json

FOLDER = VALUES / "weights"
TYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def values(stream, *shape):
    return torch.from_numpy(pattern(stream, int(np.prod(shape)))).reshape(shape)


def small_network():
    """A convolution, batch normalisation and a linear layer, by PyTorch's names."""
    net = torch.nn.Sequential(
        OrderedDict(
            conv=torch.nn.Conv2d(2, 3, (2, 4)),
            bn=torch.nn.BatchNorm2d(3),
            fc=torch.nn.Linear(3, 5),
        )
    )
    for p, parameter in enumerate(net.parameters()):
        parameter.data = values(p, *parameter.shape)
    net.bn.running_mean = values(10, 3)
    net.bn.running_var = 1 + values(11, 3).abs()
    return net


def strided():
    """Tensors whose bytes lie in any order but row-major: transposed, shared, offset, channels last, repeated, empty."""
    shared = values(20, 24)
    return OrderedDict(
        transposed=values(21, 3, 5).T,
        row=shared.reshape(4, 6)[2],
        column=shared.reshape(4, 6)[:, 3],
        every_second=shared[1::2],
        channels_last=values(22, 2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        repeated=values(23, 1, 3).expand(4, 3),
        scalar=values(24, 1)[0],
        empty=torch.zeros(0, 4),
        parameter=torch.nn.Parameter(values(25, 2, 2)),
    )


def every_type():
    floats = values(30, 6) * 100
    return OrderedDict((name.lower(), floats.to(dtype)) for dtype, name in TYPES.items())


def training_state():
    """What a training program saves: weights of a wrapped network, beside the state of its optimizer."""
    net = small_network()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    optimizer.step()
    net.load_state_dict(before)
    return {
        "epoch": 7,
        "arch": "small",
        "best": np.float64(0.5),
        "state_dict": OrderedDict((f"module.{name}", tensor) for name, tensor in net.state_dict().items()),
        "optimizer": optimizer.state_dict(),
    }


def torch_bytes(value, legacy=False):
    buffer = io.BytesIO()
    # The old container names storages by their addresses, and sorts by them: numbers make each run write the same bytes.
    numbers = {}
    number = property(lambda storage: numbers.setdefault(storage.data_ptr(), 1000 + len(numbers)))
    with mock.patch.object(torch.UntypedStorage, "_cdata", number):
        torch.save(value, buffer, _use_new_zipfile_serialization=not legacy)
    return buffer.getvalue()


def described(tensors):
    return [
        {
            "name": name,
            "dtype": TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "sha256": hashlib.sha256(tensor_bytes(tensor)).hexdigest(),
        }
        for name, tensor in tensors.items()
    ]


def tensor_bytes(tensor):
    flat = tensor.detach().contiguous().reshape(-1)
    return (flat.view(torch.uint8) if flat.numel() else flat).numpy().tobytes()


class Callable:
    """A value that makes an unpickler call os.system."""

    def __reduce__(self):
        return os.system, ("touch called",)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    network = small_network().state_dict()
    state = training_state()
    unwrapped = OrderedDict((name.removeprefix("module."), t) for name, t in state["state_dict"].items())
    cases = {
        "network": (network, network),
        "strided": (strided(), strided()),
        "every-type": (every_type(), every_type()),
        "training-state": (state, unwrapped),
    }
    listed = []
    for name, (saved, tensors) in cases.items():
        for container in ("zip", "legacy"):
            file = f"{name}-{container}.pth"
            (FOLDER / file).write_bytes(torch_bytes(saved, legacy=container == "legacy"))
            listed.append({"file": file, "tensors": described(tensors)})
    refused = {"whole-module": small_network(), "call": OrderedDict(weight=values(50, 2), extra=Callable())}
    for name, value in refused.items():
        (FOLDER / f"{name}.pth").write_bytes(torch_bytes(value))
    write_json("weights/weights.json", listed)


if __name__ == "__main__":
    main()
