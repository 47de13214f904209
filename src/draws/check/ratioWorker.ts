/** Worker entry for ratios of norms that judging asks for: a specification in, the ratio out. */
import { serveTasks } from '../../../simulations/runner/index.js';
import { frobeniusRatio } from '../../../theory/models/index.js';

serveTasks(frobeniusRatio);
