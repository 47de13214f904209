import { axis, exactLine, logAxis, logExtent } from '../parts.js';
import type { SpectrumPanel } from '../results.js';
import type { PanelContent } from '../spectrumParts.js';

/** Spectra of data: half of the eigenvalues lie in so small a share of the range that bars and density show one spike. */
const crowded = 0.02;

/** Where a spectrum of one sign would be a spike at zero on an axis that is not logarithmic. */
export function crowdsAtZero({ eigenvalues, support }: SpectrumPanel): boolean {
  const sizes = eigenvalues.map(Math.abs).sort((a, b) => a - b);
  const isOneSided = support.length > 0 && (support[0]![0] >= 0 || support.at(-1)![1] <= 0);
  return isOneSided && sizes[sizes.length >> 1]! < crowded * sizes.at(-1)!;
}

/** Share of the eigenvalues whose size is at most x, on a logarithmic axis, and the same of the law. */
export function sharesView(panel: SpectrumPanel): PanelContent {
  const { eigenvalues, lawX, lawCdf, support } = panel;
  const isNegative = support[0]![0] < 0;
  const sizes = eigenvalues.map(Math.abs).sort((a, b) => a - b);
  const smallest = 1e-10 * sizes.at(-1)!;
  const drawn = sizes.flatMap((size, k) => (size > smallest ? [[size, (k + 1) / sizes.length] as const] : []));
  const law = lawX.flatMap((x, k) =>
    Math.abs(x) > smallest ? [[Math.abs(x), isNegative ? 1 - lawCdf[k]! : lawCdf[k]!] as const] : [],
  );
  const line = (points: readonly (readonly [number, number])[], name: string, style: object) => ({
    type: 'scatter',
    name,
    showlegend: true,
    x: points.map(([size]) => size),
    y: points.map(([, share]) => share),
    hovertemplate: '%{x:.4g}: %{y:.3f}<extra>%{fullData.name}</extra>',
    ...style,
  });
  return {
    data: [
      line(drawn, 'share of eigenvalues', { mode: 'markers', marker: { color: '@orange', size: 3 } }),
      line(law, 'share by the law', { mode: 'lines', line: exactLine({ color: '@blue', width: 1.4 }) }),
    ],
    x: logAxis(logExtent(drawn.map(([size]) => size)), { title: '|eigenvalue|' }),
    y: axis({ title: 'share', range: [0, 1.03] }),
  };
}
