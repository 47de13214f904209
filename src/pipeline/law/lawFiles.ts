/** A law as files: its values as an array, its curve as a figure. */
import { figureContent, figureFormatOf, lawFigure, type BrowserChoice } from '../../../figures/index.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { writeNpy } from '../../store/formats/index.js';
import { requireNewFile, writeNewFile } from '../../store/writeNewFile.js';
import { lawGrid } from './lawGrid.js';
import type { LawPoint } from './lawPoints.js';
import type { NamedLaw } from './namedLaw.js';

export interface LawFileOptions {
  /** For an array with the columns x, density, cdf, survival. */
  readonly npy?: string | undefined;
  /** For a figure: .svg, .png, .pdf or .html. */
  readonly curve?: string | undefined;
  readonly browser?: BrowserChoice | undefined;
  /** Called after each file. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/** @throws UsageError for files that are there, and a figure of no format; before anything is computed */
export function requireLawFiles({ npy, curve }: LawFileOptions, wantsPoints: boolean): void {
  if (npy !== undefined) {
    if (!wantsPoints)
      throw new UsageError(
        '--npy keeps the values at points: say which with --grid, --at or --at-file, e.g. --grid 200',
      );
    requireNewFile(npy, '--npy');
  }
  if (curve === undefined) return;
  figureFormatOf('--curve', curve);
  requireNewFile(curve, '--curve');
}

/** @throws UsageError where there is no law to keep, no browser for an image, or a place that cannot be written */
export async function writeLawFiles(
  named: NamedLaw,
  points: readonly LawPoint[],
  { npy, curve, browser = {}, onFile }: LawFileOptions,
): Promise<void> {
  if (npy === undefined && curve === undefined) return;
  const { law, note } = named;
  if (law === undefined) throw new UsageError(`there is no law to write or to draw. ${note ?? ''}`.trim());
  if (npy !== undefined) {
    const rows = points.flatMap(({ x, density, cdf, survival }) => [x, density, cdf, survival]);
    writeNewFile(npy, writeNpy(rows, [points.length, 4]), '--npy');
    onFile?.(npy);
  }
  if (curve !== undefined) {
    const figure = lawFigure(pictureOf(law, named));
    writeNewFile(curve, await figureContent(figure, figureFormatOf('--curve', curve), browser), '--curve');
    onFile?.(curve);
  }
}

const curvePoints = 800;

function pictureOf(law: SpectralLaw, { outliers = [], scale }: NamedLaw) {
  const x = lawGrid(law, curvePoints);
  return {
    ...(scale === undefined ? {} : { units: scale }),
    x: Array.from(x),
    density: Array.from(law.densities(x)),
    cdf: Array.from(law.cdfs(x)),
    support: law.support,
    atoms: law.atoms,
    outliers: outliers.map(({ at }) => at),
  };
}
