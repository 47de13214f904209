import { activationFunctions } from '../weights/activationFunctions.js';
import { largestLatticeDimension } from '../weights/latticePoints.js';
import { conditionalProduct, type ConditionalProduct, type PairMember } from './conditionalProduct.js';
import type { FiniteRatioOptions } from './hiddenCeRatio.js';
import { forEachIntegrationPoint } from './integrationPoints.js';
import { limitControls } from './limitControls.js';
import { estimateRatio, type RatioEstimate, type RatioTerm } from './ratioEstimate.js';
import { softmax } from './softmax.js';
import type { Unit } from './unitExpectations.js';

const shiftCount = 16;

/** From this many classes on the importance sampling of `product` pays; below, its weight only adds noise. */
const smallestTiltedClasses = 30;

/**
 * The ratio of `hiddenCeRatio` for normal V and ReLU, where V enters through the logits z and z′ of two inputs only:
 * everything else of it is averaged by hand (`conditionalProduct`). What is left, two inputs and 2C normals, is
 * integrated over `forEachIntegrationPoint`; error from sixteen shifts.
 */
export function hiddenCeRatioNormal(options: FiniteRatioOptions & { readonly aspectRatio: number }): RatioEstimate {
  const { classes, width, aspectRatio, entry, hiddenFactor, effort } = options;
  const activation = activationFunctions(options.activation);
  const costOfPoint =
    25 * classes + 15 * (2 * width + Math.min(2 * classes, largestLatticeDimension)) + 22 * width * width;
  const pointsPerShift = 2 ** Math.max(6, Math.min(13, Math.round(Math.log2(effort / (shiftCount * costOfPoint)))));
  const controls = limitControls(options);
  const deviation = Math.sqrt(hiddenFactor);
  const terms: RatioTerm[] = [];
  for (let shift = 0; shift < shiftCount; shift += 1) {
    forEachIntegrationPoint(
      { uniforms: 0, normals: 2 * (width + classes), points: pointsPerShift, shift },
      (_uniform, point) => {
        const units = [0, 1].map((input) =>
          Array.from({ length: width }, (_, k): Unit => {
            const u = deviation * point[2 * k + input];
            return { h: activation.value(u), slope: activation.first(u), curvature: 0 };
          }),
        );
        const normals = point.subarray(2 * width);
        const square = product(units[0], units[0], entry.variance, normals);
        const pair = product(units[0], units[1], entry.variance, normals);
        terms.push({
          numerator: aspectRatio * square.off + pair.off,
          denominator: aspectRatio * square.diagonal + pair.diagonal,
          controls: [...controls.integrands(units), square.weight, pair.weight],
        });
      },
    );
  }
  return estimateRatio(terms, [...controls.means, 1, 1], shiftCount);
}

/**
 * `conditionalProduct` averaged over the logits by importance sampling. Its large values come from single classes with
 * large z + z′, so the first class is drawn tilted by e^{z + z′} and the product weighted by C·E[e^{z + z′}]/Σ_c e^{z_c
 * + z′_c}: by exchangeability of the classes the mean is the same, and the weight, itself a control variate of mean 1,
 * is near 1 when C is large.
 */
function product(
  own: readonly Unit[],
  other: readonly Unit[],
  variance: number,
  normals: Float64Array,
): ConditionalProduct & { readonly weight: number } {
  const same = own === other;
  const classes = normals.length / 2;
  const tilted = classes >= smallestTiltedClasses;
  let gram00 = 0;
  let gram01 = 0;
  let gram11 = 0;
  own.forEach(({ h }, k) => {
    gram00 += variance * h * h;
    gram01 += variance * h * other[k].h;
    gram11 += variance * other[k].h ** 2;
  });
  const first = Math.sqrt(gram00);
  const shared = first > 0 ? gram01 / first : 0;
  const second = Math.sqrt(Math.max(0, gram11 - shared * shared));
  const z = new Float64Array(classes);
  const y = same ? z : new Float64Array(classes);
  for (let c = 0; c < classes; c += 1) {
    const e = normals[2 * c];
    z[c] = first * e + (tilted && c === 0 ? gram00 + gram01 : 0);
    if (!same) y[c] = shared * e + second * normals[2 * c + 1] + (tilted && c === 0 ? gram01 + gram11 : 0);
  }
  let weight = 1;
  if (tilted) {
    let total = 0;
    for (let c = 0; c < classes; c += 1) total += Math.exp(z[c] + y[c]);
    weight = (classes * Math.exp(gram00 / 2 + gram01 + gram11 / 2)) / total;
  }
  const p = new Float64Array(classes);
  softmax(z, p);
  const q = same ? p : new Float64Array(classes);
  if (!same) softmax(y, q);
  const member: PairMember = { units: own, logits: z, probabilities: p };
  const value = conditionalProduct(
    member,
    same ? member : { units: other, logits: y, probabilities: q },
    variance,
    classes,
  );
  return { off: weight * value.off, diagonal: weight * value.diagonal, weight };
}
