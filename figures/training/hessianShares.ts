import type { MarkObservation } from '../../simulations/dynamics/index.js';
import type { FigureDefinition } from '../figure.js';
import { axis, inPanel, joinPanels, panelAxes, panelDomain, panelTitle, paperFigure } from '../parts.js';
import type { FigurePanel } from '../parts.js';
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

function sharesPanel(run: TrainResult, data: MarkedData, position: number, panels: number): FigurePanel {
  const traces = parts.map(({ name, colour, of }) => {
    const { steps, values } = courseOf(run, data, (mark) => of(mark) / total(mark));
    return {
      type: 'scatter',
      mode: 'lines',
      stackgroup: `shares ${position}`,
      ...{ name, legendgroup: name, showlegend: position === 0 },
      ...{ x: steps, y: values },
      line: { color: colour, width: 0.8 },
      hovertemplate: 'step %{x}: %{y:.3g}<extra>%{fullData.name}</extra>',
      ...inPanel(position),
    };
  });
  const steps = traces[0]!.x;
  return {
    data: traces,
    annotations: [panelTitle(position, dataName[data])],
    axes: panelAxes(
      position,
      panelDomain({ rows: 1, columns: panels, horizontalGap: 0.08 }, 0, position),
      stepAxis(run, { title: 'step', range: [steps[0]!, steps.at(-1)!] }),
      axis({ range: [0, 1], ...(position === 0 ? { title: 'share of ‖H‖²' } : {}) }),
    ),
  };
}

export const hessianShares: FigureDefinition<readonly TrainResult[]> = {
  id: 'hessian-shares',
  title: 'What the Hessian is made of along training',
  needs: 'two marks or more of a model with cross-layer blocks',
  build: ([run]) => {
    if (run === undefined || !hasCourse(run)) return undefined;
    const present = bothData.filter((data) => marksOn(run, data).some(({ cross }) => cross !== null));
    if (present.length === 0) return undefined;
    return paperFigure({
      id: 'hessian-shares',
      title: 'What the Hessian is made of along training',
      column: present.length === 1 ? 'single' : 'double',
      heightInches: 2.4,
      ...joinPanels(present.map((data, position) => sharesPanel(run, data, position, present.length))),
      margin: { t: present.length === 1 ? 54 : 42, b: 34, l: 44, r: 16 },
      caption: `Shares of $\\lVert H \\rVert_F^2 = \\lVert ww \\rVert^2 + 2 \\lVert R + K \\rVert^2 + \\lVert vv \\rVert^2$ along training; of the cross-layer blocks $R + K$ the residual part has $\\langle R, R + K \\rangle$ and the curvature part $\\langle K, R + K \\rangle$. Between marks straight lines are drawn. A share falls also when the rest grows. ${provenanceOf([run])}`,
    });
  },
};
