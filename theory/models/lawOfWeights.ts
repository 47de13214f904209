import {
  expectationNodes,
  generalisedMarchenkoPastur,
  isSmooth,
  narrowWeights,
  outlineOf,
  type GmpLaw,
  type SmoothLaw,
  type WeightLaw,
} from '../gmp/index.js';
import type { BlockLaw } from './model.js';

const smooth = 'The weights are smooth, and the law has no gaps';

/** The one way from a law of weights to a block's law. */
export function lawOfWeights(weights: WeightLaw, aspectRatio: number): BlockLaw {
  const law = generalisedMarchenkoPastur(weights, aspectRatio);
  if (!isSmooth(weights)) return describeLaw(law, weights);
  const note = narrowWeights(expectationNodes(weights), aspectRatio)
    ? `${smooth}: so nearly alike at this aspect ratio that real nodes stand for them to rounding.`
    : `${smooth}; where it fades out, its support ends where the mass beyond is below 1e-11. Good to about 1e-10 absolute.`;
  return describeLaw(law, weights, note);
}

export function describeLaw(law: GmpLaw | SmoothLaw, weights: WeightLaw, note?: string): BlockLaw {
  return { law, weights, outline: () => outlineOf(law), ...(note === undefined ? {} : { note }) };
}
