export {
  equivalentTest,
  excess,
  type Alternative,
  type EquivalentBlock,
  type EquivalentRequest,
  type EquivalentTest,
} from './equivalentTest.js';
export { matchedFeatures } from './matchedFeatures.js';
export { normMetric } from './normMetric.js';
