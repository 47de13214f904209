/**
 * xoshiro256++ of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021);
 * reference code at https://prng.di.unimi.it/xoshiro256plusplus.c. Period 2^256 − 1.
 *
 * 64-bit words are handled as two 32-bit halves because BigInt arithmetic is some fifty times slower. The state lives
 * in `words` (low half first), which is the memory of the stream's `state`: whoever advances one advances the other.
 */
export class Xoshiro256 {
  /** The halves of the latest output. */
  high = 0;
  low = 0;

  constructor(private readonly words: Uint32Array) {}

  next(): void {
    const s = this.words;
    const s0l = s[0]!,
      s0h = s[1]!,
      s1l = s[2]!,
      s1h = s[3]!,
      s2l = s[4]! ^ s0l,
      s2h = s[5]! ^ s0h,
      s3l = s[6]! ^ s1l,
      s3h = s[7]! ^ s1h;

    // result = rotl(s0 + s3, 23) + s0
    const sumLow = s0l + s[6]!;
    const sumHigh = (s0h + s[7]! + (sumLow > 0xffffffff ? 1 : 0)) | 0;
    const low = sumLow | 0;
    const rotatedHigh = (sumHigh << 23) | (low >>> 9);
    const rotatedLow = (low << 23) | (sumHigh >>> 9);
    const resultLow = (rotatedLow >>> 0) + s0l;
    this.low = resultLow >>> 0;
    this.high = (rotatedHigh + s0h + (resultLow > 0xffffffff ? 1 : 0)) >>> 0;

    s[2] = s1l ^ s2l;
    s[3] = s1h ^ s2h;
    s[0] = s0l ^ s3l;
    s[1] = s0h ^ s3h;
    s[4] = s2l ^ (s1l << 17);
    s[5] = s2h ^ ((s1h << 17) | (s1l >>> 15));
    // rotl(s3, 45)
    s[6] = (s3h << 13) | (s3l >>> 19);
    s[7] = (s3l << 13) | (s3h >>> 19);
  }

  /** The top 53 bits of the next output, an integer in [0, 2^53). */
  next53(): number {
    this.next();
    return this.high * 0x200000 + (this.low >>> 11);
  }
}
