"""What every rival written in Python does: says who it is, then answers a question a line with milliseconds."""

import json
import sys
import time

# As long as a round of heddle's, and how long it is warmed up before it.
ROUND_MS = 60
WARM_MS = 400


def timed(work, turns):
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - start) * 1000 / turns


def stopwatch(work):
    """Warms up, and gives what times as many turns as fill a round."""
    start = time.perf_counter()
    turns = 0
    while turns < 3 or (time.perf_counter() - start) * 1000 < WARM_MS:
        work()
        turns += 1
    fill = max(1, round(ROUND_MS / timed(work, 1)))
    return lambda: timed(work, fill)


def peak_bytes():
    """The most memory that this process has held: of the kernel's counters the one that exec sets back."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return None


def missing(why):
    print(json.dumps({"missing": why}), flush=True)
    sys.exit()


def serve(rival, version, build):
    """`build` makes the work of a question ready: a call for each turn, and how many numbers its network trains."""
    print(json.dumps({"rival": rival, "version": version}), flush=True)
    built = {}
    for line in sys.stdin:
        question = json.loads(line)
        if question.pop("fresh", False):
            built.clear()
        key = json.dumps(question)
        try:
            if key not in built:
                work, parameters = build(question)
                built[key] = (stopwatch(work), parameters)
            measure, parameters = built[key]
            answer = {"ms": measure(), "peakBytes": peak_bytes(), "parameters": parameters}
        except Exception as error:
            answer = {"error": str(error).strip().split("\n")[0]}
        print(json.dumps(answer), flush=True)
