import type { Command } from '../command.js';
import { blocks } from './blocks.js';
import { check } from './check.js';
import { compare } from './compare.js';
import { completion } from './completion.js';
import { doctor } from './doctor.js';
import { explore } from './explore.js';
import { figures } from './figures.js';
import { head } from './head.js';
import { hessian } from './hessian.js';
import { law } from './law.js';
import { merge } from './merge.js';
import { ratio } from './ratio.js';
import { sample } from './sample.js';
import { serve } from './serve.js';
import { show } from './show.js';
import { sweep } from './sweep.js';
import { train } from './train.js';

const answering = [
  check,
  law,
  ratio,
  sample,
  hessian,
  compare,
  sweep,
  train,
  head,
  blocks,
  merge,
  show,
  figures,
  explore,
  doctor,
] as unknown as readonly Command<never>[];

/** Every command, in the order in which `--help` lists them. */
export const commands: readonly Command<never>[] = [
  ...answering,
  serve(() => answering),
  completion,
] as unknown as readonly Command<never>[];
