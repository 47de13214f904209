export { readCifar, type LabelledImages } from './cifar.js';
export { readCsv, writeCsv } from './csv.js';
export { readIdx } from './idx.js';
export { readMatrixMarket, writeMatrixMarket, type MatrixMarketOptions } from './matrixMarket.js';
export { readNpy, writeNpy } from './npy.js';
export { npzMembers, readNpz, writeNpz } from './npz.js';
export type { NumericArray } from './numericArray.js';
export { readArrayFile, readBytes, splitMember } from './readArrayFile.js';
