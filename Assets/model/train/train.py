"""Trains the digit network and writes Assets/model/digits.safetensors and golden.safetensors.

    python train.py --data ../../../../shared/data --renderer ../../../.build/release/stroke-render

Seeds are fixed; on a GPU when there is one. First large networks are trained, from which the panel's learns besides the
labels: they look once at many bent images, and from then on what they said is read from memory. The panel's learns in floating
point (bfloat16 where the processor multiplies it) with batch normalisation: one cycle of the rate, then a steady rate, of which
the mean of the weights is kept; then as its integer shadow. What is written is the last checkpoint; the validation parts choose
only the temperature and the threshold.
"""

import argparse
import copy
import functools
import json
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save
from torch.optim.swa_utils import update_bn

import augment
import data as sets
import shapes
import strokes as ink
from integer import IntegerNet, reading
from network import FloatNet, ShadowNet, Teacher, bytes_to_input

HERE = Path(__file__).resolve().parent
CALM = 0.4  # of the usual bending, at the end
# What the threshold keeps of each validation set. Thinning has cost a few of the redrawn digits a stroke, and there are many hands.
KEPT = {"pen": 0.993, "mnist": 0.993, "redrawn": 0.98}


class Batches:
    """Batches of MNIST (six sixteenths), bent drawn digits (six) and non-digits (four).

    `strength` is the share of the usual bending.
    """

    def __init__(self, mnist, pool, size, seed, strength=1.0, device="cpu"):
        self.rng = np.random.default_rng(seed)
        self.strength = strength
        self.device = device
        self.mnist, self.mnist_labels = (torch.from_numpy(np.ascontiguousarray(a)).to(device) for a in mnist)
        images, labels = pool
        self.pool, self.pool_labels = torch.from_numpy(images).to(device), torch.from_numpy(labels).to(device)
        self.digits = np.flatnonzero(labels < sets.NOT_A_DIGIT)
        self.others = np.flatnonzero(labels == sets.NOT_A_DIGIT)
        # Digits that are none when they stand on their head.
        self.turned = np.flatnonzero(np.isin(mnist[1], (3, 4, 7)))
        self.sizes = (size * 6 // 16, size * 6 // 16, size - size * 6 // 16 * 2)

    def next(self):
        """Bytes (n, 1, 28, 28) and labels (n,), where the sets lie."""
        a, b, c = self.sizes
        flips = c // 16
        i = self.rng.integers(len(self.mnist), size=a)
        j = np.concatenate([self.rng.choice(self.digits, b), self.rng.choice(self.others, c - flips)])
        k = self.rng.choice(self.turned, flips)
        i, j, k = (torch.from_numpy(n).to(self.device) for n in (i, j, k))
        turned = torch.full((flips,), sets.NOT_A_DIGIT, dtype=torch.uint8, device=self.device)
        x = torch.cat([self.mnist[i], self.pool[j], self.mnist[k].flip(1, 2)])
        y = torch.cat([self.mnist_labels[i], self.pool_labels[j], turned])
        strength = torch.ones(len(x), device=self.device)
        strength[a : len(x) - flips] = 0.6
        strength *= self.strength
        order = torch.from_numpy(self.rng.permutation(len(x))).to(self.device)
        x = augment.bend(x[order].float() / 255, strength[order])
        return torch.round(x * 255).byte(), y[order]


class Feed:
    """Batches made ahead by a process of its own: on few and busy cores two processes of one thread each get further than
    two threads that wait for each other."""

    def __init__(self, make, device):
        if device == "cuda":
            self.next = make(device=device).next
            return
        context = get_context("fork")
        self.queue = context.Queue(8)
        self.process = context.Process(target=self._fill, args=(make,), daemon=True)
        self.process.start()

    def _fill(self, make):
        torch.set_num_threads(1)
        batches = make()
        while True:
            x, y = batches.next()
            self.queue.put((x.numpy(), y.numpy()))

    def next(self):
        x, y = self.queue.get()
        return torch.from_numpy(x), torch.from_numpy(y)


class Lessons:
    """Batches of images that are bent already, each with its label and what the teachers say of it, in random order.

    A look by the teachers takes many times as long as a step of the panel's network: so they look once.
    """

    def __init__(self, batches, count, teachers, seed, size):
        self.rng, self.size = np.random.default_rng([seed, count]), size
        x, y = zip(*(batches.next() for _ in range(count)))
        self.images, self.labels = torch.cat(x), torch.cat(y)
        self.said = torch.cat([said(teachers, x) for x in self.images.split(512)])
        self.order = None

    def next(self):
        """Bytes (n, 1, 28, 28), labels (n,), and the teachers' logits (n, 11)."""
        if self.order is None or self.at + self.size > len(self.order):
            self.order, self.at = torch.from_numpy(self.rng.permutation(len(self.images))).to(self.images.device), 0
        i = self.order[self.at : self.at + self.size]
        self.at += self.size
        return self.images[i], self.labels[i], self.said[i].float()


class Fading:
    """From `first` to `second`, by chance, more and more of the second from batch `begin` to batch `end`: the last thing that is
    learned is what people draw, not what bending makes of it."""

    def __init__(self, first, second, begin, end, seed):
        self.first, self.second, self.begin, self.end = first, second, begin, end
        self.rng, self.count = np.random.default_rng(seed), 0

    def next(self):
        late = (self.count - self.begin) / (self.end - self.begin)
        self.count += 1
        return (self.second if self.rng.random() < late else self.first).next()


@torch.no_grad()
def said(teachers, x):
    """The mean of the teachers' logits, in 16 bits, for bytes (n, 1, 28, 28)."""
    x = bytes_to_input(x.float()).to(memory_format=torch.channels_last)
    with half(x.device):
        return (sum(t(x).float() for t in teachers) / len(teachers)).half()


def half(device, wanted=True):
    """Multiplies in bfloat16 in what follows, where that is faster."""
    able = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=wanted and able)


@torch.no_grad()
def accuracy(net, images, labels):
    return 100 * float((logits_of(net, images)[:, :10].argmax(1).numpy() == labels).mean())


@torch.no_grad()
def logits_of(net, images):
    net.eval()
    device = next(net.parameters()).device
    parts = [
        net(bytes_to_input(torch.from_numpy(images[i : i + 1000, None].astype(np.float32)).to(device))).cpu()
        for i in range(0, len(images), 1000)
    ]
    net.train()
    return torch.cat(parts)


# How much of the loss is the teachers' word, and how soft it is made.
TAUGHT, SOFTNESS = 0.7, 3.0


def loss_of(logits, y, taught=None):
    """Cross entropy with the labels, and with what the teachers say where there are any (Hinton et al. 2015)."""
    loss = F.cross_entropy(logits, y)
    if taught is None:
        return loss
    soft = F.cross_entropy(logits / SOFTNESS, (taught / SOFTNESS).softmax(1)) * SOFTNESS**2
    return (1 - TAUGHT) * loss + TAUGHT * soft


def cycle(opt, steps, warm=0.1):
    """Up to the rate and down again (Smith 2018)."""
    return torch.optim.lr_scheduler.OneCycleLR(opt, opt.defaults["lr"], total_steps=steps, pct_start=warm)


def steady(opt, steps):
    """The rate all the way, but for a short beginning and a slow end."""
    return torch.optim.lr_scheduler.LambdaLR(
        opt, lambda step: min(1, (step + 1) / 500, max(0.05, (1 - step / steps) / 0.3))
    )


def train(net, batches, steps, rate, log, decay=0.02, schedule=cycle, ema=0.999, exact=False):
    """Steps of AdamW; returns the running mean of the weights."""
    # The order in which processors convolve fastest.
    net = net.to(memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=decay, fused=True)
    rates = schedule(opt, steps)
    mean = copy.deepcopy(net)
    averages, values = ([t for t in n.state_dict().values() if t.is_floating_point()] for n in (mean, net))
    start = time.time()
    total = 0.0
    for step in range(1, steps + 1):
        x, y, *taught = batches.next()
        x, y = bytes_to_input(x.float()).to(memory_format=torch.channels_last), y.long()
        with half(x.device, not exact):
            logits = net(x)
        loss = loss_of(logits.float(), y, *taught)
        opt.zero_grad()
        loss.backward()
        opt.step()
        rates.step()
        total += loss.detach()
        with torch.no_grad():
            keep = min(ema, step / (step + 10))
            torch._foreach_lerp_(averages, values, 1 - keep)
        if step % 1000 == 0 or step == steps:
            log(f"step {step} loss {total / (step % 1000 or 1000):.4f} {time.time() - start:.0f} s", mean)
            total = 0.0
    return mean


def fit_temperature(logits, labels):
    """The temperature that makes the ten probabilities of these digits most likely."""
    grid = np.exp(np.linspace(np.log(0.4), np.log(3), 120))
    losses = [F.cross_entropy(logits[:, :10] / t, labels).item() for t in grid]
    return float(grid[int(np.argmin(losses))])


def golden(net, renderer):
    """Own drawings, their images, and every logit and probability that the integers must give."""
    rng = np.random.default_rng(7)
    drawings = [ink.bend(shapes.digit(d, rng), rng) for d in range(10) for _ in range(3)]
    drawings += [ink.bend(shapes.shape(rng), rng) for _ in range(18)]
    images = ink.render([ink.place(d, rng) for d in drawings], renderer)
    logits = net.logits(images)
    probabilities, rejection = reading(logits)
    return dict(
        images=images.view(np.int8).copy(),  # bytes; the reader of the panel knows signed types only
        logits=logits,
        readings=np.concatenate([probabilities, rejection[:, None]], 1).astype(np.int32),
    )


def publish(shadow, validation, out, renderer):
    """Fits temperature and threshold on the validation parts, and writes the integer network and the golden drawings."""
    logits = torch.cat([logits_of(shadow, validation[k][0]) for k in KEPT])
    temperature = fit_temperature(logits, torch.from_numpy(np.concatenate([validation[k][1] for k in KEPT])).long())
    integer = IntegerNet.of(shadow, temperature)
    rejections = {k: reading(integer.logits(v[0]))[1] for k, v in validation.items()}
    threshold = int(max(np.quantile(rejections[k], share) for k, share in KEPT.items())) + 1
    version = f"{time.strftime('%Y-%m-%d', time.gmtime())}-{integer.fingerprint()}"
    integer.save(out / "digits.safetensors", version, threshold)
    (out / "golden.safetensors").write_bytes(save(golden(integer, renderer), {"model": version}))
    read = {k: integer.logits(validation[k][0])[:, :10].argmax(1) for k in KEPT}
    right = {k: 100 * float((read[k] == validation[k][1]).mean()) for k in KEPT}
    passed = {k: 100 * float((rejections[k] < threshold).mean()) for k in rejections}
    print(json.dumps(dict(version=version, temperature=temperature, threshold=threshold, validation=right, passed=passed)))


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--data", type=Path, default=HERE / "../../../../shared/data")
    args.add_argument("--renderer", type=Path, default=HERE / "../../../.build/release/stroke-render")
    args.add_argument("--out", type=Path, default=HERE.parent)
    args.add_argument("--steps", type=int, default=36000, help="on one cycle of the rate")
    args.add_argument("--steady", type=int, default=30000, help="steps at a sixth of the rate after that")
    args.add_argument("--rounding", type=int, default=4000, help="steps of the integer shadow at the end")
    args.add_argument("--batch", type=int, default=256)
    args.add_argument("--rounds", type=int, default=60, help="of bent drawings, 22,000 images each")
    args.add_argument("--rate", type=float, default=6e-3)
    args.add_argument("--resume", type=Path, help="a checkpoint whose floating-point network goes on learning")
    args.add_argument("--pool", type=Path, help="keep the rendered images here between runs")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--workers", type=int, default=2, help="processes that render")
    args.add_argument("--teachers", type=int, default=3, help="large networks to learn from")
    args.add_argument("--teacher-steps", type=int, default=12000, help="a teacher that lies in OUT goes on from there")
    args.add_argument("--teacher-rate", type=float, default=3e-3)
    args.add_argument("--lessons", type=int, default=5500, help="batches that the teachers look at")
    args.add_argument("--threads", type=int, default=2, help="of the training process; others feed it")
    a = args.parse_args()

    a.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    if a.pool and a.pool.exists():
        kept = np.load(a.pool)
        pool = kept["x"], kept["y"]
    else:
        pool = sets.pool(a.data, a.renderer, a.rounds, a.seed, a.workers)
        if a.pool:
            np.savez(a.pool, x=pool[0], y=pool[1])
    validation = sets.validation(a.data, a.renderer)
    images, labels = sets.mnist(a.data / "mnist", "train")
    n = len(images) - sets.MNIST_VALIDATION
    device = "cuda" if torch.cuda.is_available() else "cpu"
    make = functools.partial(Batches, (images[:n], labels[:n]), pool, a.batch, a.seed)
    digits = int((pool[1] < sets.NOT_A_DIGIT).sum())
    print(f"{n} MNIST images, {digits} drawn digits, {len(pool[1]) - digits} non-digits", flush=True)

    def log(line, net):
        scores = " ".join(f"{k} {accuracy(net, *validation[k]):.2f}" for k in KEPT)
        print(f"{line} {scores}", flush=True)

    bent, less_bent = Feed(make, device), Feed(functools.partial(make, strength=CALM), device)
    teachers = []
    for number in range(1, a.teachers + 1):
        teacher, kept = Teacher().to(device), a.out / f"teacher{number}.pt"
        if kept.exists():
            teacher.load_state_dict(torch.load(kept, map_location=device))
        if a.teacher_steps:
            print(f"teacher {number}", flush=True)
            teacher = train(teacher, bent, a.teacher_steps, a.teacher_rate, log)
            torch.save(teacher.state_dict(), kept)
        teachers.append(teacher.eval())
    wild, calm = bent, less_bent
    if teachers:
        wild = Lessons(bent, a.lessons, teachers, a.seed, a.batch)
        calm = Lessons(less_bent, a.lessons // 2, teachers, a.seed, a.batch)
        print("the teachers have looked", flush=True)
    net = FloatNet().to(device)
    if a.resume:
        net.load_state_dict(torch.load(a.resume, map_location=device)["float"])
    if a.steps:
        net = train(net, wild, a.steps, a.rate, log)
        torch.save({"float": net.state_dict()}, a.out / "checkpoint.pt")
    if a.steady:
        fading = Fading(wild, calm, a.steady // 2, a.steady, a.seed)
        net = train(net, fading, a.steady, a.rate / 6, log, decay=0.05, schedule=steady, ema=0.9997)
        # The normalisation's statistics are those of the mean (Izmailov et al. 2018).
        update_bn((bytes_to_input(calm.next()[0].float()) for _ in range(150)), net)
        torch.save({"float": net.state_dict()}, a.out / "checkpoint.pt")
    shadow = ShadowNet(net.eval().folded())
    shadow.calibrate(bytes_to_input(torch.cat([calm.next()[0] for _ in range(8)]).float()))
    log("calibrated", shadow)
    at_first = functools.partial(cycle, warm=0.05)
    shadow = train(shadow, calm, a.rounding, a.rate / 40, log, decay=0, schedule=at_first, exact=True)

    torch.save({"float": net.state_dict(), "shadow": shadow.state_dict()}, a.out / "checkpoint.pt")
    publish(shadow.cpu(), validation, a.out, a.renderer)


if __name__ == "__main__":
    main()
