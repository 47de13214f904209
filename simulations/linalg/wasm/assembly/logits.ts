// Logits V h at points side by side. A field has a number for each of `points` points, a multiple of 4; rows of fields lie
// `stride` bytes apart, in the features h (a field for each of their entries) and in what comes out.
import { madd } from './vector';

/**
 * out[c] = Σ_k V_ck h_k, a field for each of `classes` rows of V with `width` numbers. Four classes by four points at a time,
 * which share what they load.
 */
export function logitFields(
  points: usize,
  readout: usize,
  classes: usize,
  width: usize,
  features: usize,
  stride: usize,
  out: usize,
): void {
  const row = width << 3;
  let c: usize = 0;
  for (; c + 4 <= classes; c += 4) {
    const first = readout + c * row;
    for (let p: usize = 0; p < points << 3; p += 32) {
      const zero = f64x2.splat(0);
      let f00 = zero,
        f01 = zero,
        f10 = zero,
        f11 = zero,
        f20 = zero,
        f21 = zero,
        f30 = zero,
        f31 = zero;
      let feature = features + p;
      for (let v = first; v < first + row; v += 8) {
        const h0 = v128.load(feature),
          h1 = v128.load(feature, 16);
        const v0 = v128.load_splat<f64>(v),
          v1 = v128.load_splat<f64>(v + row),
          v2 = v128.load_splat<f64>(v + 2 * row),
          v3 = v128.load_splat<f64>(v + 3 * row);
        f00 = madd(v0, h0, f00);
        f01 = madd(v0, h1, f01);
        f10 = madd(v1, h0, f10);
        f11 = madd(v1, h1, f11);
        f20 = madd(v2, h0, f20);
        f21 = madd(v2, h1, f21);
        f30 = madd(v3, h0, f30);
        f31 = madd(v3, h1, f31);
        feature += stride;
      }
      const at = out + c * stride + p;
      v128.store(at, f00);
      v128.store(at, f01, 16);
      v128.store(at + stride, f10);
      v128.store(at + stride, f11, 16);
      v128.store(at + 2 * stride, f20);
      v128.store(at + 2 * stride, f21, 16);
      v128.store(at + 3 * stride, f30);
      v128.store(at + 3 * stride, f31, 16);
    }
  }
  for (; c < classes; c++) {
    const first = readout + c * row;
    for (let p: usize = 0; p < points << 3; p += 16) {
      let f = f64x2.splat(0);
      let feature = features + p;
      for (let v = first; v < first + row; v += 8) {
        f = madd(v128.load_splat<f64>(v), v128.load(feature), f);
        feature += stride;
      }
      v128.store(out + c * stride + p, f);
    }
  }
}
