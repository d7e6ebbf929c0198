"""PyTorch as the rival, eager as most people train with it: any network that heddle describes (question.ts)."""

from serve import missing, serve

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    missing(f"Python has no torch ({error})")


def conv2d(node, groups):
    top, bottom, left, right = node["zeros"]
    # Heddle's uneven zeros, as Keras has them, are the wider side's on both here: as many windows, without a copy.
    return nn.Conv2d(
        node["inputShape"][2],
        node.get("filters", node["inputShape"][2]),
        tuple(node["kernelSize"]),
        tuple(node["strides"]),
        (max(top, bottom), max(left, right)),
        groups=groups,
        bias=node.get("useBias", True),
    )


class LastStates(nn.Module):
    """An LSTM's state after its last step, of both directions side by side."""

    def __init__(self, node, both_ways):
        super().__init__()
        self.lstm = nn.LSTM(node["inputShape"][1], node["units"], batch_first=True, bidirectional=both_ways)

    def forward(self, x):
        _, (last, _) = self.lstm(x)
        return torch.cat(list(last), 1)


class Reshape(nn.Module):
    """Of images of one channel, whose numbers lie alike in every layout."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(len(x), *self.shape)


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Sum(nn.Module):
    def forward(self, x, *others):
        return sum(others, x)


MODULES = {
    "activation": lambda _: nn.Identity(),
    "add": lambda _: Sum(),
    "batchNorm": lambda node: nn.BatchNorm2d(
        node["inputShape"][2], eps=node["epsilon"], momentum=1 - node["momentum"]
    ),
    "bilstm": lambda node: LastStates(node, True),
    "conv2d": lambda node: conv2d(node, node.get("groups", 1)),
    "dense": lambda node: nn.Linear(node["inputShape"][0], node["units"], bias=node.get("useBias", True)),
    "depthwiseConv2d": lambda node: conv2d(node, node["inputShape"][2]),
    "dropout": lambda node: nn.Dropout(node["rate"]),
    "flatten": lambda _: nn.Flatten(),
    "globalAveragePool2d": lambda _: GlobalAverage(),
    "lstm": lambda node: LastStates(node, False),
    "maxPool2d": lambda node: nn.MaxPool2d(tuple(node["poolSize"]), tuple(node["strides"])),
    "reshape": lambda node: Reshape(node["targetShape"]),
}


class Network(nn.Module):
    def __init__(self, nodes):
        super().__init__()
        self.parts = nn.ModuleList(MODULES[node["type"]](node) for node in nodes)
        readers = [name for node in nodes for name in node["reads"]]
        self.steps = []
        for node, part in zip(nodes, self.parts):
            name = node.get("function", node.get("activation", "linear"))
            # Written over what it reads, as is usual, where nobody else reads that.
            alone = node["type"] != "activation" or readers.count(node["reads"][0]) == 1
            function = None if name == "linear" else getattr(torch, name + "_" if alone else name)
            self.steps.append((node["name"], node["reads"], part, function))

    def forward(self, x):
        values = {"$images": x}
        for name, reads, part, function in self.steps:
            x = part(*(values[each] for each in reads))
            values[name] = x = function(x) if function else x
        return x


def trained(network):
    """Numbers that are trained; of an LSTM's two biases, which only count as their sum, the one that others have."""
    return sum(each.numel() for name, each in network.named_parameters() if "bias_hh" not in name)


def build(question):
    """Gives a call for each turn, and how many numbers are trained"""
    torch.manual_seed(1)
    torch.set_num_threads(question["threads"])
    description = question["network"]
    network = Network(description["nodes"])
    height, width, channels = description["inputShape"]
    images = torch.randn(question["batch"], channels, height, width)
    if question["layout"] == "channels-last":
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    if question["kind"] == "infer":
        network.eval()

        def predict():
            with torch.inference_mode():
                torch.softmax(network(images), 1)

        return predict, trained(network)

    network.train()
    labels = torch.randint(0, 10, (question["batch"],))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(network(images), labels).backward()
        optimizer.step()

    return step, trained(network)


serve("PyTorch", torch.__version__.split("+")[0], build)
