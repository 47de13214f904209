import type { Claim, ClaimId } from './claim.js';
import { crossLayer } from './crossLayer.js';
import { deepCross } from './deepCross.js';
import { deepRatio } from './deepRatio.js';
import { deepSaturation } from './deepSaturation.js';
import { dynamicBlocks } from './dynamicBlocks.js';
import { dynamicCross } from './dynamicCross.js';
import { dynamicExact } from './dynamicExact.js';
import { dynamicFresh } from './dynamicFresh.js';
import { dynamicLinear } from './dynamicLinear.js';
import { dynamicTrain } from './dynamicTrain.js';
import { head } from './head.js';
import { hiddenCe } from './hiddenCe.js';
import { hiddenMse } from './hiddenMse.js';
import { linearCe } from './linearCe.js';
import { linearMse } from './linearMse.js';
import { outputCe } from './outputCe.js';
import { outputMse } from './outputMse.js';

export { claimIds } from './claim.js';
export type { Claim, ClaimDraft, ClaimId, ClaimTask, Finished, JudgeContext, PlanContext, TestDraft } from './claim.js';

/** Every claim of the paper that is checked, in the order in which reports list them. */
export const claims: Readonly<Record<ClaimId, Claim>> = {
  'linear-mse': linearMse,
  'linear-ce': linearCe,
  'hidden-mse': hiddenMse,
  'hidden-ce': hiddenCe,
  'output-mse': outputMse,
  'output-ce': outputCe,
  'cross-layer': crossLayer,
  head,
  'deep-ratio': deepRatio,
  'deep-saturation': deepSaturation,
  'deep-cross': deepCross,
  'dynamic-cross': dynamicCross,
  'dynamic-blocks': dynamicBlocks,
  'dynamic-fresh': dynamicFresh,
  'dynamic-train': dynamicTrain,
  'dynamic-linear': dynamicLinear,
  'dynamic-exact': dynamicExact,
};
