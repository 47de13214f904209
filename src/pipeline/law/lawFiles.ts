/** A law as files: its values as an array, its curve as a figure. */
import { lawFigure } from '../../../figures/index.js';
import { literal } from '../../../figures/text.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { writeNpy } from '../../store/formats/index.js';
import { requireNewFile, writeNewFile } from '../../store/writeNewFile.js';
import { version } from '../../version.js';
import { requireOneFigure, writeOneFigure, type OneFigureOptions } from '../drawing/oneFigure.js';
import { lawGrid } from './lawGrid.js';
import type { LawPoint } from './lawPoints.js';
import type { NamedLaw } from './namedLaw.js';

export interface LawFileOptions extends OneFigureOptions {
  /** For an array with the columns x, density, cdf, survival. */
  readonly npy?: string | undefined;
}

/** @throws UsageError for files that are there, and a figure of no format; before anything is computed */
export function requireLawFiles({ npy, ...figure }: LawFileOptions, wantsPoints: boolean): void {
  if (npy !== undefined) {
    if (!wantsPoints)
      throw new UsageError(
        '--npy keeps the values at points: say which with --grid, --at or --at-file, e.g. --grid 200',
      );
    requireNewFile(npy, '--npy');
  }
  requireOneFigure(figure);
}

/**
 * @param stated the options that name the law, for its caption
 * @throws UsageError where there is no law to keep, no browser for an image, or a place that cannot be written
 */
export async function writeLawFiles(
  named: NamedLaw,
  points: readonly LawPoint[],
  { npy, ...options }: LawFileOptions,
  stated: string,
): Promise<void> {
  if (npy === undefined && options.figure === undefined) return;
  const { law, note } = named;
  if (law === undefined) throw new UsageError(`there is no law to write or to draw. ${note ?? ''}`.trim());
  if (npy !== undefined) {
    const rows = points.flatMap(({ x, density, cdf, survival }) => [x, density, cdf, survival]);
    writeNewFile(npy, writeNpy(rows, [points.length, 4]), '--npy');
    options.onFile?.(npy);
  }
  await writeOneFigure((style) => lawFigure(pictureOf(law, named, stated), style), options);
}

const curvePoints = 800;

function pictureOf(law: SpectralLaw, { outliers = [], scale }: NamedLaw, stated: string) {
  const x = lawGrid(law, curvePoints);
  return {
    ...(scale === undefined ? {} : { units: scale }),
    source: literal(`Law: ${stated}. Drawn by limitlaw ${version}.`),
    x: Array.from(x),
    density: Array.from(law.densities(x)),
    cdf: Array.from(law.cdfs(x)),
    support: law.support,
    atoms: law.atoms,
    outliers: outliers.map(({ at }) => at),
  };
}
