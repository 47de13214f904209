/** The figure of a comparison, where one is asked for. */
import type { OneFigureOptions } from '../drawing/oneFigure.js';
import type { Comparison } from './compare.js';
import type { ComparedSpectrum, ShowsSpectrum } from './comparedSpectrum.js';

export interface ComparisonDrawing extends ShowsSpectrum {
  /** Writes the figure of what was shown; false where nothing was. */
  draw(result: Comparison): Promise<boolean>;
}

/**
 * Undefined where no figure is asked for, which then loads nothing.
 * @throws UsageError as `requireOneFigure`
 */
export async function comparisonDrawing(wanted: OneFigureOptions): Promise<ComparisonDrawing | undefined> {
  if ((wanted.figure ?? wanted.column ?? wanted.font) === undefined) return undefined;
  const { requireOneFigure, writeOneFigure } = await import('../drawing/oneFigure.js');
  requireOneFigure(wanted);
  let shown: ComparedSpectrum | undefined;
  return {
    onSpectrum: (spectrum) => {
      shown = spectrum;
    },
    draw: async (result) => {
      const spectrum = shown;
      if (spectrum === undefined) return false;
      const { drawComparison } = await import('./comparisonPicture.js');
      await writeOneFigure((style) => drawComparison(spectrum, result, style), wanted);
      return true;
    },
  };
}
