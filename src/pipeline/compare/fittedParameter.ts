export type FittedParameter = 'scale' | 'aspect-ratio';
