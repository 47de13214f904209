export { compileExpression } from './compileExpression.js';
export { differentiate } from './differentiate.js';
export { symbolsOf, type Expression } from './expression.js';
export { maximumExpressionLength, parseExpression } from './parseExpression.js';
