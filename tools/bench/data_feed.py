"""The other sides of the comparison of data feeds: passes over a folder of JPEG files, timed on request.

data_feed.py torchvision|tf.data FOLDER REPEATS THREADS. README.md says what each side does.
"""

import json
import os
import sys
import time
from pathlib import Path

BATCH = 64
SIDE = 224


def torchvision_feed(folder, repeats, threads):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "oracle"))
    import no_compiled_torchvision  # noqa: F401  before torchvision
    import PIL
    import torch
    import torchvision
    from torch.utils.data import ConcatDataset, DataLoader
    from torchvision.datasets import ImageFolder
    from torchvision.transforms import v2

    transform = v2.Compose([
        v2.RandomResizedCrop(SIDE, antialias=True),
        v2.RandomHorizontalFlip(),
        v2.PILToTensor(),
    ])
    dataset = ConcatDataset([ImageFolder(folder, transform)] * repeats)
    loader = DataLoader(dataset, BATCH, shuffle=True, num_workers=threads, persistent_workers=True)

    def run():
        seen = 0
        for pictures, _labels in loader:
            seen += pictures.shape[0]
        return seen

    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__, "pillow": PIL.__version__}
    return run, versions


def tf_data_feed(folder, repeats, threads):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    files = [str(path) for path in sorted(Path(folder).rglob("*.jpg"))] * repeats

    def prepare(path):
        contents = tf.io.read_file(path)
        begin, size, _ = tf.image.sample_distorted_bounding_box(
            tf.io.extract_jpeg_shape(contents),
            tf.zeros([1, 0, 4]),
            aspect_ratio_range=(3 / 4, 4 / 3),
            area_range=(0.08, 1.0),
            max_attempts=10,
            use_image_if_no_bounding_boxes=True,
        )
        window = tf.stack([begin[0], begin[1], size[0], size[1]])
        picture = tf.image.decode_and_crop_jpeg(contents, window, channels=3, dct_method="INTEGER_ACCURATE")
        picture = tf.image.resize(picture, [SIDE, SIDE], "bilinear", antialias=True)
        picture = tf.cast(tf.clip_by_value(tf.round(picture), 0, 255), tf.uint8)
        return tf.image.random_flip_left_right(picture)

    dataset = (
        tf.data.Dataset.from_tensor_slices(files)
        .shuffle(len(files))
        .map(prepare, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .batch(BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )

    def run():
        return sum(int(pictures.shape[0]) for pictures in dataset)

    return run, {"tensorflow": tf.__version__}


def say(message):
    print(json.dumps(message), flush=True)


SIDES = {"torchvision": torchvision_feed, "tf.data": tf_data_feed}


def main():
    side, folder, repeats, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    run, versions = SIDES[side](folder, repeats, threads)
    pictures = run()
    versions["python"] = sys.version.split()[0]
    say({"ready": True, "threads": threads, "pictures": pictures, "versions": versions})
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        began = time.perf_counter()
        for _ in range(steps):
            run()
        say({"seconds": time.perf_counter() - began})


if __name__ == "__main__":
    main()
