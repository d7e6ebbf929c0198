"""The gradients of any of the library's models by PyTorch's autograd, in float64 and in float32.

Reads a line of JSON a batch: a model's graph as graphConfig gives it, and where the numbers lie that
scripts/check-gradients.ts wrote as float32. Writes a line a batch: for each tensor the norm of its gradient in float64
and how far ours and PyTorch's own float32 are from that.
"""

import json
import sys

import numpy
import torch
import torch.nn.functional as F


def same_padding(size, window, stride):
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def hard_swish(x):
    return x * F.relu6(x + 3) / 6


FUNCTIONS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "relu6": F.relu6,
    "elu": F.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "silu": F.silu,
    "hardSwish": hard_swish,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
}


def activate(x, name, negative_slope=0.01):
    return F.leaky_relu(x, negative_slope) if name == "leakyRelu" else FUNCTIONS[name](x)


def padded(x, config):
    """An image [N, C, H, W] with the zeros around it that a window asks for."""
    padding = config["padding"]
    if padding == "valid":
        return x
    if padding != "same":
        return F.pad(x, [padding[side] for side in ("left", "right", "top", "bottom")])
    dilation = config.get("dilation", [1, 1])
    down, across = (
        same_padding(
            x.shape[2 + axis], (config["kernelSize"][axis] - 1) * dilation[axis] + 1, config["strides"][axis]
        )
        for axis in (0, 1)
    )
    return F.pad(x, (*across, *down))


def convolved(x, kernel, config, tensors, groups):
    x = F.conv2d(
        padded(x.permute(0, 3, 1, 2), config),
        kernel,
        tensors.get("bias"),
        stride=tuple(config["strides"]),
        dilation=tuple(config.get("dilation", [1, 1])),
        groups=groups,
    )
    return activate(x.permute(0, 2, 3, 1), config["activation"])


def conv2d(x, config, tensors):
    return convolved(x, tensors["kernel"].permute(3, 2, 0, 1), config, tensors, config.get("groups", 1))


def depthwise_conv2d(x, config, tensors):
    height, width, channels, multiplier = tensors["kernel"].shape
    kernel = tensors["kernel"].permute(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    return convolved(x, kernel, config, tensors, channels)


def pooled(pool):
    def run(x, config, _):
        x = pool(x.permute(0, 3, 1, 2), tuple(config["poolSize"]), tuple(config["strides"]))
        return x.permute(0, 2, 3, 1)

    return run


def batch_norm(x, config, tensors):
    # What it makes of the running statistics changes nothing here, unless it is frozen.
    frozen = config.get("trainable") is False
    x = F.batch_norm(
        x.movedim(-1, 1),
        tensors["runningMean"].clone() if frozen else None,
        tensors["runningVariance"].clone() if frozen else None,
        tensors["gamma"],
        tensors["beta"],
        training=not frozen,
        eps=config["epsilon"],
    )
    return x.movedim(1, -1)


def layer_norm(x, config, tensors):
    return F.layer_norm(x, x.shape[-1:], tensors["gamma"], tensors["beta"], config["epsilon"])


def multiply(inputs):
    whole = max(inputs, key=lambda each: each.numel())
    result = torch.ones_like(whole)
    for each in inputs:
        result = result * (each if each.dim() == whole.dim() else each[:, None, None, :])
    return result


JOINING = {"add": sum, "concatenate": lambda inputs: torch.cat(inputs, dim=-1), "multiply": multiply}


def gru(x, config, tensors):
    def reordered(tensor):
        # PyTorch's blocks are r, z, n.
        update, reset, candidate = tensor.chunk(3, dim=-1)
        return torch.cat([reset, update, candidate], dim=-1)

    weights = [reordered(tensors["kernel"]).T, reordered(tensors["recurrentKernel"]).T]
    weights += [reordered(tensors["bias"]), reordered(tensors["recurrentBias"])]
    start = torch.zeros(1, len(x), config["units"], dtype=x.dtype)
    output, last = torch.gru(x, start, weights, True, 1, 0.0, True, False, True)
    return output if config["returnSequences"] else last[0]


def recurrent(directions):
    def run(x, config, tensors):
        weights = []
        for prefix in directions:
            bias = tensors[prefix + "bias"]
            weights += [tensors[prefix + "kernel"].T, tensors[prefix + "recurrentKernel"].T]
            weights += [bias, torch.zeros_like(bias)]
        units = weights[1].shape[1]
        start = torch.zeros(len(directions), len(x), units, dtype=x.dtype)
        # What torch.nn.LSTM calls: biases, one layer, no dropout, training, bidirectional, batch first.
        output, last, _ = torch.lstm(x, (start, start), weights, True, 1, 0.0, True, len(directions) > 1, True)
        return output if config["returnSequences"] else torch.cat(list(last), dim=1)

    return run


LAYERS = {
    "conv2d": conv2d,
    "depthwiseConv2d": depthwise_conv2d,
    "maxPool2d": pooled(F.max_pool2d),
    "averagePool2d": pooled(F.avg_pool2d),
    "zeroPad2d": lambda x, config, _: padded(x.permute(0, 3, 1, 2), config).permute(0, 2, 3, 1),
    "batchNorm": batch_norm,
    "layerNorm": layer_norm,
    "gru": gru,
    "lstm": recurrent([""]),
    "bilstm": recurrent(["forward.", "backward."]),
    "activation": lambda x, config, _: activate(x, config["function"], config.get("negativeSlope", 0.01)),
    "scale": lambda x, config, _: x * config["factor"],
    "dense": lambda x, config, tensors: activate(x @ tensors["kernel"] + tensors.get("bias", 0), config["activation"]),
    "flatten": lambda x, *_: x.flatten(1),
    "reshape": lambda x, config, _: x.reshape(len(x), *config["targetShape"]),
    "globalAveragePool2d": lambda x, *_: x.mean(dim=(1, 2)),
    "globalMaxPool2d": lambda x, *_: F.max_pool2d(x.permute(0, 3, 1, 2), x.shape[1:3]).flatten(1),
}


def gradients(work, values, dtype):
    trained = {name: value.to(dtype).requires_grad_() for name, value in values["weights"].items()}
    tensors = {**trained, **{name: value.to(dtype) for name, value in values["kept"].items()}}
    results = {"$images": values["images"].to(dtype)}
    before = "$images"
    for config in work["layers"]:
        name = config["name"]
        read = [results[each] for each in config.get("inputs", [before])]
        own = {key[len(name) + 1 :]: value for key, value in tensors.items() if key.startswith(name + ".")}
        kind = config["type"]
        results[name] = JOINING[kind](read) if kind in JOINING else LAYERS[kind](*read, config, own)
        before = name
    F.cross_entropy(results[before], torch.tensor(work["labels"])).backward()
    return {name: tensor.grad.double() for name, tensor in trained.items()}


def read(work):
    numbers = torch.from_numpy(numpy.fromfile(work["file"], dtype=numpy.float32))
    values, at = {}, 0
    for part, tensors in work["parts"].items():
        values[part] = {}
        for name, shape in tensors:
            size = int(numpy.prod(shape))
            values[part][name] = numbers[at : at + size].reshape(shape)
            at += size
    return {**values, "images": values["images"]["images"]}


def main():
    for line in sys.stdin:
        work = json.loads(line)
        values = read(work)
        exact = gradients(work, values, torch.float64)
        single = gradients(work, values, torch.float32)
        rows = [
            {
                "name": name,
                "norm": float(gradient.norm()),
                "ours": float((values["gradients"][name].double() - gradient).norm()),
                "pytorch": float((single[name] - gradient).norm()),
            }
            for name, gradient in exact.items()
        ]
        print(json.dumps({"pytorch": torch.__version__, "tensors": rows}), flush=True)


main()
