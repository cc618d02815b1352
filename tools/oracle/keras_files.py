"""Small models that Keras itself saves as .keras and .h5 -> values/weights/network.* with what it holds in keras.json, and
input-layers.*, which begins with preprocessing and ends with the state of an optimizer.

Keras runs on its PyTorch backend. Weights come from pattern.py. Each tensor is listed with the sha256 of its bytes.
"""

import hashlib
import os
import re
import zipfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

from pattern import pattern
from write import VALUES, write_json

FOLDER = VALUES / "weights"


def model():
    """A model within a model, two layers of one class, a normalisation without scale, a layer without bias."""
    layers = keras.layers
    inner_input = keras.Input((6, 6, 2))
    x = layers.Conv2D(3, (3, 2), name="first_conv", use_bias=False)(inner_input)
    x = layers.BatchNormalization(scale=False, name="first_norm")(x)
    x = layers.DepthwiseConv2D(2, name="depthwise")(x)
    x = layers.SeparableConv2D(4, 2, name="separable")(x)
    inner = keras.Model(inner_input, x, name="body")
    outer_input = keras.Input((6, 6, 2))
    x = layers.Dropout(0.1, name="drop")(inner(outer_input))
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(5, name="hidden")(x)
    return keras.Model(outer_input, layers.Dense(3, name="head")(x), name="whole")


def model_with_input_layers():
    """Rescaling and normalisation in front, and the state of an optimizer after one step."""
    layers = keras.layers
    pixels = keras.Input((8, 8, 3))
    x = layers.Rescaling(1 / 255)(pixels)
    x = layers.Normalization(name="normalization")(x)
    x = layers.Rescaling([2.0, 3.0, 4.0], offset=0.5)(x)
    x = layers.Conv2D(2, 8, kernel_initializer="zeros", name="conv")(x)
    x = layers.Dense(2, kernel_initializer="zeros", name="head")(layers.Flatten()(x))
    net = keras.Model(pixels, x, name="with_input_layers")
    net.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    net.train_on_batch(np.zeros((1, 8, 8, 3)), np.zeros((1, 2)))
    for variable in net.weights:
        if variable.path == "normalization/mean":
            variable.assign(np.float32([0.5, 0.25, 0.125]))
        elif variable.path == "normalization/variance":
            variable.assign(np.float32([0.25, 1.0, 0.0625]))
    return net


def named(net, prefix=""):
    """Variables by layer name and variable name, models within models by path."""
    for layer in net.layers:
        if hasattr(layer, "layers"):
            yield from named(layer, f"{prefix}{layer.name}/")
            continue
        for variable in layer.weights:
            yield f"{prefix}{layer.name}/{variable.name}", variable


def reproducible(path):
    """Leaves out an archive's dates and the addresses of objects, so that each run writes the same bytes."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if name != "metadata.json"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        entries["config.json"] = re.sub(rb'"shared_object_id": \d+', b'"shared_object_id": 0', entries["config.json"])
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    net = model()
    tensors = []
    for i, (name, variable) in enumerate(named(net)):
        value = pattern(i, int(np.prod(variable.shape))).reshape(tuple(variable.shape))
        variable.assign(value)
        digest = hashlib.sha256(value.tobytes()).hexdigest()
        tensors.append({"name": name, "dtype": "F32", "shape": list(variable.shape), "sha256": digest})
    net.save(FOLDER / "network.h5")
    net.save(FOLDER / "network.keras")
    reproducible(FOLDER / "network.keras")
    write_json("weights/keras.json", tensors)
    keras.utils.clear_session()
    front = model_with_input_layers()
    front.save(FOLDER / "input-layers.h5")
    front.save(FOLDER / "input-layers.keras")
    reproducible(FOLDER / "input-layers.keras")


if __name__ == "__main__":
    main()
