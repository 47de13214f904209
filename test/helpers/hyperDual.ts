/**
 * Hyper-dual numbers value + first·ε₁ + second·ε₂ + mixed·ε₁ε₂ with ε₁² = ε₂² = 0 (Fike, Alonso 2011): evaluating a
 * function at x + ε₁ e_a + ε₂ e_b gives ∂²f/∂x_a∂x_b in `mixed`, with no truncation error.
 */
export class HyperDual {
  constructor(
    readonly value: number,
    readonly first = 0,
    readonly second = 0,
    readonly mixed = 0,
  ) {}

  plus(other: HyperDual): HyperDual {
    return new HyperDual(
      this.value + other.value,
      this.first + other.first,
      this.second + other.second,
      this.mixed + other.mixed,
    );
  }

  times(other: HyperDual): HyperDual {
    return new HyperDual(
      this.value * other.value,
      this.value * other.first + this.first * other.value,
      this.value * other.second + this.second * other.value,
      this.value * other.mixed + this.first * other.second + this.second * other.first + this.mixed * other.value,
    );
  }

  scaled(factor: number): HyperDual {
    return new HyperDual(this.value * factor, this.first * factor, this.second * factor, this.mixed * factor);
  }

  /** f(this), from f and its first two derivatives at the value. */
  through(value: number, derivative: number, secondDerivative: number): HyperDual {
    return new HyperDual(
      value,
      derivative * this.first,
      derivative * this.second,
      derivative * this.mixed + secondDerivative * this.first * this.second,
    );
  }

  exp(): HyperDual {
    const e = Math.exp(this.value);
    return this.through(e, e, e);
  }

  log(): HyperDual {
    return this.through(Math.log(this.value), 1 / this.value, -1 / this.value ** 2);
  }

  reciprocal(): HyperDual {
    return this.through(1 / this.value, -1 / this.value ** 2, 2 / this.value ** 3);
  }

  /** erf by its alternating Maclaurin series, good to 1e-12 for |x| < 3; its derivative is (2/√π) e^{−x²}. */
  erf(): HyperDual {
    const x = this.value;
    let term = x;
    let sum = x;
    for (let k = 1; k < 120; k++) {
      term *= (-x * x) / k;
      sum += term / (2 * k + 1);
    }
    const density = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    return this.through((2 / Math.sqrt(Math.PI)) * sum, density, -2 * x * density);
  }
}
