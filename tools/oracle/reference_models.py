"""The model definitions of torchvision and timm (which imports torchvision). torchvision's wheel is built for CUDA: beside a
CPU build of PyTorch its compiled operators do not load, and only its Python code works. The models need no more.
"""

import torch

_register_fake = torch.library.register_fake


def _register_if_present(name, *arguments, **options):
    try:
        torch._C._dispatch_has_kernel_for_dispatch_key(name, "CPU")
    except RuntimeError:
        return lambda function: function
    return _register_fake(name, *arguments, **options)


torch.library.register_fake = _register_if_present
import timm  # noqa: E402
from timm.models.vision_transformer import VisionTransformer  # noqa: E402
from torchvision import models  # noqa: E402

torch.library.register_fake = _register_fake

__all__ = ["VisionTransformer", "models", "timm"]
