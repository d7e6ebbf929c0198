"""PyTorch as the rival: Debian's python3-torch and libopenblas0, or any other.

Reads lines of JSON like {"kind": "train", "model": "proposed", "batch": 128, "layout": "channels-last", "threads": 2}
and answers each with {"ms": milliseconds a step}. What is asked for is built and warmed up the first time.
"""

import json
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(json.dumps({"missing": f"Python has no torch ({error})"}), flush=True)
    sys.exit()


class Proposed(nn.Module):
    """C1 M1 C2 M2 C3 C4 FC1 FC2 and the output, dropout as in the paper's Table 1."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.c3, self.c4 = nn.Conv2d(64, 128, 3), nn.Conv2d(128, 256, 3)
        self.fc1, self.fc2, self.out = nn.Linear(256, 256), nn.Linear(256, 128), nn.Linear(128, 10)

    def forward(self, x):
        drop = functional.dropout
        x = drop(functional.max_pool2d(functional.relu(self.c1(x)), 2), 0.25, self.training)
        x = drop(functional.max_pool2d(functional.relu(self.c2(x)), 2), 0.25, self.training)
        x = functional.relu(self.c3(x))
        x = drop(functional.relu(self.c4(x)), 0.5, self.training).flatten(1)
        x = functional.relu(self.fc1(x))
        x = drop(functional.relu(self.fc2(x)), 0.5, self.training)
        return self.out(x)


class Plain(nn.Module):
    """C1, M1, dropout, a dense layer of 128."""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 32, 3)
        self.fc1, self.out = nn.Linear(13 * 13 * 32, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.c1(x)), 2)
        x = functional.dropout(x, 0.25, self.training).flatten(1)
        return self.out(functional.relu(self.fc1(x)))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.out = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.c1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.c2(x)), 2).flatten(1)
        return self.out(functional.relu(self.fc2(functional.relu(self.fc1(x)))))


class Recurrent(nn.Module):
    """28 rows as 28 steps, 128 units each way."""

    def __init__(self, both_ways):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True, bidirectional=both_ways)
        self.out = nn.Linear(256 if both_ways else 128, 10)
        self.both_ways = both_ways

    def forward(self, x):
        states, _ = self.lstm(x.squeeze(1))
        last = states[:, -1, :128]
        return self.out(torch.cat([last, states[:, 0, 128:]], 1) if self.both_ways else last)


MODELS = {
    "proposed": Proposed,
    "cnn": Plain,
    "lenet": LeNet,
    "lstm": lambda: Recurrent(False),
    "bilstm": lambda: Recurrent(True),
}


def build(kind, model, batch, layout):
    torch.manual_seed(1)
    network = MODELS[model]()
    images = torch.randn(batch, 1, 28, 28)
    if layout == "channels-last":
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    if kind == "infer":
        network.eval()

        def predict():
            with torch.inference_mode():
                torch.softmax(network(images), 1)

        return predict

    network.train()
    labels = torch.randint(0, 10, (batch,))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(network(images), labels).backward()
        optimizer.step()

    return step


def milliseconds(work, turns):
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - start) * 1000 / turns


def main():
    print(json.dumps({"rival": "PyTorch", "version": torch.__version__}), flush=True)
    built = {}
    for line in sys.stdin:
        asked = json.loads(line)
        torch.set_num_threads(asked["threads"])
        key = (asked["kind"], asked["model"], asked["batch"], asked["layout"], asked["threads"])
        if key not in built:
            work = build(*key[:4])
            milliseconds(work, 5)
            # As many turns as fill a round of heddle's.
            built[key] = (work, max(3, round(60 / milliseconds(work, 5))))
        print(json.dumps({"ms": milliseconds(*built[key])}), flush=True)


main()
