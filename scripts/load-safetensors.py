"""Loads in PyTorch what `heddle export --format safetensors --layout pytorch` wrote, and gives the logits of images.

    python3 scripts/load-safetensors.py MODEL.safetensors IMAGES OUT

IMAGES holds bytes [N, H, W, C]; OUT takes float32 logits [N, classes]. Needs torch, numpy and safetensors. Every layer
that heddle has is here once: take those that your model has. Used by scripts/check-safetensors.ts.
"""

import json
import sys

import numpy
import torch
import torch.nn.functional as F
from safetensors import safe_open

FUNCTIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "relu6": F.relu6,
    "elu": F.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "silu": F.silu,
    "hardSwish": F.hardswish,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
}


def padding_of(layer, height, width):
    """Zeros to the left, to the right, above and below, as F.pad takes them; "same" puts the odd one behind."""
    padding = layer["padding"]
    if isinstance(padding, dict):
        return [padding["left"], padding["right"], padding["top"], padding["bottom"]]
    zeros = []
    for size, axis in ((width, 1), (height, 0)):
        stride, kernel = layer["strides"][axis], layer["kernelSize"][axis]
        reach = (kernel - 1) * layer.get("dilation", [1, 1])[axis] + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0) if padding == "same" else 0
        zeros += [total // 2, total - total // 2]
    return zeros


def flat(x):
    """In heddle's order, [H, W, C] of images [C, H, W]."""
    return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1)


def convolution(layer, tensors, x, groups):
    x = F.pad(x, padding_of(layer, *x.shape[2:]))
    dilation = layer.get("dilation", 1)
    return F.conv2d(x, tensors["weight"], tensors.get("bias"), layer["strides"], 0, dilation, groups)


def recurrent(kind, layer, tensors, x):
    module = kind(x.shape[2], layer["units"], batch_first=True, bidirectional=layer["type"] == "bilstm")
    module.load_state_dict(tensors)
    outputs, states = module(x)
    last = states[0] if isinstance(states, tuple) else states
    return outputs if layer["returnSequences"] else last.transpose(0, 1).flatten(1)


def over_channels(f, x):
    """Of what has its channels last."""
    return f(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) if x.dim() == 4 else f(x)


def run(layer, tensors, inputs):
    kind, x = layer["type"], inputs[0]
    if kind == "conv2d":
        x = convolution(layer, tensors, x, layer.get("groups", 1))
    elif kind == "depthwiseConv2d":
        x = convolution(layer, tensors, x, x.shape[1])
    elif kind == "dense":
        x = F.linear(x, tensors["weight"], tensors.get("bias"))
    elif kind == "batchNorm":
        names = ["running_mean", "running_var", "weight", "bias"]
        channels_second = x if x.dim() != 3 else x.transpose(1, 2)
        y = F.batch_norm(channels_second, *[tensors[name] for name in names], eps=layer["epsilon"])
        x = y if x.dim() != 3 else y.transpose(1, 2)
    elif kind == "layerNorm":
        norm = [tensors["weight"], tensors["bias"], layer["epsilon"]]
        x = over_channels(lambda each: F.layer_norm(each, each.shape[-1:], *norm), x)
    elif kind in ("lstm", "bilstm", "gru"):
        x = recurrent(torch.nn.GRU if kind == "gru" else torch.nn.LSTM, layer, tensors, x)
    elif kind in ("maxPool2d", "averagePool2d"):
        pool = F.max_pool2d if kind == "maxPool2d" else F.avg_pool2d
        x = pool(x, layer["poolSize"], layer["strides"])
    elif kind == "globalAveragePool2d":
        x = x.mean((2, 3))
    elif kind == "globalMaxPool2d":
        x = x.amax((2, 3))
    elif kind == "zeroPad2d":
        x = F.pad(x, padding_of(layer, *x.shape[2:]))
    elif kind == "flatten":
        x = x.flatten(1)
    elif kind == "reshape":
        x = flat(x).reshape(-1, *layer["targetShape"])
        x = x.permute(0, 3, 1, 2) if x.dim() == 4 else x
    elif kind == "scale":
        x = x * layer["factor"]
    elif kind == "add":
        x = sum(inputs[1:], x)
    elif kind == "multiply":
        rank = max(each.dim() for each in inputs)
        for each in inputs[1:]:
            a, b = (y[:, :, None, None] if rank == 4 and y.dim() == 2 else y for y in (x, each))
            x = a * b
    elif kind == "concatenate":
        x = torch.cat(inputs, 1 if x.dim() == 4 else -1)
    elif kind not in ("activation", "dropout"):
        raise ValueError(f"There is no layer {kind} here.")
    activation = layer.get("function", layer.get("activation", "linear"))
    if activation == "leakyRelu":
        return F.leaky_relu(x, layer.get("negativeSlope", 0.01))
    return FUNCTIONS[activation](x)


def pixel_by_pixel(x, image):
    """A flattened image [C, H, W] in heddle's order, [H, W, C]."""
    return flat(x.unflatten(1, image))


def logits(file, pixels):
    with safe_open(file, framework="pt") as opened:
        metadata = {key: json.loads(value) for key, value in opened.metadata().items() if value[:1] in "[{"}
        all_tensors = {name: opened.get_tensor(name) for name in opened.keys()}
    layers = metadata["layers"]
    normalization = metadata["normalization"]
    images = pixels.reshape(-1, *metadata["inputShape"]) / 255
    images = (images - numpy.array(normalization["mean"])) / numpy.array(normalization["deviation"])
    values = {"$images": torch.tensor(images, dtype=torch.float32).permute(0, 3, 1, 2)}
    previous, flattened = "$images", {}
    for layer in layers:
        name = layer["name"]
        own = {key[len(name) + 1 :]: each for key, each in all_tensors.items() if key.startswith(f"{name}.")}
        reads = layer.get("inputs", [previous])
        inputs = [values[each] for each in reads]
        # What torch.flatten gives lies channel by channel: for the layers that are listed, and for nothing else.
        if layer["type"] == "flatten" and inputs[0].dim() == 4:
            flattened[name] = inputs[0].shape[1:]
        elif layer["type"] in ("activation", "dropout", "scale") and reads[0] in flattened:
            flattened[name] = flattened[reads[0]]
        elif name not in metadata["channelsFirst"]:
            inputs = [pixel_by_pixel(values[each], flattened[each]) if each in flattened else values[each] for each in reads]
        elif layer["type"] in ("batchNorm", "layerNorm"):
            flattened[name] = flattened[reads[0]]
        values[name] = run(layer, own, inputs)
        previous = name
    return values[previous]


if __name__ == "__main__":
    file, images, out = sys.argv[1:]
    with torch.inference_mode():
        given = logits(file, numpy.fromfile(images, dtype=numpy.uint8))
    given.numpy().astype(numpy.float32).tofile(out)
    print(json.dumps({"torch": torch.__version__}))
