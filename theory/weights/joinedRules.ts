import type { ComplexRule } from '../gmp/contourMeasure.js';

/** The rule of a mixture: the nodes of all, one after the other. */
export function joinedRules(rules: readonly ComplexRule[]): ComplexRule {
  const all = (part: keyof ComplexRule): Float64Array => {
    const joined = new Float64Array(rules.reduce((sum, rule) => sum + rule[part].length, 0));
    rules.reduce((start, rule) => {
      joined.set(rule[part], start);
      return start + rule[part].length;
    }, 0);
    return joined;
  };
  return { nodesRe: all('nodesRe'), nodesIm: all('nodesIm'), massesRe: all('massesRe'), massesIm: all('massesIm') };
}

/** The same nodes with a share of their masses. */
export function scaledRule({ nodesRe, nodesIm, massesRe, massesIm }: ComplexRule, share: number): ComplexRule {
  return {
    nodesRe,
    nodesIm,
    massesRe: massesRe.map((mass) => share * mass),
    massesIm: massesIm.map((mass) => share * mass),
  };
}
