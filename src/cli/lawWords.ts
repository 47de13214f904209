import type { LawCommandOptions } from '../pipeline/law/lawCommand.js';

/** What the command line of `law` says. */
export interface LawOptions {
  json: boolean;
  csv: boolean;
  model?: string;
  loss?: string;
  layer?: string;
  block?: string;
  classes?: string;
  width?: string;
  'logit-variance'?: string;
  activation?: string;
  initialisation?: string;
  scaling?: string;
  readout?: string;
  pair?: string;
  population?: string;
  semicircle?: string;
  weights?: string;
  'weights-file'?: string;
  dynamics?: string;
  'samples-per-class'?: string;
  'learning-rate'?: string;
  steps?: string;
  noise?: string;
  target?: string;
  ridge?: string;
  'aspect-ratio'?: string;
  at?: string;
  quantiles?: string;
  moments?: string;
}

/** As the pipeline takes them, with the weights that a file holds. */
export async function lawCommandOptions({
  'logit-variance': logitVariance,
  'aspect-ratio': aspectRatio,
  'weights-file': weightsFile,
  'samples-per-class': samplesPerClass,
  'learning-rate': learningRate,
  json: _json,
  csv: _csv,
  ...rest
}: LawOptions): Promise<LawCommandOptions> {
  return {
    ...rest,
    samplesPerClass,
    learningRate,
    aspectRatio,
    ...(logitVariance === undefined ? {} : { logitVariance }),
    ...(weightsFile === undefined ? {} : { weightValues: await readWeights(weightsFile) }),
  };
}

async function readWeights(path: string): Promise<Float64Array> {
  const { readNpyFile } = await import('../store/readNpyFile.js');
  return readNpyFile('--weights-file', path).data;
}
