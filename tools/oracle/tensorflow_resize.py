"""Resizing by TensorFlow's own kernels -> values/tensorflow-resize.json.

Calls the C library in the folder REPRISE_LIBTENSORFLOW, the one that the product uses; without it nothing is written.
"""

import ctypes
import os
import sys
from pathlib import Path

import numpy as np

from pictures import picture_bytes
from write import write_json

FLOAT, INT32 = 1, 3
OPS = {"bilinear": "ResizeBilinear", "bicubic": "ResizeBicubic", "area": "ResizeArea"}
CASES = [(0, 37, 53, 11, 13), (1, 9, 12, 14, 20), (2, 24, 18, 12, 9)]


class TensorFlow:
    """Just enough of the eager C API to run one operation on float pictures."""

    def __init__(self, folder):
        ctypes.CDLL(str(folder / "libtensorflow_framework.so.2"), ctypes.RTLD_GLOBAL)
        self.library = ctypes.CDLL(str(folder / "libtensorflow_cc.so.2"), ctypes.RTLD_GLOBAL)
        for name in ("TF_NewStatus", "TFE_NewContextOptions", "TFE_NewContext", "TFE_NewOp", "TF_AllocateTensor",
                     "TF_TensorData", "TFE_NewTensorHandle", "TFE_TensorHandleResolve"):  # fmt: skip
            getattr(self.library, name).restype = ctypes.c_void_p
        self.library.TF_Message.restype = ctypes.c_char_p
        self.status = ctypes.c_void_p(self.library.TF_NewStatus())
        options = ctypes.c_void_p(self.library.TFE_NewContextOptions())
        self.context = ctypes.c_void_p(self.library.TFE_NewContext(options, self.status))
        self.check()

    def check(self):
        if self.library.TF_GetCode(self.status) != 0:
            raise RuntimeError(self.library.TF_Message(self.status).decode())

    def handle(self, array, dtype):
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        size = ctypes.c_size_t(array.nbytes)
        tensor = ctypes.c_void_p(self.library.TF_AllocateTensor(dtype, shape, array.ndim, size))
        ctypes.memmove(self.library.TF_TensorData(tensor), array.tobytes(), array.nbytes)
        handle = ctypes.c_void_p(self.library.TFE_NewTensorHandle(tensor, self.status))
        self.check()
        return handle

    def resize(self, method, image, size):
        op = ctypes.c_void_p(self.library.TFE_NewOp(self.context, OPS[method].encode(), self.status))
        self.check()
        self.library.TFE_OpSetAttrType(op, b"T", FLOAT)
        self.library.TFE_OpSetAttrBool(op, b"align_corners", ctypes.c_ubyte(0))
        if method != "area":
            self.library.TFE_OpSetAttrBool(op, b"half_pixel_centers", ctypes.c_ubyte(1))
        for value in (self.handle(image[None], FLOAT), self.handle(np.array(size, np.int32), INT32)):
            self.library.TFE_OpAddInput(op, value, self.status)
            self.check()
        outputs, count = (ctypes.c_void_p * 1)(), ctypes.c_int(1)
        self.library.TFE_Execute(op, outputs, ctypes.byref(count), self.status)
        self.check()
        tensor = ctypes.c_void_p(self.library.TFE_TensorHandleResolve(ctypes.c_void_p(outputs[0]), self.status))
        self.check()
        result = np.zeros((*size, 3), np.float32)
        ctypes.memmove(result.ctypes.data, self.library.TF_TensorData(tensor), result.nbytes)
        return result


def main():
    if "REPRISE_LIBTENSORFLOW" not in os.environ:
        sys.exit("Set REPRISE_LIBTENSORFLOW to the folder of libtensorflow_cc.so.2")
    tensorflow = TensorFlow(Path(os.environ["REPRISE_LIBTENSORFLOW"]))
    cases = []
    for method in OPS:
        for number, height, width, to_height, to_width in CASES:
            image = picture_bytes(number, height, width).astype(np.float32)
            output = tensorflow.resize(method, image, (to_height, to_width))
            values = [float(f"{v:.7g}") for v in output.flatten().tolist()]
            cases.append({"method": method, "picture": number, "size": [height, width],
                          "to": [to_height, to_width], "values": values})  # fmt: skip
    write_json("tensorflow-resize.json", cases)


if __name__ == "__main__":
    main()
