export * from './distributions/index.js';
export { distances, tableOf, type Distances } from './distances/distances.js';
export { edgeGaps, edgeScales, type EdgeGaps, type EdgeScale } from './distances/edgeGaps.js';
export { probabilityLevels, type LevelOptions, type ProbabilityLevels } from './distances/probabilityLevels.js';
export { andersonDarling, cramerVonMises } from './distances/quadraticDistances.js';
export { nonZeroCount, roundingTolerance, snapToAtoms } from './distances/snapToAtoms.js';
export { kolmogorovDistance, oneSidedSuprema, twoSampleKolmogorov } from './distances/supremumDistances.js';
export type { LawPiece } from './distances/lawPieces.js';
export { tabulateLaw, type TabulatedLaw } from './distances/tabulateLaw.js';
export { wassersteinDistances } from './distances/wasserstein.js';
export { outlierPlaceTest, outlierScores, type OutlierScore } from './outlierScores.js';
export { couplingCheck, type CouplingCheck } from './couplingCheck.js';
export {
  separateOutliers,
  type MatchedOutlier,
  type OutlierRule,
  type PredictedOutlier,
  type SeparatedSpectrum,
} from './separateOutliers.js';
export { complementInputs, type ComplementSettings } from './nulls/complementInputs.js';
export { iidKolmogorovPValue, type VoidPValue } from './nulls/iidKolmogorovPValue.js';
export { laneTest, type LaneTest } from './nulls/laneTest.js';
export { lanczosQuadrature, whiteQuadrature } from './nulls/lanczosQuadrature.js';
export { monteCarloPValue, type Side } from './nulls/monteCarloPValue.js';
export { nullReference, type NullReference } from './nulls/nullReference.js';
export { nullSpectra, type NullSettings, type StreamSource } from './nulls/nullSpectra.js';
export {
  findNullTable,
  nullTable,
  nullTableKey,
  tabulated,
  weightsDigest,
  type NullTable,
  type NullTableSettings,
} from './nulls/nullTable.js';
export { tridiagonalQuadrature, type Quadrature } from './nulls/tridiagonalQuadrature.js';
export { whiteCorrelation } from './nulls/whiteCorrelation.js';
export { wignerMatrix, wignerSpectrum } from './nulls/wignerSpectrum.js';
export { spectrumGivenWeights } from './nulls/spectrumGivenWeights.js';
export { whiteSpectra, whiteSpectrum } from './nulls/whiteSpectrum.js';
export { exponentTest, fitExponent, type ExponentFit } from './rates/fitExponent.js';
export { lineThroughMeans, type LineFit } from './rates/lineThroughMeans.js';
export { rateInClasses, type RateInClasses, type RateRow, type RatioAtClasses } from './rates/rateInClasses.js';
export {
  fallsBelow,
  saturatedAbove,
  trendInClasses,
  type Exponent,
  type RatioAt,
  type Trend,
  type TrendInClasses,
} from './rates/trendInClasses.js';
export {
  hotellingTest,
  joinMoments,
  momentsOfRows,
  type HotellingTest,
  type RowMoments,
} from './statistics/hotelling.js';
export { inertiaFailures, signsOf, type WeightSigns } from './statistics/inertiaFailures.js';
export {
  jointChiSquare,
  pooledChiSquare,
  type ChiSquareTest,
  type PooledChiSquare,
  type StatisticsOfDraw,
} from './statistics/jointChiSquare.js';
export {
  expectationsUnderLaw,
  linearStatistics,
  spectralFunctions,
  type SmoothFunction,
} from './statistics/linearStatistics.js';
export { dispersionSums, dispersionTest, type DispersionSums } from './statistics/dispersionTest.js';
export {
  meanSpectrumLevels,
  meanSpectrumTest,
  spectrumGaps,
  type MeanSpectrumTest,
} from './statistics/meanSpectrumTest.js';
export { probedRatio, type ProbedNumbers, type ProbedRatio } from './statistics/probedRatio.js';
export {
  meanTest,
  ratioInterval,
  ratioOfMeans,
  ratioTest,
  type RatioEstimate,
  type RatioInterval,
  type RatioTest,
} from './statistics/ratioOfMeans.js';
export { scatterOf, type Scatter } from './statistics/scatter.js';
export { scoreTest, type ScoredDraw, type ScoreTest } from './statistics/scoreTest.js';
export { spreadTest, type SpreadTest } from './statistics/spreadTest.js';
export { supportExcess, type SupportExcess } from './statistics/supportExcess.js';
export { holm, type HolmResult, type NamedPValue } from './verdicts/holm.js';
export {
  judge,
  verdictOf,
  type Judgement,
  type PowerAgainst,
  type Verdict,
  type VerdictWithReason,
} from './verdicts/judge.js';
export {
  effectOf,
  powerOfChiSquareTest,
  powerOfMeanTest,
  requiredReplicates,
  smallestDetectedFactor,
  type Effect,
  type ShiftOfDraw,
} from './verdicts/power.js';
export { sequentialPower, type SequentialPower, type SequentialPowerSettings } from './verdicts/sequentialPower.js';
export { summarise } from './statistics/summary.js';
export { whiten, type Whitening } from './statistics/whiten.js';
export { pearsonThreeSurvival } from './distributions/pearsonThree.js';
