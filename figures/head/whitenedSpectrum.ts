import { figureDefinition } from '../layout/layOut.js';
import type { Panel, PlotlyObject } from '../figure.js';
import type { HeadResult } from '../headResult.js';
import { seriesColours, seriesDashes } from '../palette.js';
import { axis, logAxis, spread } from '../parts.js';
import { headName, headSource, inOrder } from './headParts.js';

const mostHeads = 5;

/** Where a curve ends on a logarithmic axis: below what is shown. */
const none = 1e-30;

/**
 * Share of eigenvalues up to x left of 1, and from x on right of it: corners of a staircase with a step at each node. Both tails keep
 * their digits on a logarithmic axis.
 */
function tails({ nodes, masses }: NonNullable<HeadResult['spectrum']>) {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const atoms = nodes.map((node, k) => ({ node, share: masses[k]! / total })).sort((a, b) => a.node - b.node);
  const climb = (side: typeof atoms): (readonly [number, number])[] => {
    let sum = none;
    return side.flatMap(({ node, share }) => [[node, sum] as const, [node, (sum += share)] as const]);
  };
  const left = climb(atoms.filter(({ node }) => node <= 1));
  const right = climb(atoms.filter(({ node }) => node > 1).reverse());
  const middle = [left.at(-1), right.at(-1)].flatMap((end) => (end === undefined ? [] : [[1, end[1]] as const]));
  const corners = [...left, ...middle, ...right.reverse()];
  const shares = corners.map(([, y]) => y);
  return { x: corners.map(([x]) => x), y: shares, meta: { y: shares.map((share) => (share === none ? 0 : share)) } };
}

/** Eigenvalues: of all tokens, or of those whose blocks were whitened. */
const countOf = ({ whitened, classes, dimension }: HeadResult): number => (whitened?.tokens ?? classes) * dimension;

function spectrumPanel(results: readonly HeadResult[]): Panel {
  return {
    name: 'spectrum in [0, 2]',
    title: '',
    data: results.map((result, k): PlotlyObject => {
      const name = headName(result, results);
      return {
        type: 'scatter',
        mode: 'lines',
        ...{ name, showlegend: results.length > 1, ...tails(result.spectrum!) },
        line: { color: seriesColours[k], width: 1.3, dash: seriesDashes[k], simplify: false },
        hovertemplate: `%{x:.4g}: %{y:.3g}<extra>${name}</extra>`,
      };
    }),
    x: axis({ range: [-0.08, 2.08], tickvals: [0, 0.5, 1, 1.5, 2], nticks: undefined, title: 'eigenvalue' }),
    y: logAxis([Math.log10(0.5 / Math.max(...results.map(countOf))), 0.1], {
      title: 'share of eigenvalues',
    }),
    shapes: [0, 2].map((at) => ({
      type: 'line',
      ...{ xref: 'x', yref: 'y domain', x0: at, x1: at, y0: 0, y1: 1 },
      line: { color: '@muted', width: 1, dash: '4px,3px' },
    })),
    height: { inches: 2 },
  };
}

export const headWhitenedSpectrum = figureDefinition<readonly HeadResult[]>({
  id: 'head-whitened-spectrum',
  title: 'Spectrum of the head beside its block diagonal',
  needs: 'the spectrum of the whitened Hessian (--spectrum)',
  plan: (given) => {
    const results = spread(inOrder(given.filter(({ spectrum }) => spectrum !== null)), mostHeads);
    if (results.length === 0) return undefined;
    return {
      id: 'head-whitened-spectrum',
      title: 'Spectrum of the head beside its block diagonal',
      column: 'single',
      groups: [[spectrumPanel(results)]],
      most: { single: 1, double: 1 },
      caption: `Share of the eigenvalues of $D^{-1/2} H D^{-1/2}$ up to a value (below 1) and from it on (above), $D$ the blocks of $H$ on its diagonal, by Lanczos nodes and weights, down to half of one eigenvalue. They lie in $[0, 2]$ (dashed) at every $C$ and stage of training, and would all be 1 if $H$ were block-diagonal.`,
      source: headSource(results),
    };
  },
});
