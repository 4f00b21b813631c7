// Clouds as flat rows x[i * d + k], and what is done to them. All but `normalize` return new arrays.

/** Rows to length 1, in place. */
export function normalize(x, d) {
  for (let at = 0; at < x.length; at += d) {
    const size = Math.sqrt(dot(x, at, x, at, d));
    for (let k = 0; k < d; k++) x[at + k] /= size;
  }
  return x;
}

export function dot(x, i, y, j, d) {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += x[i + k] * y[j + k];
  return sum;
}

/** Takes from each row of v what lies along the unit row of x, in place. */
export function project(x, v, d) {
  for (let at = 0; at < x.length; at += d) {
    const radial = dot(x, at, v, at, d);
    for (let k = 0; k < d; k++) v[at + k] -= radial * x[at + k];
  }
  return v;
}

export function meanOf(x, d) {
  const mean = new Float64Array(d);
  for (let i = 0; i < x.length; i++) mean[i % d] += (x[i] * d) / x.length;
  return mean;
}

/** Mean product of different tokens. */
export function meanCosine(x, d) {
  const n = x.length / d;
  const mean = meanOf(x, d);
  return (n * dot(mean, 0, mean, 0, d) - 1) / (n - 1);
}

/** Root mean square distance of rows. */
export function distance(x, y, d) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return Math.sqrt((sum * d) / x.length);
}

/** Each row x_i as M x_i, M `[rows, d]`. */
export function applied(matrix, x, d) {
  const rows = matrix.length / d;
  const y = new Float64Array((x.length / d) * rows);
  for (let i = 0; i < x.length / d; i++) {
    for (let r = 0; r < rows; r++) y[i * rows + r] = dot(matrix, r * d, x, i * d, d);
  }
  return y;
}

/** Σ_j W_ij x_j, W `[n, n]`. */
export function mixed(weights, x, d) {
  const n = x.length / d;
  const y = new Float64Array(x.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const w = weights[i * n + j];
      if (w !== 0) for (let k = 0; k < d; k++) y[i * d + k] += w * x[j * d + k];
    }
  }
  return y;
}

/** x + h v, rows normalized unless `raw`. */
export function moved(x, v, h, d, raw = false) {
  const y = x.map((value, i) => value + h * v[i]);
  return raw ? y : normalize(y, d);
}

/** Row i drawn toward its own row of `targets` by a share of the way: (1 − share) x_i + share target_i. */
export function drawn(x, targets, share, d) {
  return normalize(
    x.map((value, i) => (1 - share) * value + share * targets[i]),
    d,
  );
}

/** Rows of `rows` as listed: what gathers each token's target. */
export function gathered(rows, order, d) {
  const y = new Float64Array(order.length * d);
  order.forEach((from, i) => {
    y.set(rows.subarray(from * d, (from + 1) * d), i * d);
  });
  return y;
}

/** A rotation `[d, d]`, uniform up to orientation: Gram–Schmidt of normal rows. */
export function randomRotation(random, d) {
  const q = random.normals(d * d);
  for (let r = 0; r < d; r++) {
    for (let s = 0; s < r; s++) {
      const c = dot(q, r * d, q, s * d, d);
      for (let k = 0; k < d; k++) q[r * d + k] -= c * q[s * d + k];
    }
    normalize(q.subarray(r * d, (r + 1) * d), d);
  }
  return q;
}

/** The rotation by an angle in each of d/2 planes at random. */
export function turning(random, d, angle) {
  const q = randomRotation(random, d);
  const m = new Float64Array(d * d);
  for (let p = 0; p < d; p += 2) {
    const [a, b] = [p * d, (p + 1 < d ? p + 1 : p) * d];
    const [c, s] = p + 1 < d ? [Math.cos(angle), Math.sin(angle)] : [0.5, 0];
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        m[i * d + j] +=
          c * (q[a + i] * q[a + j] + q[b + i] * q[b + j]) + s * (q[b + i] * q[a + j] - q[a + i] * q[b + j]);
      }
    }
  }
  return m;
}

/** Fresh tangent noise of root mean square length `size` a token; unit rows in and out. */
export function noisy(x, d, size, random) {
  if (size === 0) return Float64Array.from(x);
  const noise = project(x, random.normals(x.length), d);
  return moved(x, noise, size / Math.sqrt(d - 1), d);
}

/** The clouds 0 … layers of a step that is repeated: step(x, k) leads from k to k + 1. */
export function repeated(x0, layers, step) {
  const clouds = [x0];
  for (let k = 0; k < layers; k++) clouds.push(step(clouds[k], k));
  return clouds;
}
