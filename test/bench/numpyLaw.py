#!/usr/bin/env python3
"""The usual way to get the distribution function of a generalised Marcenko-Pastur law with NumPy, to be timed beside ours.

The Stieltjes transform is computed slightly above the axis: a fixed point far above it, then Newton's method while the
height shrinks threefold at a time, each step halved until it stays in the upper half-plane. All points advance together in one array.
Reads {"nodes", "masses", "aspectRatio", "points", "repeats"} from standard input; writes {"cdf", "seconds"} (CPU seconds of
each repeat) to standard output."""
import json
import sys
import time

import numpy as np


def transform(points, nodes, masses, ratio, height):
    """m(x + i height) at every point, shapes (points,) and (points, nodes) throughout."""
    unit = np.sqrt(masses @ nodes**2)
    points, nodes, height = points / unit, nodes / unit, height / unit
    level = np.abs(nodes).max() + 4
    m = -1 / (points + 1j * level)
    for _ in range(30):
        m = 1 / ((nodes / (1 + ratio * m[:, None] * nodes)) @ masses - points - 1j * level)
    while True:
        z = points + 1j * level
        for _ in range(50):
            factor = nodes / (1 + ratio * m[:, None] * nodes)
            step = (factor @ masses - 1 / m - z) / (1 / m**2 - ratio * (factor**2 @ masses))
            outside = np.imag(m - step) <= 0
            while outside.any():
                step[outside] /= 2
                outside = np.imag(m - step) <= 0
            m = m - step
            if np.max(np.abs(step / m)) < 1e-9:
                break
        if level <= height:
            return m / unit
        level = max(level / 3, height)


def distribution(points, nodes, masses, ratio, height):
    m = transform(points, nodes, masses, ratio, height)
    potential = np.log(1 + ratio * m[:, None] * nodes) @ masses / ratio - np.log(m) - (points + 1j * height) * m
    return -potential.imag / np.pi


def main():
    task = json.load(sys.stdin)
    nodes, masses, points = (np.array(task[key]) for key in ("nodes", "masses", "points"))
    seconds = []
    for _ in range(task["repeats"]):
        start = time.process_time()
        values = distribution(points, nodes, masses, task["aspectRatio"], 1e-6 * np.ptp(points))
        seconds.append(time.process_time() - start)
    json.dump({"cdf": values.tolist(), "seconds": seconds}, sys.stdout)


main()
