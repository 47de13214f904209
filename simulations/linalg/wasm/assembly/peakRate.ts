import { laneSum, madd } from './vector';

/** 40 floating-point operations a step in registers alone: the machine's limit for these kernels. */
export function peakRate(steps: i32): f64 {
  let c0 = f64x2.splat(0.1),
    c1 = f64x2.splat(0.2),
    c2 = f64x2.splat(0.3),
    c3 = f64x2.splat(0.4),
    c4 = f64x2.splat(0.5);
  let c5 = f64x2.splat(0.6),
    c6 = f64x2.splat(0.7),
    c7 = f64x2.splat(0.8),
    c8 = f64x2.splat(0.9),
    c9 = f64x2.splat(1);
  const x = f64x2.splat(0.999),
    y = f64x2.splat(0.001);
  for (; steps > 0; steps--) {
    c0 = madd(c0, x, y);
    c1 = madd(c1, x, y);
    c2 = madd(c2, x, y);
    c3 = madd(c3, x, y);
    c4 = madd(c4, x, y);
    c5 = madd(c5, x, y);
    c6 = madd(c6, x, y);
    c7 = madd(c7, x, y);
    c8 = madd(c8, x, y);
    c9 = madd(c9, x, y);
  }
  const sum = f64x2.add(
    f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)),
    f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7)),
  );
  return laneSum(f64x2.add(sum, f64x2.add(c8, c9)));
}
