"""The staircase of GKPR24 by its authors' scheme, written anew: USA on the circle, its gradient rescaled to unit norm × log β,
explicit Euler steps, tokens closer than 1e-3 merged.

Usage: staircase.py [STEP]. Reads one β a line from stdin and answers each with one line of JSON: seconds, steps, and the
scaled energy (1/n²) Σ e^{β(cos(θ_i − θ_j) − 1)} where motion is slowest between two merges. STEP: radians that the tokens move
in a step (norm over tokens), default 1e-4.
"""

import json
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit(3)

ANGLES = [0, 0.04249, 0.16996, 0.33992, 0.59486]
CLOSE = 1e-3


def field(theta, masses, beta):
    gap = theta[:, None] - theta[None, :]
    weights = np.exp(beta * (np.cos(gap) - 1)) * masses[None, :]
    return -(weights * np.sin(gap)).sum(1), float(masses @ weights.sum(1))


def merged(theta, masses):
    for i in range(len(theta) - 1):
        if theta[i + 1] - theta[i] < CLOSE:
            mass = masses[i] + masses[i + 1]
            middle = (masses[i] * theta[i] + masses[i + 1] * theta[i + 1]) / mass
            kept = np.arange(len(theta)) != i + 1
            theta, masses = theta[kept], masses[kept]
            theta[i], masses[i] = middle, mass
            return theta, masses
    return None


def staircase(beta, step):
    theta, masses = np.array(ANGLES), np.full(len(ANGLES), 1 / len(ANGLES))
    h = step / np.log(beta)
    steps, plateaus, slowest = 0, [], (np.inf, 0.0)
    while len(theta) > 1:
        pull, energy = field(theta, masses, beta)
        norm = np.linalg.norm(pull)
        slowest = min(slowest, (norm, energy))
        theta = theta + h * np.log(beta) * pull / norm
        steps += 1
        pair = merged(theta, masses)
        if pair:
            theta, masses = pair
            plateaus.append(slowest[1])
            slowest = (np.inf, 0.0)
    return steps, plateaus[1:] + [1.0]


def main():
    step = float(sys.argv[1]) if len(sys.argv) > 1 else 1e-4
    for line in sys.stdin:
        begin = time.perf_counter()
        steps, plateaus = staircase(float(line), step)
        print(json.dumps({"seconds": time.perf_counter() - begin, "steps": steps, "plateaus": plateaus}), flush=True)


if __name__ == "__main__":
    main()
