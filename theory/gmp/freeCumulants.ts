/**
 * Raw moments m_0 … m_n from free cumulants κ_1 … κ_n (`cumulants[k]` = κ_k; index 0 unused), by Speicher's recursion
 * m_n = Σ_s κ_s Σ_{i_1 + … + i_s = n − s} m_{i_1} … m_{i_s} (Nica and Speicher 2006, lectures 10 and 11).
 */
export function momentsFromFreeCumulants(cumulants: ArrayLike<number>): Float64Array {
  const order = cumulants.length - 1;
  const moments = new Float64Array(order + 1);
  moments[0] = 1;
  for (let n = 1; n <= order; n++) {
    // power[j] = coefficient of t^j in (Σ m_i t^i)^s; only j ≤ n − 1 is needed, where all moments are known.
    let power = new Float64Array(n);
    power[0] = 1;
    for (let s = 1; s <= n; s++) {
      const next = new Float64Array(n);
      for (let i = 0; i < n; i++) for (let j = 0; i + j < n; j++) next[i + j] += power[i] * moments[j];
      power = next;
      moments[n] += cumulants[s] * power[n - s];
    }
  }
  return moments;
}
