"""Checks an ONNX file that heddle exported, and says what ONNX Runtime makes of images.

    python3 scripts/check-onnx-export/runtime.py MODEL IMAGES SHAPE OUT

MODEL is the file; IMAGES holds bytes [N, H, W, C], SHAPE is H,W,C. How bytes enter is taken from the file's metadata.
OUT takes float32 probabilities [N, classes]. Needs numpy, onnx and onnxruntime; used by scripts/check-onnx-export.ts.
"""

import json
import sys

import numpy
import onnx
import onnxruntime

model, images, shape, out = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
metadata = session.get_modelmeta().custom_metadata_map
pixels = numpy.fromfile(images, dtype=numpy.uint8).reshape(-1, *map(int, shape.split(",")))
if metadata["heddle.input"] == "normalized":
    normalization = json.loads(metadata["heddle.normalization"])
    mean, deviation = (numpy.array(normalization[key]) for key in ("mean", "deviation"))

    def entering(part):
        return ((part / 255 - mean) / deviation).astype(numpy.float32).transpose(0, 3, 1, 2)

else:

    def entering(part):
        return part


name = session.get_inputs()[0].name
output = session.get_outputs()[0].name
parts = [session.run([output], {name: entering(pixels[at : at + 500])})[0] for at in range(0, len(pixels), 500)]
given = numpy.concatenate(parts).astype(numpy.float64)
if output == "logits":
    powers = numpy.exp(given - given.max(axis=1, keepdims=True))
    given = powers / powers.sum(axis=1, keepdims=True)
given.astype(numpy.float32).tofile(out)
print(json.dumps({"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}))
