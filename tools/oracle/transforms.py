"""Resizing, cropping and normalisation by Pillow, torchvision and timm -> values/transforms.json."""

import base64

import no_compiled_torchvision  # noqa: F401
import numpy as np
import torch
from PIL import Image
from timm.data.transforms_factory import transforms_imagenet_eval
from torchvision import transforms
from torchvision.transforms import functional as F

from pictures import picture, stored
from write import write_json

FILTERS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]


def resize_cases():
    whole = [(37, 53, 24, 24), (24, 17, 40, 31), (64, 48, 9, 48), (40, 40, 40, 13), (31, 22, 14, 23), (24, 20, 15, 16)]
    for name in FILTERS:
        for number, (height, width, to_height, to_width) in enumerate(whole):
            image = picture(number, height, width)
            yield (
                name,
                number,
                [height, width],
                None,
                image.resize((to_width, to_height), Image.Resampling[name.upper()]),
            )
        box = (3.25, 5.5, 46.75, 30.125)
        yield name, 0, [37, 53], list(box), picture(0, 37, 53).resize((20, 16), Image.Resampling[name.upper()], box)


def torchvision_case(number, size, resize, crop, interpolation):
    preset = transforms.Compose(
        [transforms.Resize(resize, transforms.InterpolationMode(interpolation)), transforms.CenterCrop(crop)]
    )
    output = stored(preset(picture(number, *size)))
    return {"source": "torchvision", "picture": number, "size": size, "resize": resize, "crop": [crop, crop],
            "filter": interpolation, "output": output}  # fmt: skip


def timm_case(number, size, crop, fraction, mode, interpolation):
    preset = transforms_imagenet_eval(
        tuple(crop), crop_pct=fraction, crop_mode=mode, interpolation=interpolation, normalize=False
    )
    output = stored(preset(picture(number, *size)).permute(1, 2, 0).numpy())
    return {"source": "timm", "picture": number, "size": size, "crop": crop, "fraction": fraction, "mode": mode,
            "filter": interpolation, "output": output}  # fmt: skip


def tpu_case(number, size, crop, padding, interpolation):
    """efficientnet/preprocessing.py of tensorflow/tpu in NumPy; the resize is Pillow's."""
    height, width = size
    side = int(np.float32(crop / (crop + padding)) * np.float32(min(height, width)))
    top, left = (height - side + 1) // 2, (width - side + 1) // 2
    image = picture(number, height, width).crop((left, top, left + side, top + side))
    output = stored(image.resize((crop, crop), Image.Resampling[interpolation.upper()]))
    return {"source": "tpu", "picture": number, "size": size, "crop": [crop, crop], "padding": padding,
            "filter": interpolation, "output": output}  # fmt: skip


def evaluation_cases():
    return [
        torchvision_case(0, [37, 53], 27, 24, "bilinear"),
        torchvision_case(1, [60, 41], 26, 21, "bicubic"),
        torchvision_case(2, [30, 22], 17, 24, "bilinear"),  # smaller than the crop: padded
        timm_case(0, [37, 53], [24, 24], 0.95, "center", "bicubic"),
        timm_case(1, [53, 37], [21, 21], 0.875, "center", "bilinear"),
        timm_case(2, [41, 60], [24, 18], 0.9, "center", "bicubic"),
        timm_case(0, [37, 53], [24, 24], 0.9, "squash", "bicubic"),
        timm_case(1, [37, 53], [23, 23], 1.0, "border", "bicubic"),
        timm_case(2, [53, 30], [24, 24], 0.8, "border", "bilinear"),
        tpu_case(0, [37, 53], 24, 4, "bicubic"),
        tpu_case(1, [64, 50], 21, 6, "bilinear"),
    ]


def crop_cases():
    image = picture(0, 37, 53)
    return {
        "picture": 0,
        "size": [37, 53],
        "crop": [8, 11],
        "five": [stored(part) for part in F.five_crop(image, [8, 11])],
        "ten": [stored(part) for part in F.ten_crop(image, [8, 11])],
        "center": [
            {"crop": size, "output": stored(F.center_crop(image, size))} for size in ([8, 10], [9, 9], [40, 12])
        ],
    }


def normalisation_cases():
    """float32 [16, 16, 3] of the bytes 0..255 in every channel."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    unit = F.to_tensor(ramp)
    raw = torch.from_numpy(ramp).permute(2, 0, 1).float()
    settings = [
        (255, unit, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        (255, unit, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
        (1, raw, [127.0, 127.0, 127.0], [128.0, 128.0, 128.0]),
        (1, raw, [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]),
    ]
    for divisor, x, mean, std in settings:
        output = F.normalize(x, mean, std).permute(1, 2, 0).contiguous().numpy()
        encoded = base64.b64encode(output.tobytes()).decode()
        yield {"divisor": divisor, "mean": mean, "std": std, "float32": encoded}


def main():
    resize = [
        {"filter": name, "picture": number, "size": size, "box": box, "output": stored(image)}
        for name, number, size, box, image in resize_cases()
    ]
    write_json(
        "transforms.json",
        {
            "resize": resize,
            "evaluation": evaluation_cases(),
            "crops": crop_cases(),
            "normalisation": list(normalisation_cases()),
        },
    )


if __name__ == "__main__":
    main()
