import { activationNames, activations } from '../../theory/names.js';

/** Those with a continuation off the axis, and limit weights of a smooth law. */
export const smoothActivations = activationNames.filter((name) => activations[name].kinks.length === 0);
