export { cifarFormats, isCifarFormat, readCifar, type LabelledImages } from './cifar.js';
export { readCsv } from './csv.js';
export { readIdx } from './idx.js';
export { readMatrixMarket } from './matrixMarket.js';
export { readNpy, writeNpy } from './npy.js';
export { readNpz } from './npz.js';
export type { NumericArray } from './numericArray.js';
export { readArrayFile, readBytes, splitMember } from './readArrayFile.js';
