import { UsageError } from '../../theory/errors.js';
import type { SourceMap } from './sourceMap.js';
import type { Path, Place, SweepSpec } from './spec.js';

/** One complaint about a place in a specification. */
export const specError = (
  { place }: Pick<SweepSpec, 'place'>,
  path: Path,
  problem: string,
  remedy: string,
): UsageError => new UsageError(`${place(path)}: ${problem}. ${remedy}`);

/** Places in a file. */
export const placeIn =
  (map: Pick<SourceMap, 'lineOf'>, source: string): Place =>
  (path) =>
    `${source}, line ${map.lineOf(path)}${path.length === 0 ? '' : `, ${path.join('.')}`}`;
