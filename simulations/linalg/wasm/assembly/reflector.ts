// Householder vectors that need no factor beside them: the reflector is I − v vᵀ, with |v|² = 2, or v = 0.
import { dot } from './vectorOperations';

/**
 * The vector with its head at `head` and `rest` other numbers from `tail` on becomes v, whose reflector takes it to
 * beta in the place of the head and zeros elsewhere. Returns beta. Numbers should be of order 1.
 */
export function reflector(rest: usize, tail: usize, head: usize): f64 {
  const first = load<f64>(head);
  const squares = dot(rest, tail, tail);
  // Against entries of order 1 such a tail is nothing, and its squares may have lost their digits to underflow.
  if (squares <= 1e-280) {
    memory.fill(tail, 0, rest << 3);
    store<f64>(head, 0);
    return first;
  }
  const norm = sqrt(squares + first * first);
  const beta = first > 0 ? -norm : norm;
  // With u = x − beta e, the reflector is I − u uᵀ / (beta (beta − head)).
  const scale = 1 / sqrt(beta * (beta - first));
  store<f64>(head, (first - beta) * scale);
  for (let j: usize = 0; j < rest; j++) store<f64>(tail + j * 8, load<f64>(tail + j * 8) * scale);
  return beta;
}
