"""Import before torchvision, so that it loads beside any build of torch.

Where its compiled operators do not fit, the two that it asks for at import are declared. The oracles use its Python code
on Pillow pictures only.
"""

import sys

import torch

try:
    import torchvision  # noqa: F401
except RuntimeError:
    for _name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[_name]
    _library = torch.library.Library("torchvision", "DEF")
    for _name in ("nms", "qnms"):
        _library.define(f"{_name}(Tensor x) -> Tensor")
