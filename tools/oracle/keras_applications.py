"""Architectures of keras.applications -> values/keras-applications.json: names and shapes of all, and of one of each family
the logits of a picture, with the preprocessing of Keras.

Keras runs on its PyTorch backend in float64. Weights come from pattern.py by place in the list of tensors (README.md). Of
EfficientNetB0 there is also the form that weights="imagenet" builds, which has one layer more in front.
"""

import hashlib
import os
import re
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
from keras import applications
from keras.src.applications import efficientnet
from keras.src.legacy.saving import legacy_h5_format

from pattern import pattern
from pictures import picture_bytes
from write import digits, write_json

PICTURE = 3
IMAGENET = {"mean": [0.485, 0.456, 0.406], "variance": [0.229, 0.224, 0.225]}

# Constructor, and size and preprocess_input where logits are computed.
MODELS = {
    "EfficientNetB0": (64, applications.efficientnet),
    **{f"EfficientNetB{i}": None for i in range(1, 8)},
    "EfficientNetV2S": (64, applications.efficientnet_v2),
    "MobileNetV2": (63, applications.mobilenet_v2),
    "ResNet50": (64, applications.resnet),
    "ResNet101": None,
    "ResNet152": None,
    "DenseNet121": (64, applications.densenet),
    "ConvNeXtTiny": (64, applications.convnext),
    "ConvNeXtSmall": None,
    "ConvNeXtBase": None,
}


def keras_pattern(p, path, shape):
    """Tensor number p in Keras' layout: fan-in is all axes but the last, of a depthwise kernel height and width."""
    u = pattern(p, int(np.prod(shape)))
    if path.endswith("/count"):
        return np.zeros(shape, np.int32)
    if len(shape) > 1:
        fan_in = np.prod(shape[:2] if shape[-1] == 1 else shape[:-1])
        u = np.float32(np.sqrt(3 / fan_in)) * u
    elif re.search(r"(gamma|variance|layer_scale/variable(_\d+)?)$", path):
        u = np.float32(1) + np.float32(0.1) * u
    else:
        u = np.float32(0.1) * u
    return u.reshape(shape)


def fill(model):
    for p, variable in enumerate(model.weights):
        variable.assign(keras_pattern(p, variable.path, tuple(variable.shape)))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def logits(model, size, module):
    pixels = picture_bytes(PICTURE, size, size).astype(np.float64)[None]
    output = model(module.preprocess_input(pixels), training=False)
    return [digits(v) for v in keras.ops.convert_to_numpy(output)[0].tolist()]


def tensors(model):
    return [{"name": v.path, "shape": list(v.shape)} for v in model.weights]


def names_digest(model):
    # The scales of ConvNeXt's blocks have no name of their own and are numbered through.
    names = {v.path: re.sub(r"/variable(_\d+)?$", "/gamma", v.path) for v in model.weights}
    lines = sorted(f"{names[v.path]} {list(v.shape)}\n" for v in model.weights)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def epsilons(model):
    norms = (keras.layers.BatchNormalization, keras.layers.LayerNormalization)
    layers = [inner for layer in model.layers for inner in getattr(layer, "layers", [layer])]
    return sorted({layer.epsilon for layer in layers if isinstance(layer, norms)})


def published_form(constructor, size, module):
    """The model of weights="imagenet", which Keras loads by itself from a file of ours instead of the published one."""
    keras.utils.clear_session()
    plain = constructor(weights=None, classifier_activation=None)
    fill(plain)
    for variable in plain.weights:
        for name, value in IMAGENET.items():
            if variable.path == f"normalization/{name}":
                variable.assign(np.array(value, np.float32))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.h5")
        with h5py.File(path, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, plain)
        efficientnet.file_utils.get_file = lambda *args, **kwargs: path
        keras.utils.clear_session()
        model = constructor(weights="imagenet", classifier_activation=None)
    return {"size": size, "tensors": tensors(model), "logits": logits(model, size, module)}


def main():
    keras.config.set_floatx("float64")
    values = []
    for name, choice in MODELS.items():
        keras.utils.clear_session()
        constructor = getattr(applications, name)
        model = constructor(weights=None, classifier_activation=None)
        entry = {"constructor": name, "name": model.name, "size": model.input_shape[1], "epsilons": epsilons(model)}
        entry["names"] = names_digest(model)
        if choice:
            size, module = choice
            keras.utils.clear_session()
            small = constructor(weights=None, classifier_activation=None, input_shape=(size, size, 3), classes=10)
            fill(small)
            entry["values"] = {"size": size, "tensors": tensors(small), "logits": logits(small, size, module)}
        values.append(entry)
    published = published_form(applications.EfficientNetB0, 224, applications.efficientnet)
    write_json("keras-applications.json", {"picture": PICTURE, "models": values, "published": published})


if __name__ == "__main__":
    main()
