/** Complex arithmetic on plain objects: a few hundred points of a contour, so clarity wins over speed. */
export interface MutableComplex {
  re: number;
  im: number;
}

export function zero(): MutableComplex {
  return { re: 0, im: 0 };
}

export function add(sum: MutableComplex, term: MutableComplex, factor: number): void {
  sum.re += factor * term.re;
  sum.im += factor * term.im;
}

export function combine(a: MutableComplex, alpha: number, b: MutableComplex, beta: number): MutableComplex {
  return { re: alpha * a.re + beta * b.re, im: alpha * a.im + beta * b.im };
}

export function conjugate({ re, im }: MutableComplex): MutableComplex {
  return { re, im: -im };
}

export function multiply(a: MutableComplex, b: MutableComplex): MutableComplex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function divide(a: MutableComplex, b: MutableComplex): MutableComplex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}
