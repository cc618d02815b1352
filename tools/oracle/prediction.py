"""Logits of SqueezeNet 1.1 with weights by formula on a real file: decode, resize, crop, network -> values/prediction.json."""

from pathlib import Path

import no_compiled_torchvision  # noqa: F401
import torch
from PIL import Image
from torchvision import models, transforms
from torchvision.transforms import InterpolationMode

from pattern import pattern_parameter
from write import digits, write_json

PICTURES = Path(__file__).parent / "values" / "pictures"


def main():
    net = models.squeezenet1_1()
    for p, (name, parameter) in enumerate(net.named_parameters()):
        parameter.data = pattern_parameter(p, name, tuple(parameter.shape))
    # torchvision's preset of the weights IMAGENET1K_V1.
    prepare = transforms.Compose(
        [
            transforms.Resize(256, InterpolationMode.BILINEAR),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    cases = []
    net = net.double().eval()
    for file in ["baseline-420.jpg", "palette.png"]:
        x = prepare(Image.open(PICTURES / file).convert("RGB")).double()[None]
        with torch.no_grad():
            logits = net(x)[0]
        cases.append({"picture": file, "top": logits.topk(5).indices.tolist(), "logits": [digits(v) for v in logits.tolist()]})
    write_json("prediction.json", {"arch": "squeezenet1-1", "cases": cases})


if __name__ == "__main__":
    main()
