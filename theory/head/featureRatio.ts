import { UsageError } from '../errors.js';
import { gaussLegendre } from '../numerics/gaussLegendre.js';
import { linearCeScaledRatio } from '../ratios/linearCeRatio.js';
import { estimateRatio, type RatioTerm } from '../ratios/ratioEstimate.js';
import { featureLawTraits } from '../names.js';
import { requireClasses, requirePositive } from '../requirements.js';
import { classPairMoments, largestPairVariance, type ClassPairMoments } from './classPairMoments.js';
import { classPairTable, type ClassPairTable } from './classPairTable.js';
import { covarianceExponent, requireFeatureLaw, type FeatureLaw } from './featureLaw.js';
import { featureDraws, type DrawnPair, type FeatureDraws } from './featurePairDraws.js';
import { tiltedFeatures } from './tiltedFeatures.js';

export interface FeatureRatioSpec extends FeatureLaw {
  /** C, whole, from 2 to 1e7, or Infinity. */
  readonly classes: number;
  /** D/N; 0 for the population, N → ∞. */
  readonly aspectRatio: number;
}

export interface FeatureRatio {
  /** C²·r, a ratio of expectations over V and the features. */
  readonly scaled: number;
  /** Standard error of an estimate, with what its table may be off; 0 where it is exact. */
  readonly error: number;
}

/**
 * C²·r of a head at initialisation with features of a named law, N = D/aspectRatio of them. With S_k and P_k the expectations of
 * |h|⁴ and (h·h′)² times the moments A (k = 2) and A + (C − 2)B (k = 1) of `classPairMoments`, for one feature with itself
 * and for two,
 *
 *   r = [S₂ + (N − 1) P₂] / ((C − 1)[S₁ + (N − 1) P₁]).
 *
 * Exact: D = ∞, where lengths and angles have no spread (normal features: the linear model's ratio at γ(tr Σ/D)²/(tr
 * Σ²/D)); C = ∞ for gaussian and relu (`tiltedFeatures`), Infinity where it diverges; rms with Σ = I, to 1e-6, where the
 * cosine has density ∝ (1 − ρ²)^{(D−3)/2}. Otherwise an estimate from a fixed sequence of features with its standard
 * error, the limit's integrands as controls.
 *
 * @throws UsageError for a law that is none, sizes out of range, D = ∞ with eigenvalues or a power law steeper than 1/k,
 *   or features that are too long
 */
export function headFeatureRatio(spec: FeatureRatioSpec): FeatureRatio {
  const caller = 'headFeatureRatio';
  requireFeatureLaw(caller, spec);
  const { classes, aspectRatio, dimension, features } = spec;
  requireClasses(caller, classes);
  if (aspectRatio !== 0) requirePositive(caller, 'aspectRatio', aspectRatio);
  if (dimension === Infinity) return { scaled: limitOfDimension(spec), error: 0 };
  const others = dimension / aspectRatio - 1;
  if (others < 0)
    throw new UsageError(
      `${caller}: aspectRatio must be at most dimension = ${dimension}, so that there is a sample, got ${aspectRatio}`,
    );
  if (featureLawTraits[features].isNormalised && covarianceExponent(spec) === 0) return roundRatio(spec, others);
  if (classes === Infinity && !featureLawTraits[features].isNormalised)
    return { scaled: tiltedRatio(spec, others), error: 0 };
  return drawnRatio(spec, others);
}

/** N − 1 other samples for every one: S + (N − 1)P, and P alone at N = ∞. */
const together = (single: number, pair: number, others: number): number =>
  others === Infinity ? pair : single + others * pair;

/** (C − 1)·r to C²·r. */
const scaledOf = (ratio: number, classes: number): number =>
  classes === Infinity ? ratio : (ratio * classes * classes) / (classes - 1);

function limitOfDimension(spec: FeatureRatioSpec): number {
  const { classes, aspectRatio, features, logitVariance } = spec;
  if (featureLawTraits[features].isRectified) {
    // |h|² = D/2 and h·h′ = D/2π: pairs n ≠ m outnumber the others.
    const shared = logitVariance / (2 * Math.PI);
    if (classes === Infinity) return Math.exp(shared);
    const pair = { classes, own: logitVariance / 2, other: logitVariance / 2, shared };
    return scaledOf(ratioOfMoments(classPairMoments(pair), classes), classes);
  }
  const exponent = covarianceExponent(spec);
  if (exponent === undefined || exponent > 1)
    throw new UsageError(
      `headFeatureRatio: dimension = Infinity has a limit for a covariance ∝ 1/k^a with a ≤ 1, got ${exponent === undefined ? 'eigenvalues' : `a = ${exponent}`}; give a finite dimension`,
    );
  // (tr Σ/D)²/(tr Σ²/D) → (1 − 2a)/(1 − a)², and 0 from a = ½ on, where few directions carry all overlaps.
  const share = exponent < 0.5 ? (1 - 2 * exponent) / (1 - exponent) ** 2 : 0;
  return linearCeScaledRatio(classes, logitVariance, aspectRatio * share);
}

function tiltedRatio(spec: FeatureRatioSpec, others: number): number {
  const { single, pair } = tiltedFeatures(spec);
  const t = spec.logitVariance / spec.dimension;
  const at = (tilt: number): number => together(others === Infinity ? 0 : single(tilt), pair(tilt), others);
  const numerator = at(2 * t);
  return numerator === Infinity ? Infinity : numerator / at(t);
}

/** A/(A + (C − 2)B), (C − 1) times r of one pair. */
function ratioOfMoments(moments: ClassPairMoments, classes: number): number {
  const { both, sum } = termsOf(moments, classes);
  return both / sum;
}

function termsOf({ logBoth, logOne }: ClassPairMoments, classes: number): { both: number; sum: number } {
  const both = Math.exp(logBoth);
  return { both, sum: both + (classes - 2) * Math.exp(logOne) };
}

/** Moments as C → ∞: A → e^{2τg}/C⁴, and (C − 2)B of order C^{−3} without the factor C. */
function limitTerms({ length, other, cosine }: DrawnPair): { both: number; sum: number } {
  const tilt = Math.exp(cosine * length * other);
  return { both: tilt * tilt, sum: tilt };
}

/** All of length √D, in directions uniform on the sphere. */
function roundRatio({ classes, dimension, logitVariance }: FeatureRatioSpec, others: number): FeatureRatio {
  const length = Math.sqrt(logitVariance);
  // ρ = sin θ takes the density's power to cos^{D−2} θ, smooth for every D.
  const widest = Math.min(Math.PI / 2, 12 / Math.sqrt(dimension));
  const reach = Math.sin(widest);
  const { nodes, masses } = gaussLegendre(96, -widest, widest);
  const table = classes === Infinity ? undefined : classPairTable(classes, tableRange([length], [-reach, reach]));
  const at = (cosine: number): { both: number; sum: number } =>
    table === undefined
      ? limitTerms({ length, other: length, cosine, overlap: 1, share: 1 })
      : termsOf(cosine === 1 ? table.single(length) : table.withOthersOf(length)(length, cosine), classes);
  let [both, sum, total] = [0, 0, 0];
  nodes.forEach((angle, k) => {
    const cosine = Math.sin(angle);
    const density = masses[k]! * Math.cos(angle) ** (dimension - 2);
    const terms = at(cosine);
    both += density * cosine * cosine * terms.both;
    sum += density * cosine * cosine * terms.sum;
    total += density;
  });
  const own = at(1);
  const ratio = together(own.both, both / total, others) / together(own.sum, sum / total, others);
  return { scaled: scaledOf(ratio, classes), error: scaledOf(2 * (table?.error ?? 0) * ratio, classes) };
}

/** Terms in a group of the standard error, and groups. */
const termsOfGroup = 16;
const groups = 16;
/** About so many normals are drawn: a second at any dimension. */
const normals = 1.2e7;

/** A draw is of a feature alone and of a pair. */
function drawsOfTerm(dimension: number): number {
  return Math.max(8, Math.min(128, Math.floor(normals / (termsOfGroup * groups * 3 * dimension))));
}

function drawnRatio(spec: FeatureRatioSpec, others: number): FeatureRatio {
  const { classes } = spec;
  // The same features whatever C and γ: ratios at several C then differ by C alone.
  const size = drawsOfTerm(spec.dimension);
  const draws = featureDraws(spec, size * termsOfGroup * groups, 9000);
  const { terms: moments, tableError } = momentsFor(draws, classes);
  const controls = controlsOf(spec, draws, others);
  const terms = Array.from({ length: termsOfGroup * groups }, (_, k): RatioTerm => {
    const [from, to] = [k * size, (k + 1) * size];
    const single = meanTerms(draws.singles.slice(from, to), moments);
    const pair = meanTerms(draws.pairs.slice(from, to), moments);
    return {
      numerator: together(single.both, pair.both, others),
      denominator: together(single.sum, pair.sum, others),
      controls: controls.at(from, to),
    };
  });
  const { ratio, standardError } = estimateRatio(terms, controls.means, groups);
  // Of A against B each moment may be off by the table's error.
  return { scaled: scaledOf(ratio, classes), error: scaledOf(standardError + 2 * tableError * ratio, classes) };
}

/** Well below the spread of the draws. */
const tableTolerance = 1e-4;

type Terms = (pair: DrawnPair) => { both: number; sum: number };

function momentsFor({ singles, pairs }: FeatureDraws, classes: number): { terms: Terms; tableError: number } {
  if (classes === Infinity) return { terms: limitTerms, tableError: 0 };
  const all = [...singles, ...pairs];
  const longest = all.reduce((top, { length, other }) => Math.max(top, length, other), 0);
  if (longest * longest > largestPairVariance)
    throw new UsageError(
      `headFeatureRatio: logits of variance ${(longest * longest).toFixed(1)} occur among these features, beyond the ${largestPairVariance} that are verified; lower logitVariance or the covariance's largest eigenvalue`,
    );
  const lengths = all.flatMap(({ length, other }) => [length, other]).filter((length) => length > 0);
  const cosines = pairs.map(({ cosine }) => cosine);
  const table: ClassPairTable = classPairTable(classes, tableRange(lengths, cosines), tableTolerance);
  const terms: Terms = ({ length, other, cosine, overlap }) => {
    if (overlap === 0) return { both: 0, sum: 0 };
    return termsOf(cosine === 1 ? table.single(length) : table.withOthersOf(length)(other, cosine), classes);
  };
  return { terms, tableError: table.error };
}

function tableRange(lengths: readonly number[], cosines: readonly number[]) {
  const ends = (values: readonly number[]): [number, number] => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  return { lengths: ends(lengths), cosines: ends(cosines) };
}

function meanTerms(pairs: readonly DrawnPair[], terms: Terms): { both: number; sum: number } {
  let [both, sum] = [0, 0];
  for (const pair of pairs) {
    const { both: b, sum: s } = terms(pair);
    both += pair.share * pair.overlap * b;
    sum += pair.share * pair.overlap * s;
  }
  return { both: both / pairs.length, sum: sum / pairs.length };
}

/** The limit's four integrands, |h|⁴ e^{t|h|²} and (h·h′)² e^{t h·h′} at both tilts, where their variance is finite. */
function controlsOf(
  spec: FeatureRatioSpec,
  { singles, pairs }: FeatureDraws,
  others: number,
): { readonly means: readonly number[]; readonly at: (from: number, to: number) => number[] } {
  if (featureLawTraits[spec.features].isNormalised) return { means: [], at: () => [] };
  const known = tiltedFeatures(spec);
  const variance = spec.logitVariance / spec.dimension;
  const list: { readonly of: readonly DrawnPair[]; readonly tilt: number; readonly mean: number }[] = [];
  for (const tilt of [1, 2]) {
    const t = tilt * variance;
    // Twice the tilt has a mean: so the square has. Under the tilts of the draws less would do.
    if (others !== Infinity && Number.isFinite(known.single(2 * t)))
      list.push({ of: singles, tilt, mean: known.single(t) });
    if (Number.isFinite(known.pair(2 * t))) list.push({ of: pairs, tilt, mean: known.pair(t) });
  }
  return {
    means: list.map(({ mean }) => mean),
    at: (from, to) =>
      list.map(({ of, tilt }) => {
        let sum = 0;
        for (let k = from; k < to; k++) {
          const { share, overlap, length, other, cosine } = of[k]!;
          sum += share * overlap * Math.exp(tilt * cosine * length * other);
        }
        return sum / (to - from);
      }),
  };
}
