"""Augmentation operations and policies by Pillow, torchvision and timm -> values/augmentations.json."""

import no_compiled_torchvision  # noqa: F401
import hashlib

import numpy as np
import torch
from PIL import Image
from timm.data import auto_augment as timm_ops
from timm.data.random_erasing import RandomErasing as TimmRandomErasing
from timm.data.transforms import RandomResizedCropAndInterpolation
from torchvision import transforms
from torchvision.transforms import functional as F

from pictures import picture, picture_bytes, summary
from replay import replay
from write import write_json

# Number and size.
PICTURES = [(0, [37, 53]), (1, [32, 32])]
FILL = (124, 116, 104)
FILTERS = ["nearest", "bilinear", "bicubic"]
SHEARS = [0.0, 0.13, -0.3, 0.99]
SHIFTS = [0.0, 5.3, -7.0, 16.65]
FACTORS = [0.0, 0.1, 0.37, 1.0, 1.53, 1.9]


def operations():
    """name, argument, filter or None, function of a picture; all by timm or Pillow."""
    for name in FILTERS:
        keywords = {"resample": Image.Resampling[name.upper()], "fillcolor": FILL}
        for op, function, arguments in [
            ("shearX", timm_ops.shear_x, SHEARS),
            ("shearY", timm_ops.shear_y, SHEARS),
            ("translateX", timm_ops.translate_x_abs, SHIFTS),
            ("translateY", timm_ops.translate_y_abs, SHIFTS),
            ("rotate", timm_ops.rotate, [0.0, 17.3, -30.0, 90.0, 180.0, -135.0, 45.0]),
        ]:
            for argument in arguments:
                yield op, argument, name, lambda image, f=function, a=argument, k=keywords: f(image, a, **dict(k))
    for op, function, arguments in [
        ("brightness", timm_ops.brightness, FACTORS),
        ("color", timm_ops.color, FACTORS),
        ("contrast", timm_ops.contrast, FACTORS),
        ("sharpness", timm_ops.sharpness, FACTORS),
        ("posterize", timm_ops.posterize, [1, 4, 7, 8]),
        ("solarize", timm_ops.solarize, [0, 100, 128.3, 256]),
        ("solarizeAdd", timm_ops.solarize_add, [0, 37, 110]),
    ]:
        for argument in arguments:
            yield op, argument, None, lambda image, f=function, a=argument: f(image, a)
    for op, function in [
        ("identity", lambda image: image),
        ("autocontrast", timm_ops.auto_contrast),
        ("equalize", timm_ops.equalize),
        ("invert", timm_ops.invert),
    ]:
        yield op, 0, None, function


def operation_cases():
    for op, argument, name, function in operations():
        for number, size in PICTURES:
            yield {"name": op, "argument": argument, "filter": name, "picture": number, "size": size,
                   "output": summary(function(picture(number, *size)))}  # fmt: skip


def hue_cases():
    for factor in [-0.5, -0.21, 0.0, 0.1, 0.37, 0.5]:
        yield {"factor": factor, "picture": 0, "size": [37, 53],
               "output": summary(F.adjust_hue(picture(0, 37, 53), factor))}  # fmt: skip


def sha256(data):
    return hashlib.sha256(np.ascontiguousarray(data).tobytes()).hexdigest()


def replayed(transform, first, count):
    """Hashes of picture 0 at 37 x 53 after `transform`, for replays `first` and on; None where the reference fails."""
    hashes = []
    for number in range(first, first + count):
        with replay(number):
            try:
                hashes.append(sha256(np.asarray(transform(picture(0, 37, 53)))))
            except ValueError:  # timm's posterize to 0 bits, which Pillow 13 refuses
                hashes.append(None)
    return hashes


def policy_cases():
    bilinear, nearest = transforms.InterpolationMode.BILINEAR, transforms.InterpolationMode.NEAREST
    tv = {"fill": list(FILL)}
    cases = [
        ("torchvision-rand-augment", {"magnitude": 9, "filter": "nearest"}, transforms.RandAugment(**tv), 40),
        ("torchvision-rand-augment", {"magnitude": 21, "filter": "bilinear"},
         transforms.RandAugment(magnitude=21, interpolation=bilinear, **tv), 20),
        ("torchvision-trivial-augment-wide", {"filter": "nearest"}, transforms.TrivialAugmentWide(**tv), 40),
        ("torchvision-trivial-augment-wide", {"filter": "bilinear"},
         transforms.TrivialAugmentWide(interpolation=bilinear, **tv), 20),
    ]  # fmt: skip
    for policy in transforms.AutoAugmentPolicy:
        transform = transforms.AutoAugment(policy, interpolation=nearest, **tv)
        cases.append(("torchvision-auto-augment", {"policy": policy.value, "filter": "nearest"}, transform, 50))
    hparams = {"translate_const": 100, "img_mean": FILL}
    for config in ["rand-m9-mstd0.5-inc1", "rand-m9-n3-p0.8", "rand-m15-mmax20-mstd101-inc1", "rand-m6"]:
        transform = timm_ops.rand_augment_transform(config, dict(hparams))
        cases.append(("timm-rand-augment", {"config": config}, transform, 40))
    for policy in ["v0", "v0r", "original", "originalr"]:
        transform = timm_ops.auto_augment_transform(f"{policy}-mstd0.5", dict(hparams))
        cases.append(("timm-auto-augment", {"policy": policy, "magnitudeStd": 0.5}, transform, 50))
    for config in ["augmix-m5-w4-d2", "augmix-m3"]:
        mix = timm_ops.augment_and_mix_transform(config, dict(hparams))
        weights = np.float32([0.5, 0.2, 0.2, 0.1] if mix.width == 4 else [0.3, 0.6, 0.1])
        share = np.float32(0.65)
        transform = lambda image, mix=mix, w=weights, m=share: mix._apply_basic(image, w, m)  # noqa: E731
        settings = {"config": config, "weights": weights.tolist(), "mixed": float(share)}
        cases.append(("timm-augmix", settings, transform, 20))
    first = 0
    for name, settings, transform, count in cases:
        yield {"policy": name, "settings": settings, "firstReplay": first, "sha256": replayed(transform, first, count)}
        first += count


def crop_cases():
    number = 1000
    for reference in ["torchvision", "timm"]:
        for size, scale in [
            ([37, 53], [0.08, 1.0]),
            ([64, 8], [0.9, 1.0]),
            ([7, 40], [0.9, 1.0]),
            ([20, 20], [0.25, 1.0]),
        ]:
            for _ in range(8):
                number += 1
                image = picture(0, *size)
                ratio = (3 / 4, 4 / 3)
                with replay(number):
                    of = (
                        transforms.RandomResizedCrop
                        if reference == "torchvision"
                        else RandomResizedCropAndInterpolation
                    )
                    top, left, height, width = of.get_params(image, scale, ratio)
                output = F.resized_crop(image, top, left, height, width, [16, 16], transforms.InterpolationMode.BICUBIC)
                yield {
                    "reference": reference,
                    "size": size,
                    "scale": scale,
                    "replay": number,
                    "box": [int(top), int(left), int(height), int(width)],
                    "sha256": sha256(np.asarray(output)),
                }


def erasing_cases():
    """float32 [37, 53, 3] of bytes / 255 in, hash of the same shape out."""
    number = 2000
    floats = torch.from_numpy(picture_bytes(0, 37, 53).astype(np.float32) / np.float32(255)).permute(2, 0, 1)
    for reference, fill, counts in [
        ("torchvision", "const", [1, 1]),
        ("torchvision", "pixel", [1, 1]),
        ("timm", "const", [1, 1]),
        ("timm", "rand", [1, 3]),
        ("timm", "pixel", [2, 2]),
    ]:
        for _ in range(6):
            number += 1
            if reference == "torchvision":
                value = "random" if fill == "pixel" else 0
                transform = transforms.RandomErasing(p=0.7, value=value)
            else:
                low, high = counts
                transform = TimmRandomErasing(0.7, mode=fill, min_count=low, max_count=high, device="cpu")
            with replay(number):
                output = transform(floats.clone())
            yield {"reference": reference, "fill": fill, "count": counts, "replay": number,
                   "sha256": sha256(output.permute(1, 2, 0).numpy())}  # fmt: skip


def jitter_cases():
    apply = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue]
    names = ["brightness", "contrast", "saturation", "hue"]
    for order, factors in [
        ([0, 1, 2, 3], [1.3, 0.7, 1.21, 0.1]),
        ([3, 2, 0, 1], [0.6, 1.4, 0.6, -0.05]),
        ([2, 1], [0, 1.39, 0.61]),
    ]:
        image = picture(1, 32, 32)
        for index in order:
            image = apply[index](image, factors[index])
        yield {"steps": [[names[index], factors[index]] for index in order], "picture": 1, "size": [32, 32],
               "output": summary(image)}  # fmt: skip


def main():
    write_json(
        "augmentations.json",
        {
            "fill": FILL,
            "operations": list(operation_cases()),
            "hue": list(hue_cases()),
            "grayscale": summary(F.to_grayscale(picture(0, 37, 53), 3)),
            "policies": list(policy_cases()),
            "resizedCrop": list(crop_cases()),
            "erasing": list(erasing_cases()),
            "colorJitter": list(jitter_cases()),
        },
    )


if __name__ == "__main__":
    main()
