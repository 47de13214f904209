import type { FigureStyle, PaperFigure, Panel } from './figure.js';
import { layOut } from './layout/layOut.js';
import { quantileView, spectrumView, type DrawnSpectrum } from './spectrumParts.js';

export interface ComparisonPicture extends DrawnSpectrum {
  /** Eigenvalues that the law is about: those outside it, which are marked, would squeeze the quantiles. */
  readonly bulk: readonly number[];
  /** What was compared with what, for the caption. */
  readonly of: string;
  readonly with: string;
  readonly verdict: string;
  readonly source: string;
}

/** A spectrum over the density of a law, and quantiles of both; the latter where there are eigenvalues to order. */
export function comparisonFigure(picture: ComparisonPicture, style?: FigureStyle): PaperFigure {
  const height = { inches: 1.8 };
  const { predicted, observed } = picture.outliers;
  const marks = [
    ...(observed.length > 0 ? ['eigenvalues outside its support (diamonds)'] : []),
    ...(predicted.length > 0 ? ['places that the law has for single ones (dashed)'] : []),
  ];
  const hasQuantiles = picture.bulk.length > 0;
  const spectrum: Panel = { name: 'spectrum', title: '', ...spectrumView(picture), height };
  const quantiles: Panel = {
    name: 'quantiles',
    title: '',
    ...quantileView({ ...picture, eigenvalues: picture.bulk }),
    height,
  };
  return layOut(
    {
      id: 'comparison',
      title: 'Spectrum against its law',
      column: hasQuantiles ? 'double' : 'single',
      groups: [hasQuantiles ? [spectrum, quantiles] : [spectrum]],
      most: { single: 1, double: 2 },
      caption: `Spectrum of ${picture.of} and the density of ${picture.with}${marks.length > 0 ? `, with ${marks.join(' and ')}` : ''}${hasQuantiles ? '; quantiles drawn against those of the law' : ''}. Verdict: ${picture.verdict}.`,
      source: picture.source,
    },
    style,
  );
}
