/** A run of nodes, `from` up to but not including `to`, to be replaced by `count` nodes. */
export interface NodeGroup {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Splits ascending nodes into runs by repeated halving of their range, such that the sum of what the runs need is
 * least.
 *
 * @param needed (from, to) ↦ number of quadrature nodes that represent this run well enough, Infinity if none does
 */
export function partitionNodes(nodes: Float64Array, needed: (from: number, to: number) => number): NodeGroup[] {
  return best(0, nodes.length).groups;

  function best(from: number, to: number): { cost: number; groups: NodeGroup[] } {
    const size = to - from;
    const count = size <= 2 ? size : Math.min(size, needed(from, to));
    const whole = { cost: count, groups: [{ from, to, count }] };
    if (count <= 3) return whole;
    const middle = (nodes[from] + nodes[to - 1]) / 2;
    let low = from + 1;
    let high = to - 1;
    while (low < high) {
      const trial = (low + high) >> 1;
      if (nodes[trial] <= middle) low = trial + 1;
      else high = trial;
    }
    const left = best(from, low);
    const right = best(low, to);
    const cost = left.cost + right.cost;
    return cost < count ? { cost, groups: left.groups.concat(right.groups) } : whole;
  }
}
