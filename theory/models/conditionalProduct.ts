import type { Unit } from './unitExpectations.js';

/** One input's share of a pair: its units, logits z = V h and probabilities p. */
export interface PairMember {
  readonly units: readonly Unit[];
  readonly logits: Float64Array;
  readonly probabilities: Float64Array;
}

/** Averages over units of the expected product of two inputs' weights. */
export interface ConditionalProduct {
  /** Over ordered pairs of distinct units. */
  readonly off: number;
  /** Over units. */
  readonly diagonal: number;
}

/**
 * Averages over pairs of units of E[a a′ | z, z′], a = Cov_p(v_i, v_j)σ′(u_i)σ′(u_j) and a′ the same at a second input,
 * V normal with the given entry variance.
 *
 * Given the logits, the column v_i of V is y_i + w_i with y_i its regression on z and z′ and w_i independent normal
 * with covariance c_ij·I; with P = diag(p) − ppᵀ Wick's theorem gives (A + c_ij tr P)(A′ + c_ij tr P′) + c_jj B_ii +
 * c_ii B_jj + c_ij (B_ij + B_ji) + (c_ii c_jj + c_ij²) tr PP′, A = y_iᵀP y_j, B_ij = y_iᵀPP′y_j (paper-notes.md, hidden
 * CE ratio). Averaging over w by hand removes the noise of order one that the product itself has at every C. With
 * `member === other` the pair is one input with itself.
 */
export function conditionalProduct(
  member: PairMember,
  other: PairMember,
  entryVariance: number,
  classes: number,
): ConditionalProduct {
  const same = member === other;
  const width = member.units.length;
  const live: number[] = [];
  for (let i = 0; i < width; i += 1) if (member.units[i].slope * other.units[i].slope !== 0) live.push(i);
  if (live.length === 0) return { off: 0, diagonal: 0 };

  let gram00 = 0;
  let gram01 = 0;
  let gram11 = 0;
  for (let k = 0; k < width; k += 1) {
    gram00 += member.units[k].h ** 2;
    gram01 += member.units[k].h * other.units[k].h;
    gram11 += other.units[k].h ** 2;
  }
  // With a single common open gate the two hidden vectors may be parallel: then z determines z′ and one of them is
  // enough.
  const determinant = gram00 * gram11 - gram01 * gram01;
  const parallel = same || determinant <= 1e-12 * gram00 * gram11;
  const forms = pairForms(member, other, classes);
  const first = new Float64Array(width);
  const second = new Float64Array(width);
  for (const i of live) {
    const [h, k] = [member.units[i].h, other.units[i].h];
    first[i] = parallel ? h / gram00 : (gram11 * h - gram01 * k) / determinant;
    second[i] = parallel ? 0 : (gram00 * k - gram01 * h) / determinant;
  }
  const residual = (i: number, j: number): number => {
    const explained = first[i] * member.units[j].h + second[i] * other.units[j].h;
    return entryVariance * ((i === j ? 1 : 0) - explained);
  };
  const own = live.map((i) => residual(i, i));
  const form = (q: readonly [number, number, number, number], i: number, j: number): number =>
    first[i] * (first[j] * q[0] + second[j] * q[1]) + second[i] * (first[j] * q[2] + second[j] * q[3]);
  const both = live.map((i) => form(forms.both, i, i));
  let off = 0;
  let diagonal = 0;
  for (let a = 0; a < live.length; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const [i, j] = [live[a], live[b]];
      const c = residual(i, j);
      const product =
        (form(forms.own, i, j) + c * forms.ownTrace) * (form(forms.other, i, j) + c * forms.otherTrace) +
        own[b] * both[a] +
        own[a] * both[b] +
        c * (form(forms.both, i, j) + form(forms.both, j, i)) +
        (own[a] * own[b] + c * c) * forms.bothTrace;
      const gated =
        product * member.units[i].slope * member.units[j].slope * other.units[i].slope * other.units[j].slope;
      if (a === b) diagonal += gated;
      else off += 2 * gated;
    }
  }
  return { off: off / (width * (width - 1)), diagonal: diagonal / width };
}

type Form = readonly [number, number, number, number];

/** Bilinear forms of (z, z′) under P, P′ and PP′, as [zz, zz′, z′z, z′z′], and the traces of the three. */
function pairForms(
  member: PairMember,
  other: PairMember,
  classes: number,
): { own: Form; other: Form; both: Form; ownTrace: number; otherTrace: number; bothTrace: number } {
  const { logits: z, probabilities: p } = member;
  const { logits: y, probabilities: q } = other;
  let meanPz = 0;
  let meanPy = 0;
  let meanQz = 0;
  let meanQy = 0;
  for (let c = 0; c < classes; c += 1) {
    meanPz += p[c] * z[c];
    meanPy += p[c] * y[c];
    meanQz += q[c] * z[c];
    meanQy += q[c] * y[c];
  }
  let [pzz, pzy, pyy, qzz, qzy, qyy, bzz, bzy, byz, byy] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [pp, qq, pq, ppq, pqq] = [0, 0, 0, 0, 0];
  for (let c = 0; c < classes; c += 1) {
    const [pc, qc] = [p[c], q[c]];
    const [zp, yp, zq, yq] = [z[c] - meanPz, y[c] - meanPy, z[c] - meanQz, y[c] - meanQy];
    pzz += pc * zp * zp;
    pzy += pc * zp * yp;
    pyy += pc * yp * yp;
    qzz += qc * zq * zq;
    qzy += qc * zq * yq;
    qyy += qc * yq * yq;
    const joint = pc * qc;
    bzz += joint * zp * zq;
    bzy += joint * zp * yq;
    byz += joint * yp * zq;
    byy += joint * yp * yq;
    pp += pc * pc;
    qq += qc * qc;
    pq += joint;
    ppq += joint * pc;
    pqq += joint * qc;
  }
  return {
    own: [pzz, pzy, pzy, pyy],
    other: [qzz, qzy, qzy, qyy],
    both: [bzz, bzy, byz, byy],
    ownTrace: 1 - pp,
    otherTrace: 1 - qq,
    bothTrace: pq - ppq - pqq + pq * pq,
  };
}
