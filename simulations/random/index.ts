export { randomStream, streamFromState } from './randomStream.js';
export { streamSeed, splitMix64 } from './streamSeed.js';
