import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis } from '../parts.js';
import type { TrainResult } from '../trainResult.js';
import { bothData, courseOf, dataName, hasCourse, marksOn, provenanceOf, stepAxis, sumOf } from './trainingParts.js';
import type { MarkedData } from './trainingParts.js';

interface Part {
  readonly name: string;
  readonly colour: string;
  /** Of ‖H‖²; all parts of a mark sum to it. */
  readonly of: (mark: MarkObservation) => number;
}

const total = (mark: MarkObservation): number => sumOf(mark.layers.map((layer) => layer.total)) + 2 * mark.cross!.total;

/** ‖R + K‖² = ⟨R, R + K⟩ + ⟨K, R + K⟩: what they share belongs half to each. */
const parts: readonly Part[] = [
  { name: 'w–w blocks', colour: '@blue', of: ({ layers }) => layers[0]!.total },
  { name: 'residual part R', colour: '@vermillion', of: ({ cross }) => 2 * (cross!.residual + cross!.inner) },
  { name: 'curvature part K', colour: '@orange', of: ({ cross }) => 2 * (cross!.curvature + cross!.inner) },
  { name: 'v–v blocks', colour: '@green', of: ({ layers }) => sumOf(layers.slice(1).map((layer) => layer.total)) },
];

function sharesPanel(run: TrainResult, data: MarkedData): Panel {
  const traces = parts.map(({ name, colour, of }) => {
    const { steps, values } = courseOf(run, data, (mark) => of(mark) / total(mark));
    return {
      type: 'scatter',
      mode: 'lines',
      stackgroup: 'shares',
      ...{ name, showlegend: true, x: steps, y: values },
      line: { color: colour, width: 0.8 },
      hovertemplate: 'step %{x}: %{y:.3g}<extra>%{fullData.name}</extra>',
    };
  });
  const steps = traces[0]!.x;
  return {
    name: dataName[data],
    title: dataName[data],
    data: traces,
    x: stepAxis(run, { title: 'step', range: [steps[0]!, steps.at(-1)!] }),
    y: axis({ range: [0, 1], title: 'share of ‖H‖²' }),
    height: { inches: 1.5 },
  };
}

export const hessianShares = figureDefinition<readonly TrainResult[]>({
  id: 'hessian-shares',
  title: 'What the Hessian is made of along training',
  needs: 'two marks or more of a model with cross-layer blocks',
  plan: ([run]) => {
    if (run === undefined || !hasCourse(run)) return undefined;
    const present = bothData.filter((data) => marksOn(run, data).some(({ cross }) => cross !== null));
    if (present.length === 0) return undefined;
    return {
      id: 'hessian-shares',
      title: 'What the Hessian is made of along training',
      column: present.length === 1 ? 'single' : 'double',
      groups: present.map((data) => [sharesPanel(run, data)]),
      most: { single: 1, double: 2 },
      caption: `Shares of $\\Vert H \\Vert_F^2 = \\Vert ww \\Vert^2 + 2 \\Vert R + K \\Vert^2 + \\Vert vv \\Vert^2$ along training (straight lines between marks); of the cross-layer blocks $R + K$ the residual part has $\\langle R, R + K \\rangle$ and the curvature part $\\langle K, R + K \\rangle$. A share falls also when the rest grows.`,
      source: provenanceOf([run]),
    };
  },
});
