export type { FreeParameter as FittedParameter } from '../law/ensemble.js';
