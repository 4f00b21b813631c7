"""One SA velocity in float64 as NumPy (OpenBLAS), JAX (jit, CPU) or Numba (parallel) computes it, on demand.

Usage: velocity.py numpy|jax|numba. Reads one JSON object a line from stdin and answers each with one line:
  {"variant": "loop", "n": 32, "d": 2, "batch": 64, "beta": 4, "x": FILE, "out": FILE, "seconds": 0.2}
    x: float64 [batch, n, d], unit rows. out: where the velocities go, or null.
    answer: {"us": microseconds of each call, divided by batch}
  variants: loop (one system after the other), batched (all at once), circle (numpy: O(nK) sums over harmonics, d = 2).
A missing library ends the program with status 3.
"""

import json
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit(3)


def numpy_one(x, beta):
    s = beta * (x @ x.T)
    s -= s.max(1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(1, keepdims=True)
    v = s @ x
    return v - (v * x).sum(1, keepdims=True) * x


def numpy_batch(x, beta):
    s = beta * (x @ x.transpose(0, 2, 1))
    s -= s.max(2, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(2, keepdims=True)
    v = s @ x
    return v - (v * x).sum(2, keepdims=True) * x


def bessel(beta):
    """e^-β I_k(β) down to 1e-16 of the first."""
    from scipy.special import ive

    values = [ive(0, beta)]
    while values[-1] > 1e-16 * values[0]:
        values.append(ive(len(values), beta))
    return values


def numpy_circle(x, beta, weights):
    """θ̇ = H'/(βH), H = Σ_j e^{β(cos(θ−θ_j) − 1)}/n by harmonics: e^{β cos t} = I_0 + 2 Σ I_k cos kt."""
    e = x[:, 0] + 1j * x[:, 1]
    h = np.full(len(e), weights[0])
    slope = np.zeros(len(e))
    power = e.copy()
    for k, weight in enumerate(weights[1:], 1):
        z = power * np.conj(power.mean())
        h += 2 * weight * z.real
        slope -= 2 * weight * k * z.imag
        power *= e
    speed = slope / (beta * h)
    return np.stack([-x[:, 1] * speed, x[:, 0] * speed], 1)


def make_numpy(variant, x, beta):
    if variant == "circle":
        weights = bessel(beta)
        return lambda: np.stack([numpy_circle(one, beta, weights) for one in x])
    if variant == "batched":
        return lambda: numpy_batch(x, beta)
    return lambda: [numpy_one(one, beta) for one in x]


def make_jax(variant, x, beta):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def one(x):
        a = jax.nn.softmax(beta * (x @ x.T), axis=-1)
        v = a @ x
        return v - (v * x).sum(1, keepdims=True) * x

    if variant == "batched":
        all_at_once, there = jax.jit(jax.vmap(one)), jnp.asarray(x)
        return lambda: all_at_once(there).block_until_ready()
    single, parts = jax.jit(one), [jnp.asarray(part) for part in x]

    def loop():
        out = [single(part) for part in parts]
        for part in out:
            part.block_until_ready()
        return out

    return loop


def numba_kernels():
    import numba

    @numba.njit(fastmath=True)
    def row(x, i, beta, out):
        n, d = x.shape
        for k in range(d):
            out[i, k] = 0.0
        z = 0.0
        for j in range(n):
            g = 0.0
            for k in range(d):
                g += x[i, k] * x[j, k]
            w = np.exp(beta * (g - 1.0))
            z += w
            for k in range(d):
                out[i, k] += w * x[j, k]
        dot = 0.0
        for k in range(d):
            out[i, k] /= z
            dot += out[i, k] * x[i, k]
        for k in range(d):
            out[i, k] -= dot * x[i, k]

    @numba.njit(parallel=True, fastmath=True)
    def one(x, beta, out):
        for i in numba.prange(x.shape[0]):
            row(x, i, beta, out)

    @numba.njit(parallel=True, fastmath=True)
    def batch(x, beta, out):
        for b in numba.prange(x.shape[0]):
            for i in range(x.shape[1]):
                row(x[b], i, beta, out[b])

    return one, batch


def make_numba(variant, x, beta):
    if not KERNELS:
        KERNELS.extend(numba_kernels())
    one, batch = KERNELS
    out = np.empty_like(x)

    def loop():
        for b in range(len(x)):
            one(x[b], beta, out[b])
        return out

    def at_once():
        batch(x, beta, out)
        return out

    return at_once if variant == "batched" else loop


KERNELS = []
MAKERS = {"numpy": make_numpy, "jax": make_jax, "numba": make_numba}


def answer(make, known, ask):
    key = (ask["variant"], ask["x"], ask["beta"])
    if key not in known:
        known.clear()
        x = np.fromfile(ask["x"]).reshape(ask["batch"], ask["n"], ask["d"])
        known[key] = make(ask["variant"], x, float(ask["beta"]))
        known[key]()
    call = known[key]
    result = call()
    if ask["out"]:
        np.ascontiguousarray(np.stack([np.asarray(part) for part in result])).tofile(ask["out"])
    times = []
    end = time.perf_counter() + ask["seconds"]
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        times.append(1e6 * (time.perf_counter() - begin) / ask["batch"])
    return {"us": times}


def main(library):
    try:
        __import__(library)
    except ImportError:
        sys.exit(3)
    print(json.dumps({"library": library, "version": sys.modules[library].__version__}), flush=True)
    known = {}
    for line in sys.stdin:
        print(json.dumps(answer(MAKERS[library], known, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
