"""What is published of benchmarks whose pixels nobody may pass on -> values/benchmarks.json: the md5 of their files by
torchvision, and the WordNet ids of ImageNet's classes by timm.
"""

import no_compiled_torchvision  # noqa: F401
from timm.data import ImageNetInfo
from torchvision.datasets import CIFAR100, STL10, SVHN, imagenet

from write import write_json


def listed(train, test):
    return {"train": {name: md5 for name, md5 in train}, "test": {name: md5 for name, md5 in test}}


def main():
    labelled = [entry for entry in STL10.train_list if not entry[0].startswith("unlabeled")]
    files = {
        "cifar100": listed(CIFAR100.train_list, CIFAR100.test_list),
        "stl10": listed(labelled, STL10.test_list),
        "svhn": listed([SVHN.split_list["train"][1:]], [SVHN.split_list["test"][1:]]),
        "imagenet-1k": listed([], [imagenet.ARCHIVE_META["val"], imagenet.ARCHIVE_META["devkit"]]),
    }
    write_json("benchmarks.json", {"files": files, "synsets": ImageNetInfo("imagenet-1k").label_names()})


if __name__ == "__main__":
    main()
