import type { Complex } from '../contracts.js';

/** A sum in the making. */
export interface MutableComplex {
  re: number;
  im: number;
}

export function zero(): MutableComplex {
  return { re: 0, im: 0 };
}

export function combine(a: Complex, alpha: number, b: Complex, beta: number): Complex {
  return { re: alpha * a.re + beta * b.re, im: alpha * a.im + beta * b.im };
}

export function add(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

export function subtract(a: Complex, b: Complex): Complex {
  return { re: a.re - b.re, im: a.im - b.im };
}

export function conjugate({ re, im }: Complex): Complex {
  return { re, im: -im };
}

export function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function divide(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}
