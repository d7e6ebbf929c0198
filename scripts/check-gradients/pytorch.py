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


def activate(x, name):
    return x if name == "linear" else getattr(torch, name)(x)


def conv2d(x, config, tensors):
    x = x.permute(0, 3, 1, 2)
    kernel = tensors["kernel"].permute(3, 2, 0, 1)
    if config["padding"] == "same":
        down, across = (
            same_padding(x.shape[2 + axis], config["kernelSize"][axis], config["strides"][axis]) for axis in (0, 1)
        )
        x = F.pad(x, (*across, *down))
    x = F.conv2d(x, kernel, tensors.get("bias"), stride=tuple(config["strides"]))
    return activate(x.permute(0, 2, 3, 1), config["activation"])


def max_pool2d(x, config, _):
    x = F.max_pool2d(x.permute(0, 3, 1, 2), tuple(config["poolSize"]), tuple(config["strides"]))
    return x.permute(0, 2, 3, 1)


def batch_norm(x, config, tensors):
    # Its running statistics change nothing here.
    x = F.batch_norm(
        x.movedim(-1, 1), None, None, tensors["gamma"], tensors["beta"], training=True, eps=config["epsilon"]
    )
    return x.movedim(1, -1)


def recurrent(directions):
    def run(x, _, tensors):
        weights = []
        for prefix in directions:
            bias = tensors[prefix + "bias"]
            weights += [tensors[prefix + "kernel"].T, tensors[prefix + "recurrentKernel"].T]
            weights += [bias, torch.zeros_like(bias)]
        units = weights[1].shape[1]
        start = torch.zeros(len(directions), len(x), units, dtype=x.dtype)
        # What torch.nn.LSTM calls: biases, one layer, no dropout, training, bidirectional, batch first.
        _, last, _ = torch.lstm(x, (start, start), weights, True, 1, 0.0, True, len(directions) > 1, True)
        return torch.cat(list(last), dim=1)

    return run


LAYERS = {
    "conv2d": conv2d,
    "maxPool2d": max_pool2d,
    "batchNorm": batch_norm,
    "lstm": recurrent([""]),
    "bilstm": recurrent(["forward.", "backward."]),
    "activation": lambda x, config, _: activate(x, config["function"]),
    "dense": lambda x, config, tensors: activate(x @ tensors["kernel"] + tensors.get("bias", 0), config["activation"]),
    "flatten": lambda x, *_: x.flatten(1),
    "reshape": lambda x, config, _: x.reshape(len(x), *config["targetShape"]),
    "globalAveragePool2d": lambda x, *_: x.mean(dim=(1, 2)),
}


def gradients(work, values, dtype):
    tensors = {name: value.to(dtype).requires_grad_() for name, value in values["weights"].items()}
    results = {"$images": values["images"].to(dtype)}
    before = "$images"
    for config in work["layers"]:
        name = config["name"]
        read = [results[each] for each in config.get("inputs", [before])]
        own = {key[len(name) + 1 :]: value for key, value in tensors.items() if key.startswith(name + ".")}
        results[name] = sum(read[1:], read[0]) if config["type"] == "add" else LAYERS[config["type"]](*read, config, own)
        before = name
    F.cross_entropy(results[before], torch.tensor(work["labels"])).backward()
    return {name: tensor.grad.double() for name, tensor in tensors.items()}


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
