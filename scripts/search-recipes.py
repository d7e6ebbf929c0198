"""Looks for the settings of recipes with PyTorch on one GPU, where a training takes seconds, and keeps every trial.

    python3 scripts/search-recipes.py TRAIN-IMAGES TRAIN-LABELS OUT.json --seconds 540 --workers 15 [--cifar TAR] [--families A,B]

What OUT.json holds of a search before is kept, and gone on from.

Fashion-MNIST's training images alone are read, as IDX files (CIFAR-10's from a tar of train/CLASS/NAME.jpg): 48,000 of
them train and 12,000 validate, and every figure is of those that validate. Networks, optimizers, augmentations and
schedules are heddle's, written again in a few lines each; arithmetic is bfloat16 in the convolutions of all networks but
the paper's. Each family of trials begins with a few that were thought of, then changes one to three settings of one of the
best five so far, and looks at the best once more in a fifth of the cases. What a trial would take on two cores with heddle
bounds what is tried; those milliseconds a step of 128 images were measured beforehand, on a machine that did other work.

Its results chose settings; no figure of a recipe comes from here.
"""
import argparse, gzip, io, json, lzma, math, multiprocessing, os, random, sys, tarfile, time, traceback
import numpy as np
import torch
import torch.nn.functional as F

NETWORKS = {
    "earlyPool16": dict(widths=[16, 32, 64], depth=2, early=True, ms=12),
    "earlyPool24": dict(widths=[24, 48, 96], depth=2, early=True, ms=23),
    "earlyPool32": dict(widths=[32, 64, 128], depth=2, early=True, ms=36),
    "earlyPool48": dict(widths=[48, 96, 144], depth=2, early=True, ms=62),
    "earlyPool64": dict(widths=[64, 128, 256], depth=2, early=True, ms=130),
    "earlyPool32-one": dict(widths=[32, 64, 128], depth=1, early=True, ms=20),
    "earlyPool32-residual": dict(widths=[32, 64, 128], depth=3, early=True, residual=True, ms=50),
    "earlyPool64-residual": dict(widths=[64, 128, 256], depth=3, early=True, residual=True, ms=190),
    "vggTiny": dict(widths=[16, 32, 64], depth=3, early=False, ms=49),
    "vggNarrow": dict(widths=[32, 64, 128], depth=2, early=False, ms=92),
    "vggSmall": dict(widths=[64, 128, 256], depth=2, early=False, ms=335),
    "airbench": dict(widths=[64, 256, 256], depth=2, early=True, ms=300),
    "proposed": dict(ms=13.3),
}
USUAL = dict(learningRate=0.02, weightDecay=0.05, momentum=0.9, iterations=3, adamShare=0.1, beta2=0.999, warmup=1,
             schedule="cosine", labelSmoothing=0.05, flip=True, shift=0, reflect=False, erase=0, batchSize=128,
             weightAverage=0.998, batchNormKeep=0.9, logitScale=1, dropout=1, sharpness=0, seed=0)
TEACHERS = {
    "smoothed": dict(USUAL, network="earlyPool48", epochs=20, labelSmoothing=0.1, shift=1, erase=0.2, learningRate=0.01, warmup=2),
    "residual": dict(USUAL, network="earlyPool32-residual", epochs=20, labelSmoothing=0.1, shift=1, erase=0.2, learningRate=0.01, warmup=2),
    "plain": dict(USUAL, network="earlyPool48", epochs=20, labelSmoothing=0, shift=1, erase=0.2, learningRate=0.01, warmup=2, flip="alternate"),
    "narrow": dict(USUAL, network="vggNarrow", epochs=30, labelSmoothing=0, shift=1, erase=0.2, learningRate=0.01, warmup=1, flip="alternate"),
}
VALUES = dict(learningRate=[.0025, .004, .006, .01, .015, .02, .03, .045], weightDecay=[.01, .02, .05, .1, .2],
              momentum=[.8, .85, .9, .95], iterations=[3, 5], adamShare=[.02, .05, .1, .2, .4], beta2=[.95, .99, .999],
              labelSmoothing=[0, .05, .1, .2], flip=[False, True, "alternate"], shift=[0, 1, 2], erase=[0, .1, .2, .35],
              weightAverage=[.99, .998, .9995], schedule=["cosine", "linear"])
NORMS = dict(batchNormKeep=[.9, .8, .6], logitScale=[1, .25])
TEACHING = dict(teacherWeight=[.5, .7, .9, 1], teacherTemperature=[1, 1.5, 2, 3], teacher=list(TEACHERS))
LIGHT = dict(dropout=.25, shift=1, erase=.1)
TAUGHT = dict(teacher="plain", teacherWeight=.9, teacherTemperature=2, labelSmoothing=0)
FAMILIES = {
    "paper-budget": dict(
        seconds=math.inf, fixed=dict(network="proposed", epochs=50, batchSize=128),
        values=dict(VALUES, **TEACHING, warmup=[0, 1, 2, 5], shift=[0, 1], erase=[0, .1, .2], dropout=[0, .25, .5, 1], sharpness=[0, .02, .05, .1]),
        start=[{}, TAUGHT, TAUGHT | dict(teacher="narrow"), LIGHT, TAUGHT | LIGHT, TAUGHT | LIGHT | dict(teacher="narrow"),
               dict(sharpness=.05), TAUGHT | LIGHT | dict(teacher="narrow", sharpness=.05)]),
    "proposed-tuned": dict(
        seconds=900, fixed=dict(network="proposed", epochs=120, batchSize=128),
        values=dict(VALUES, **TEACHING, warmup=[1, 2, 5], dropout=[0, .25, .5, .75, 1], epochs=[60, 120, 140], batchSize=[64, 128, 256]),
        start=[TAUGHT | LIGHT | dict(teacherWeight=.7, teacher="narrow"), TAUGHT | LIGHT | dict(teacher="narrow"), LIGHT,
               dict(TAUGHT, dropout=.5), TAUGHT | LIGHT | dict(teacherWeight=.7, teacherTemperature=1.5)]),
    "swift": dict(
        seconds=54, fixed={},
        values=dict(VALUES, **NORMS, warmup=[0, .25, .5, 1], network=["earlyPool16", "earlyPool24", "earlyPool32-one", "proposed"],
                    epochs=list(range(2, 11)), batchSize=[64, 128, 256, 512], dropout=[0, .25]),
        start=[dict(network="earlyPool16", epochs=9, warmup=.5), dict(network="earlyPool24", epochs=5, warmup=.5),
               dict(network="earlyPool32-one", epochs=5, warmup=.5), dict(network="proposed", dropout=0, epochs=8, warmup=.5)]),
    "half-a-minute": dict(
        seconds=28, fixed={},
        values=dict(VALUES, **NORMS, warmup=[0, .25, .5, 1], network=["earlyPool16", "earlyPool24", "earlyPool32-one", "proposed"],
                    epochs=[2, 3, 4, 5], batchSize=[64, 128, 256, 512], dropout=[0]),
        start=[dict(network="earlyPool16", epochs=4, warmup=.5), dict(network="earlyPool24", epochs=2, warmup=.25)]),
    "balanced": dict(
        seconds=840, fixed={},
        values=dict(VALUES, **NORMS, warmup=[1, 2, 3], network=["earlyPool32", "earlyPool48", "earlyPool32-residual", "vggTiny", "vggNarrow"],
                    epochs=[10, 15, 20, 25, 30, 35, 40], batchSize=[64, 128, 256]),
        start=[dict(network=name, epochs=epochs, shift=1, erase=erase, learningRate=.015) for name, epochs, erase in
               [("earlyPool32", 35, .2), ("earlyPool48", 25, .2), ("earlyPool32-residual", 30, .2), ("vggTiny", 30, .1), ("vggNarrow", 18, .2)]]),
    "accurate": dict(
        seconds=3400, fixed={},
        values=dict(VALUES, **NORMS, warmup=[1, 2, 3], network=["earlyPool64", "earlyPool64-residual", "vggSmall", "vggNarrow", "earlyPool48"],
                    epochs=[12, 16, 20, 25, 30, 36], batchSize=[64, 128, 256]),
        start=[dict(network=name, epochs=epochs, shift=2, erase=.35, labelSmoothing=.1, learningRate=.01) for name, epochs in
               [("earlyPool64-residual", 30), ("vggSmall", 20), ("earlyPool64", 36), ("vggNarrow", 36)]]),
    "cifar": dict(
        seconds=3600, cifar=True, fixed={},
        values=dict(VALUES, **NORMS, shift=[2, 3, 4], warmup=[1, 2, 3], network=["vggSmall", "airbench", "earlyPool64-residual"],
                    epochs=[12, 16, 20, 25, 30, 40], batchSize=[64, 128, 256, 512], flip=[True, "alternate"], reflect=[False, True]),
        start=[dict(dict(network="airbench", epochs=28, shift=2, labelSmoothing=.2, learningRate=rate, flip="alternate", reflect=True, batchSize=size), **more)
               for rate, size, more in [(.015, 128, {}), (.03, 512, {}), (.015, 128, dict(erase=.35, shift=4)), (.015, 256, dict(batchNormKeep=.6, logitScale=.25))]]),
}
# Which families a worker goes round; as many workers as there are lines.
WORK = ["paper-budget proposed-tuned"] * 4 + ["cifar"] * 3 + ["accurate"] * 3 + ["balanced"] * 2 + ["swift half-a-minute"] * 3

cuda = torch.cuda.is_available()
device = "cuda" if cuda else "cpu"


class Tensors:
    """A network's trained tensors, those that Muon takes, and running statistics."""

    def __init__(self):
        self.trained, self.matrices, self.running = [], set(), []

    def add(self, tensor, matrix=False):
        if matrix:
            self.matrices.add(len(self.trained))
        self.trained.append(tensor.to(device).requires_grad_(True))
        return self.trained[-1]


def glorot(*shape):
    window = math.prod(shape[2:])
    return (torch.rand(*shape) * 2 - 1) * math.sqrt(6 / ((shape[0] + shape[1]) * window))


def batch_norm(tensors, channels, keep):
    gamma, beta = tensors.add(torch.ones(channels)), tensors.add(torch.zeros(channels))
    mean, variance = torch.zeros(channels, device=device), torch.ones(channels, device=device)
    tensors.running += [mean, variance]
    return lambda x, training: F.batch_norm(x, mean, variance, gamma, beta, training, 1 - keep, 1e-5)


def proposed(tensors, dropout):
    kernels = [tensors.add(glorot(o, i, 3, 3), i > 1) for o, i in [(32, 1), (64, 32), (128, 64), (256, 128)]]
    biases = [tensors.add(torch.zeros(n)) for n in (32, 64, 128, 256)]
    dense = [(tensors.add(glorot(o, i), o > 10), tensors.add(torch.zeros(o))) for o, i in [(256, 256), (128, 256), (10, 128)]]

    def forward(x, training):
        drop = lambda x, rate: F.dropout(x, rate * dropout, training)
        convolved = lambda x, n: F.relu(F.conv2d(x, kernels[n], biases[n]))
        x = drop(F.max_pool2d(convolved(x, 0), 2), .25)
        x = drop(F.max_pool2d(convolved(x, 1), 2), .25)
        x = drop(convolved(convolved(x, 2), 3), .5).flatten(1)
        x = drop(F.relu(F.linear(F.relu(F.linear(x, *dense[0])), *dense[1])), .5)
        return F.linear(x, *dense[2]).float()

    return forward


def whitening_kernel(x):
    channels = x.shape[1]
    patches = x.unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, channels * 4).double()
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    kernel = (vectors / torch.sqrt(values + 5e-4)).T.reshape(-1, channels, 2, 2)
    return torch.cat([kernel, -kernel]).float().to(device)


def pooled(tensors, images, settings, widths, depth, early, residual=False, ms=0):
    """Blocks of 3×3 convolutions, pooled behind the first of each block and whitened first, or behind the last."""
    inputs = images.shape[1]
    if early:
        whitening, bias = whitening_kernel(images), tensors.add(torch.zeros(8 * inputs))
        inputs *= 8
    layers = []
    for width in widths:
        for _ in range(depth):
            kernel = torch.randn(width, inputs, 3, 3) * math.sqrt(2 / (inputs * 9))
            layers.append((tensors.add(kernel.contiguous(memory_format=torch.channels_last), early or len(layers) > 0),
                           batch_norm(tensors, width, settings["batchNormKeep"])))
            inputs = width
    weight, offset = tensors.add(glorot(10, inputs)), tensors.add(torch.zeros(10))

    def forward(x, training):
        x = x.contiguous(memory_format=torch.channels_last)
        if early:
            x = F.relu(F.conv2d(x, whitening.to(x.dtype), bias.to(x.dtype)))
        for index, (kernel, norm) in enumerate(layers):
            first, last = index % depth == 0, index % depth == depth - 1
            y = F.conv2d(x, kernel, padding=1)
            y = norm(F.max_pool2d(y, 2) if early and first else y, training)
            x = F.relu(y + skip if residual and last and not first else y)
            if first:
                skip = x
            if last and not early:
                x = F.max_pool2d(x, 2)
        x = x.amax((2, 3)) if early else x.mean((2, 3))
        return (F.linear(x, weight, offset) * settings["logitScale"]).float()

    return forward


def varied(x, flipped, settings, black):
    """x normalized, [N, C, H, W]; borders and erased boxes are black before normalization."""
    count, _, height, width = x.shape
    if flipped is not None:
        x = torch.where(flipped.view(-1, 1, 1, 1), x.flip(3), x)
    shift, share = settings["shift"], settings["erase"]
    if shift:
        x = F.pad(x - black, (shift,) * 4, mode="reflect" if settings["reflect"] else "constant") + black
        rows, columns = (torch.randint(0, 2 * shift + 1, (count, 1), device=device) + torch.arange(n, device=device) for n in (height, width))
        images = torch.arange(count, device=device).view(-1, 1, 1)
        x = x.permute(0, 2, 3, 1)[images, rows.unsqueeze(2), columns.unsqueeze(1)].permute(0, 3, 1, 2)
    if share:
        uniform = lambda: torch.rand(count, device=device)
        area = (.02 + uniform() * (share - .02)) * height * width
        tall = (area * .3 ** (uniform() * 2 - 1)).sqrt().floor().clamp(1, height)
        wide = (area / tall).floor().clamp(0, width)
        left, top, chosen = (uniform() * (width - wide + 1)).floor(), (uniform() * (height - tall + 1)).floor(), uniform() < .5
        y, column = torch.arange(height, device=device).view(1, -1, 1), torch.arange(width, device=device).view(1, 1, -1)
        per = lambda value: value.view(-1, 1, 1)
        box = (y >= per(top)) & (y < per(top + tall)) & (column >= per(left)) & (column < per(left + wide)) & per(chosen)
        x = torch.where(box.unsqueeze(1), black, x)
    return x


def read_bytes(path):
    opened = {".gz": gzip.open, ".xz": lzma.open}.get(os.path.splitext(path)[1], open)
    with opened(path, "rb") as file:
        return file.read()


def read_data(options, cifar):
    if not cifar:
        images = np.frombuffer(read_bytes(options.images)[16:], np.uint8).reshape(-1, 1, 28, 28)
        labels, held = np.frombuffer(read_bytes(options.labels)[8:], np.uint8), 12_000
    else:
        from PIL import Image
        with tarfile.open(options.cifar) as tar:
            files = [(member.name.split("/")[-2], tar.extractfile(member).read()) for member in tar if member.isfile()]
        classes = sorted({name for name, _ in files})
        images = np.stack([np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for _, data in files]).transpose(0, 3, 1, 2)
        labels, held = np.array([classes.index(name) for name, _ in files]), 10_000
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(7))
    images, labels = torch.from_numpy(images.copy()), torch.from_numpy(labels.copy()).long()
    train, validation = order[held:], order[:held]
    pixels = images[train].float() / 255
    parts = images[train], labels[train], images[validation], labels[validation], pixels.mean((0, 2, 3)), pixels.std((0, 2, 3))
    return [part.to(device) for part in parts]


def train(settings, data, teachers=None, keep_logits=False):
    images, labels, validation_images, validation_labels, mean, deviation = data
    normalized = lambda x: (x.float() / 255 - mean.view(1, -1, 1, 1)) / deviation.view(1, -1, 1, 1)
    black = (-mean / deviation).view(1, -1, 1, 1)
    torch.manual_seed(settings["seed"])
    tensors, name = Tensors(), settings["network"]
    if name == "proposed":
        network, half = proposed(tensors, settings["dropout"]), False
    else:
        network, half = pooled(tensors, normalized(images[:5000]).cpu(), settings, **NETWORKS[name]), cuda
    size, count = settings["batchSize"], len(images)
    steps = count // size
    total = steps * settings["epochs"]
    targets = F.one_hot(labels, 10) * (1 - settings["labelSmoothing"]) + settings["labelSmoothing"] / 10
    if "teacher" in settings:
        said = torch.stack([F.softmax(logits.float().to(device) / settings["teacherTemperature"], 1) for logits in teachers[settings["teacher"]]])
        targets = (1 - settings["teacherWeight"]) * targets + settings["teacherWeight"] * said.mean(0)

    batch = torch.zeros(size, dtype=torch.long, device=device)
    rate, step, epoch = (torch.zeros((), device=device, dtype=kind) for kind in (torch.float, torch.float, torch.long))
    side = torch.randint(0, 2, (count,), device=device)
    trained = tensors.trained
    matrices, others = ([i for i in range(len(trained)) if (i in tensors.matrices) is taken] for taken in (True, False))
    sums = [torch.zeros_like(trained[i]) for i in matrices]
    first, second = ([torch.zeros_like(trained[i]) for i in others] for _ in range(2))
    moving = trained + tensors.running
    average = [tensor.detach().clone() for tensor in moving]
    alike = {}
    for at, i in enumerate(matrices):
        alike.setdefault((trained[i].shape[0], trained[i][0].numel()), []).append(at)

    def gradients_of(x):
        with torch.autocast("cuda", torch.bfloat16, enabled=half):
            logits = network(x, True)
        return torch.autograd.grad(-(targets[batch] * F.log_softmax(logits, 1)).sum(1).mean(), trained)

    def one_step():
        flipped = None
        if settings["flip"] == "alternate":
            flipped = (side[batch] + epoch) % 2 == 1
        elif settings["flip"]:
            flipped = torch.rand(size, device=device) < .5
        x = varied(normalized(images[batch]), flipped, settings, black)
        gradients = gradients_of(x)
        with torch.no_grad():
            if settings["sharpness"]:  # Foret et al. 2021, arXiv 2010.01412: the gradient from where the loss is highest nearby.
                norm = torch.stack([gradient.norm() for gradient in gradients]).norm()
                away = torch._foreach_mul(gradients, settings["sharpness"] / (norm + 1e-12))
                torch._foreach_add_(trained, away)
                with torch.enable_grad():
                    gradients = gradients_of(x)
                torch._foreach_sub_(trained, away)
            step.add_(1)
            muon([gradients[i] for i in matrices])
            adamw([gradients[i] for i in others])
            share = (1 - settings["weightAverage"]) / (1 - settings["weightAverage"] ** step)
            for mine, tensor in zip(average, moving):
                mine.add_((tensor - mine) * share)

    def muon(gradients):
        if not gradients:
            return
        torch._foreach_mul_(sums, settings["momentum"])
        torch._foreach_add_(sums, gradients)
        moves = torch._foreach_add(gradients, sums, alpha=settings["momentum"])
        for (outputs, inputs), places in alike.items():
            x = torch.stack([moves[at].contiguous().reshape(outputs, inputs) for at in places])
            x = x.mT if outputs > inputs else x
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            x = x.bfloat16() if cuda else x
            for _ in range(settings["iterations"]):
                square = x @ x.mT
                x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
            x = (x.mT if outputs > inputs else x).float()
            for move, at in zip(x, places):
                tensor = trained[matrices[at]]
                tensor.mul_(1 - rate * settings["weightDecay"])
                tensor.sub_(rate * math.sqrt(max(1, outputs / inputs)) * move.reshape(tensor.shape))

    def adamw(gradients, beta1=.9):
        beta2, share = settings["beta2"], settings["adamShare"] * rate
        torch._foreach_mul_(first, beta1)
        torch._foreach_add_(first, gradients, alpha=1 - beta1)
        torch._foreach_mul_(second, beta2)
        torch._foreach_addcmul_(second, gradients, gradients, value=1 - beta2)
        for i, m, v in zip(others, first, second):
            trained[i].mul_(1 - share * settings["weightDecay"])
            trained[i].sub_(share * (m / (1 - beta1 ** step)) / ((v / (1 - beta2 ** step)).sqrt() + 1e-8))

    def rate_at(done):
        warm = settings["warmup"] * steps
        if done < warm:
            return settings["learningRate"] * (done + 1) / warm
        share = (done - warm) / max(1, total - warm)
        return settings["learningRate"] * (.5 * (1 + math.cos(math.pi * share)) if settings["schedule"] == "cosine" else 1 - share)

    replay = one_step
    if cuda:  # A step of these networks is many small kernels: recorded once, then played.
        before = [tensor.detach().clone() for tensor in moving]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                one_step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            one_step()
        replay = graph.replay
        with torch.no_grad():
            for tensor, mine, kept in zip(moving, average, before):
                tensor.copy_(kept)
                mine.copy_(kept)
            for state in (sums, first, second, [step]):
                for tensor in state:
                    tensor.zero_()
    for at in range(total):
        if at % steps == 0:
            order = torch.randperm(count, device=device)
            epoch.fill_(at // steps)
        batch.copy_(order[at % steps * size:][:size])
        rate.fill_(rate_at(at))
        replay()

    def logits_of(x, mirrored, shift=0):
        height, width = x.shape[2:]
        seen = F.pad(x.float(), (1,) * 4, mode="reflect")[:, :, 1 - shift:, 1 - shift:][:, :, :height, :width] if shift else x
        with torch.no_grad(), torch.autocast("cuda", torch.bfloat16, enabled=half):
            parts = [normalized(part) for part in seen.split(4000)]
            return torch.cat([network(part.flip(3) if mirrored else part, False).float() for part in parts])

    result = {}
    kept = [logits_of(images, mirrored).half().cpu() for mirrored in (False, True)] if keep_logits else None
    for which in ("last", "average"):
        if which == "average":
            with torch.no_grad():
                for tensor, mine in zip(moving, average):
                    tensor.copy_(mine)
        sides = [F.softmax(logits_of(validation_images, mirrored), 1) for mirrored in (False, True)]
        both = (sides[0] + sides[1]) / 2
        shifted = sum(F.softmax(logits_of(validation_images, mirrored, shift), 1) for mirrored in (False, True) for shift in (-1, 1)) / 4
        share = lambda p: round((p.argmax(1) == validation_labels).float().mean().item(), 5)
        result[which] = dict(accuracy=share(sides[0]), accuracyOfBothSides=share(both), accuracyOfAllViews=share((both + shifted) / 2),
                             loss=round(F.nll_loss(both.clamp_min(1e-12).log(), validation_labels).item(), 4))
    return (result, kept) if keep_logits else result


def seconds_on_two_cores(settings, images):
    return settings["epochs"] * images / 128 * NETWORKS[settings["network"]]["ms"] / 1000


def best(result):
    return max(result[which]["accuracyOfBothSides"] for which in ("last", "average"))


def next_settings(family, trials, draw):
    about = FAMILIES[family]
    if len(trials) < len(about["start"]):
        return dict(USUAL, **about["fixed"], **about["start"][len(trials)])
    without_seed = lambda settings: json.dumps({**settings, "seed": 0}, sort_keys=True)
    alike = {}
    for trial in trials:
        if "result" in trial:
            alike.setdefault(without_seed(trial["settings"]), []).append(trial)
    if not alike:
        return dict(USUAL, **about["fixed"], **about["start"][0], seed=len(trials))
    cautious = lambda group: sum(best(t["result"]) for t in group) / len(group) - .0012 / math.sqrt(len(group))
    ranked = sorted(alike.values(), key=cautious, reverse=True)
    if draw.random() < .2:
        return dict(ranked[0][0]["settings"], seed=len(trials))
    parent = ranked[min(len(ranked) - 1, int(draw.random() ** 2 * 5))][0]["settings"]
    for _ in range(200):
        child = dict(parent, seed=len(trials))
        for _ in range(draw.choice([1, 1, 2, 2, 3])):
            name, values = draw.choice(list(about["values"].items()))
            child[name] = draw.choice(values)
        if "teacherWeight" in child or "teacherTemperature" in child or "teacher" in child:
            child = {**TAUGHT, **child}
        if without_seed(child) not in alike and seconds_on_two_cores(child, 50_000 if about.get("cifar") else 60_000) <= about["seconds"]:
            return child
    return dict(parent, seed=len(trials))


def work(families, number, options, until, trials, lock, teachers):
    draw, data = random.Random(number), {}
    names = list(TEACHERS)
    if number < len(names) and names[number] not in teachers:
        data[False] = read_data(options, False)
        result, logits = train(TEACHERS[names[number]], data[False], keep_logits=True)
        teachers[names[number]] = logits
        trials.append(dict(family="teacher", name=names[number], settings=TEACHERS[names[number]], result=result))
    for turn in range(10 ** 6):
        family = families[(turn + number) % len(families)]
        if family in ("paper-budget", "proposed-tuned"):
            while len(teachers) < len(names) and time.time() < until:
                time.sleep(.5)
        if time.time() > until:
            return
        cifar = FAMILIES[family].get("cifar", False)
        if cifar and not options.cifar:
            return
        data[cifar] = data.get(cifar) or read_data(options, cifar)
        with lock:
            mine = [trial for trial in trials if trial["family"] == family]
            trial = dict(family=family, settings=next_settings(family, mine, draw))
            trials.append(trial)
            at = len(trials) - 1
        began = time.time()
        try:
            trial["result"] = train(trial["settings"], data[cifar], dict(teachers))
        except Exception:
            trial["error"] = traceback.format_exc(limit=2)
        trials[at] = dict(trial, seconds=round(time.time() - began, 1))
        if "error" in trial:
            raise SystemExit(1)  # The device may be lost to this process.


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("images", "labels", "out"):
        parser.add_argument(name)
    parser.add_argument("--cifar")
    parser.add_argument("--families", default="", help="those to look through, instead of all")
    parser.add_argument("--seconds", type=float, default=540)
    parser.add_argument("--workers", type=int, default=len(WORK))
    options = parser.parse_args()
    earlier, told, note = kept_before(options.out, parser)
    command = " ".join(["python3 scripts/search-recipes.py", *map(without_folder, sys.argv[1:])])
    about = dict(this_device(), command="; ".join([*told, command]), **note)
    until = time.time() + options.seconds
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        trials, lock, teachers = manager.list(earlier), manager.Lock(), manager.dict()
        lines = [line for line in options.families.split(",") if line] or WORK
        start = lambda n: context.Process(target=work, args=(lines[n % len(lines)].split(), n, options, until, trials, lock, teachers))
        workers = [start(n) for n in range(options.workers)]
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            time.sleep(2)
            keep(list(trials), about, options.out)
            for n, worker in enumerate(workers):
                if worker.exitcode and time.time() < until:
                    workers[n] = start(n)
                    workers[n].start()
        keep(list(trials), about, options.out)


def this_device():
    return dict(device=torch.cuda.get_device_name() if cuda else "cpu", torch=torch.__version__)


def without_folder(argument):
    """Where a file lies on this machine is nobody's business, but for what lies within the repository."""
    return os.path.basename(argument) if os.path.isabs(argument) else argument


def kept_before(place, parser):
    """Of the searches that OUT.json is of so far: trials, commands and note."""
    if not os.path.exists(place):
        return [], [], {}
    with open(place) as file:
        before = json.load(file)
    for key, value in this_device().items():
        if before[key] != value:
            parser.error(f"{place} is of {key} {before[key]}, and this is {value}: name another file")
    of = lambda key: {key: before[key]} if key in before else {}
    return before["trials"], list(of("command").values()), of("note")


def keep(trials, about, place):
    kept = [trial for trial in trials if "result" in trial or "error" in trial]
    with open(place + ".new", "w") as file:
        json.dump(dict(about, trials=kept), file, indent=1)
        file.write("\n")
    os.replace(place + ".new", place)


if __name__ == "__main__":
    main()
