"""Position embeddings at another resolution, small vision transformers on pictures of several sizes, one at a time, and ViT-Ti/16
on a file at another size than its weights, by timm, torchvision and scipy -> values/vit-resolutions.json.

Weights come from pattern.py for a net of RESOLUTION; picture k takes stream IMAGES + k. Everything but the resizing, which
PyTorch does in float32, is computed in float64 from float32 weights and pictures.
"""

from pathlib import Path

import no_compiled_torchvision  # noqa: F401
import numpy as np
import scipy.ndimage
import timm
import torch
import torch.nn.functional as F
from PIL import Image
from timm.layers import resample_abs_pos_embed
from timm.models.vision_transformer import VisionTransformer
from torch.func import functional_call
from torchvision import models, transforms
from torchvision.transforms import InterpolationMode

from networks import gradient_summary, rows
from pattern import IMAGES, pattern, pattern_parameter
from write import digits, write_json
from zoo import PlainVit

CLASSES, RESOLUTION, PATCH = 10, 16, 4
GRID = RESOLUTION // PATCH
WIDTH, DEPTH, HEADS = 32, 2, 4
TIMM = {"patch_size": PATCH, "embed_dim": WIDTH, "depth": DEPTH, "num_heads": HEADS}

# Rows and columns of patches. torchvision takes square pictures only.
PICTURES = [(6, 6), (3, 5), (4, 4), (6, 2)]
SQUARES = [(6, 6), (3, 3), (4, 4), (5, 5)]


def timm_resize(positions, old, new, prefix):
    return resample_abs_pos_embed(positions, list(new), list(old), num_prefix_tokens=prefix)


def torchvision_resize(positions, old, new, prefix):
    assert prefix == 1 and old[0] == old[1] and new[0] == new[1]
    name = "encoder.pos_embedding"
    return models.vision_transformer.interpolate_embeddings(new[0], 1, {name: positions})[name]


def big_vision_resize(positions, old, new, prefix):
    """resample_posemb of big_vision: scipy.ndimage.zoom of order 1, here as the matrix that it applies to the patches."""
    patches = old[0] * old[1]
    basis = np.eye(patches).reshape(*old, patches)
    matrix = scipy.ndimage.zoom(basis, (new[0] / old[0], new[1] / old[1], 1), order=1)
    matrix = torch.from_numpy(matrix.reshape(-1, patches)).to(positions.dtype)
    return torch.cat([positions[:, :prefix], matrix @ positions[:, prefix:]], 1)


RESIZES = {"timm": timm_resize, "torchvision": torchvision_resize, "big-vision": big_vision_resize}
# Old grid, new grid, prefix.
SQUARE_CASES = [((4, 4), (6, 6), 1), ((7, 7), (4, 4), 1), ((14, 14), (24, 24), 1), ((2, 2), (5, 5), 1), ((5, 5), (1, 1), 1)]
OTHER_CASES = [((4, 4), (3, 6), 0), ((3, 5), (6, 4), 1), ((8, 8), (3, 3), 0)]
CASES = {"timm": SQUARE_CASES + OTHER_CASES, "torchvision": SQUARE_CASES, "big-vision": SQUARE_CASES[:4] + OTHER_CASES}


def position_case(reference, old, new, prefix):
    width = 2 if new[0] * new[1] > 100 else 4
    tokens = prefix + old[0] * old[1]
    positions = torch.from_numpy(pattern(0, tokens * width).reshape(1, tokens, width))
    resized = RESIZES[reference](positions, old, new, prefix)
    values = [digits(v) for v in resized.double().flatten().tolist()]
    return {"reference": reference, "from": old, "to": new, "prefix": prefix, "width": width, "values": values}


def torchvision_vit(size):
    design = {"patch_size": PATCH, "num_layers": DEPTH, "num_heads": HEADS, "hidden_dim": WIDTH, "mlp_dim": 4 * WIDTH}
    return models.VisionTransformer(image_size=size[0], num_classes=CLASSES, **design)


def timm_vit(size):
    return VisionTransformer(img_size=RESOLUTION, num_classes=CLASSES, dynamic_img_size=True, **TIMM)


# For each form: the net for pictures of a size in pixels, and the name and resizing of its positions where the net itself
# does not adapt them.
FORMS = {
    "timm": (timm_vit, None, None),
    "torchvision": (torchvision_vit, "encoder.pos_embedding", torchvision_resize),
    "big-vision": (lambda size: PlainVit(size, CLASSES, **TIMM), None, None),
    "big-vision-token": (lambda size: PlainVit(size, CLASSES, token=True, **TIMM), "pos_embed", big_vision_resize),
}


def picture(k, size):
    """Picture k as NCHW; the stream runs over NHWC."""
    values = pattern(IMAGES + k, size[0] * size[1] * 3) * np.float32(1.5)
    return torch.from_numpy(values.reshape(1, *size, 3)).permute(0, 3, 1, 2).double()


def network_case(form, grids):
    build, name, resize = FORMS[form]
    torch.manual_seed(0)
    parameters = {}
    for index, (key, parameter) in enumerate(build((RESOLUTION, RESOLUTION)).named_parameters()):
        if parameter.requires_grad:
            value = pattern_parameter(index, key, tuple(parameter.shape)).double()
            parameters[key] = (index, value.requires_grad_())
    logits = []
    for k, grid in enumerate(grids):
        size = (grid[0] * PATCH, grid[1] * PATCH)
        given = {key: value for key, (_, value) in parameters.items()}
        if name:
            prefix = given[name].shape[1] - GRID * GRID
            given[name] = resize(given[name], (GRID, GRID), grid, prefix)
        logits.append(functional_call(build(size).double().eval(), given, picture(k, size)))
    labels = [(3 * k + 1) % CLASSES for k in range(len(grids))]
    loss = F.cross_entropy(torch.cat(logits), torch.tensor(labels), reduction="sum")
    loss.backward()
    return {
        "form": form,
        "resolution": RESOLUTION,
        "patch": PATCH,
        "width": WIDTH,
        "depth": DEPTH,
        "heads": HEADS,
        "grids": grids,
        "labels": labels,
        "logits": rows(torch.cat(logits)),
        "loss": digits(loss.item()),
        "parameters": [
            {
                "name": key,
                "index": index,
                "shape": list(value.shape),
                "gradient": gradient_summary(index, value.grad),
            }
            for key, (index, value) in parameters.items()
        ],
    }


def prediction(size):
    """Weights by formula for 224, positions resized, the picture prepared as timm's configuration of the AugReg weights says."""
    net = timm.create_model("vit_tiny_patch16_224", img_size=size)
    for index, (key, parameter) in enumerate(net.named_parameters()):
        if key == "pos_embed":
            trained = pattern_parameter(index, key, (1, 1 + 14 * 14, parameter.shape[2]))
            parameter.data = resample_abs_pos_embed(trained, [size // 16, size // 16])
        else:
            parameter.data = pattern_parameter(index, key, tuple(parameter.shape))
    prepare = transforms.Compose(
        [
            transforms.Resize(int(size / 0.9), InterpolationMode.BICUBIC),
            transforms.CenterCrop(size),
            transforms.ToTensor(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )
    file = "baseline-420.jpg"
    path = Path(__file__).parent / "values" / "pictures" / file
    x = prepare(Image.open(path).convert("RGB")).double()[None]
    with torch.no_grad():
        logits = net.double().eval()(x)[0]
    return {
        "arch": "vit-tiny-patch16",
        "size": size,
        "picture": file,
        "top": logits.topk(5).indices.tolist(),
        "logits": [digits(v) for v in logits.tolist()],
    }


def main():
    write_json(
        "vit-resolutions.json",
        {
            "positions": [position_case(reference, *case) for reference, cases in CASES.items() for case in cases],
            "networks": [network_case(form, SQUARES if form == "torchvision" else PICTURES) for form in FORMS],
            "prediction": prediction(64),
        },
    )


if __name__ == "__main__":
    main()
