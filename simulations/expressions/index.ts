export { compileExpression } from './compileExpression.js';
export { differentiate } from './differentiate.js';
export { symbolsOf, type Expression } from './expression.js';
export { MAXIMUM_EXPRESSION_LENGTH, parseExpression } from './parseExpression.js';
