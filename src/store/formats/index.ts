export { readNpy, writeNpy } from './npy.js';
export { type NumericArray } from './numericArray.js';
