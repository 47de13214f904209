/** softmax of the logits, written to `out`; safe for logits of any size. */
export function softmax(logits: Float64Array, out: Float64Array): void {
  let top = -Infinity;
  for (let c = 0; c < logits.length; c += 1) if (logits[c] > top) top = logits[c];
  let total = 0;
  for (let c = 0; c < logits.length; c += 1) total += out[c] = Math.exp(logits[c] - top);
  for (let c = 0; c < logits.length; c += 1) out[c] /= total;
}
