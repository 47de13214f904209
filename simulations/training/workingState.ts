import { UsageError } from '../../theory/errors.js';
import type { Parameters } from '../contracts.js';
import type { TrainingState } from './contract.js';

/** Numbers that a state of some plan holds. */
export interface StateSizes {
  readonly hiddenLayer: number;
  readonly readout: number;
  /** Of each array of moments. */
  readonly moments: number;
  readonly balanceDrift: number;
}

/** A state that training writes to, in arrays of its own. */
export class WorkingState implements TrainingState {
  step = 0;
  firstLoss: number | null = null;
  readonly hiddenLayer: Float64Array;
  readonly readout: Float64Array;
  readonly firstMoments: Float64Array;
  readonly secondMoments: Float64Array;
  readonly balanceDrift: Float64Array;

  constructor(sizes: StateSizes) {
    this.hiddenLayer = new Float64Array(sizes.hiddenLayer);
    this.readout = new Float64Array(sizes.readout);
    this.firstMoments = new Float64Array(sizes.moments);
    this.secondMoments = new Float64Array(sizes.moments);
    this.balanceDrift = new Float64Array(sizes.balanceDrift);
  }

  /** Parameters alone begin at step 0, with nothing remembered. */
  set(source: Parameters | TrainingState): void {
    const { step = 0, firstLoss = null } = source as Partial<TrainingState>;
    this.step = step;
    this.firstLoss = firstLoss;
    for (const [name, array] of Object.entries(this.#arrays())) {
      const values = (source as unknown as Readonly<Record<string, Float64Array | undefined>>)[name];
      if (values === undefined) array.fill(0);
      else if (values.length === array.length) array.set(values);
      else {
        throw new UsageError(
          `start: ${name} must hold ${array.length} numbers for this plan, got ${values.length}; go on with the plan that the state was trained by`,
        );
      }
    }
  }

  copy(): TrainingState {
    const { step, firstLoss } = this;
    const { hiddenLayer, readout, firstMoments, secondMoments, balanceDrift } = this.#arrays();
    return {
      ...{ step, firstLoss },
      ...{ hiddenLayer: hiddenLayer.slice(), readout: readout.slice() },
      ...{ firstMoments: firstMoments.slice(), secondMoments: secondMoments.slice() },
      balanceDrift: balanceDrift.slice(),
    };
  }

  #arrays() {
    const { hiddenLayer, readout, firstMoments, secondMoments, balanceDrift } = this;
    return { hiddenLayer, readout, firstMoments, secondMoments, balanceDrift };
  }
}
