/**
 * The few BLAS and LAPACK routines the native backend needs, through their Fortran interface, which OpenBLAS and
 * Accelerate share.
 *
 * Calls are synchronous: koffi passes a typed array's memory as it is, without a copy, and keeps it alive for the call.
 */
import type { LibraryHandle } from 'koffi';

export interface Blas {
  /** What was found, with version and processor kernel where the library tells. */
  readonly description: string;
  readonly path: string;
  /** C = alpha A Aᵀ + beta C (or AᵀA when transposed), one triangle, column-major. */
  dsyrk(
    triangle: 'U' | 'L',
    transpose: 'N' | 'T',
    n: number,
    k: number,
    alpha: number,
    a: Float64Array,
    lda: number,
    beta: number,
    c: Float64Array,
    ldc: number,
  ): void;
  /** C = op(A) op(B), column-major. */
  dgemm(
    transposeA: 'N' | 'T',
    transposeB: 'N' | 'T',
    m: number,
    n: number,
    k: number,
    a: Float64Array,
    lda: number,
    b: Float64Array,
    ldb: number,
    c: Float64Array,
    ldc: number,
  ): void;
  /** The same in single precision. */
  sgemm(
    transposeA: 'N' | 'T',
    transposeB: 'N' | 'T',
    m: number,
    n: number,
    k: number,
    a: Float32Array,
    lda: number,
    b: Float32Array,
    ldb: number,
    c: Float32Array,
    ldc: number,
  ): void;
  /** Cholesky factor in place; 0, or the order of the minor that is not positive definite. */
  dpotrf(triangle: 'U' | 'L', n: number, a: Float64Array, lda: number): number;
  /**
   * Ascending eigenvalues into `values`; destroys `a`. 0, or the number of off-diagonal entries that did not converge.
   */
  dsyevd(triangle: 'U' | 'L', n: number, a: Float64Array, lda: number, values: Float64Array): number;
  /**
   * Reduces a symmetric matrix, lower triangle, to a band of `width` diagonals below the main one; destroys `a`. Entry
   * (i, j) is number (width + 1) j + i − j of `band`. Products of matrices where `dsyevd` has products with vectors.
   * `undefined` where the library has none (LAPACK before 3.7, libraries of vendors).
   */
  readonly dsytrdToBand:
    ((n: number, width: number, a: Float64Array, lda: number, band: Float64Array) => void) | undefined;
}

/** Prefix and suffix of the symbols: plain, 64-bit integers, and the builds that ship inside NumPy and SciPy. */
const namings = [
  ['', ''],
  ['', '64_'],
  ['scipy_', ''],
  ['scipy_', '64_'],
] as const;

const pointer = 'void *';
/** Fortran compilers pass the length of each character argument after the others. */
const length = 'size_t';

/**
 * Long, because the argument list of each Fortran routine is written out, to be read beside its manual page.
 * @throws Error when the library lacks one of the routines.
 */
export function bindBlas(library: LibraryHandle, path: string): Blas {
  const naming = namings.find(([prefix, suffix]) => has(library, `${prefix}dsyevd_${suffix}`));
  if (!naming) throw new Error('it has no dsyevd, the eigenvalue routine of LAPACK');
  const [prefix, suffix] = naming;
  const routine = (name: string, pointers: number, lengths: number): ((...args: unknown[]) => void) =>
    library.func(`${prefix}${name}_${suffix}`, 'void', [
      ...Array<string>(pointers).fill(pointer),
      ...Array<string>(lengths).fill(length),
    ]);
  const syrk = routine('dsyrk', 10, 2);
  const potrf = routine('dpotrf', 5, 1);
  const syevd = routine('dsyevd', 11, 2);
  const toBand = has(library, `${prefix}dsytrd_sy2sb_${suffix}`) ? routine('dsytrd_sy2sb', 11, 1) : undefined;
  const threads = useOneThread(library, prefix, suffix);

  return {
    path,
    description: [describe(library, prefix, suffix) ?? path.split('/').at(-1), threads ? 'one thread' : undefined]
      .filter(Boolean)
      .join(', '),
    dsyrk: (triangle, transpose, n, k, alpha, a, lda, beta, c, ldc) =>
      syrk(
        character(triangle),
        character(transpose),
        integer(n),
        integer(k),
        real(alpha),
        a,
        integer(lda),
        real(beta),
        c,
        integer(ldc),
        1,
        1,
      ),
    dgemm: productRoutine(routine('dgemm', 13, 2), real),
    sgemm: productRoutine(routine('sgemm', 13, 2), (value) => Float32Array.of(value)),
    dpotrf(triangle, n, a, lda) {
      const info = integer(0);
      potrf(character(triangle), integer(n), a, integer(lda), info, 1);
      return info[0]!;
    },
    dsyevd(triangle, n, a, lda, values) {
      const info = integer(0);
      withWorkSpace((work, size) =>
        syevd(
          character('N'),
          character(triangle),
          integer(n),
          a,
          integer(lda),
          values,
          work,
          size,
          integer(0),
          integer(1),
          info,
          1,
          1,
        ),
      );
      return info[0]!;
    },
    dsytrdToBand:
      toBand &&
      ((n, width, a, lda, band) => {
        const factors = new Float64Array(n);
        withWorkSpace((work, size) =>
          toBand(
            character('L'),
            integer(n),
            integer(width),
            a,
            integer(lda),
            band,
            integer(width + 1),
            factors,
            work,
            size,
            integer(0),
            1,
          ),
        );
      }),
  };
}

/** `dgemm` and `sgemm`: alpha = 1, beta = 0. */
function productRoutine<Numbers extends Float64Array | Float32Array>(
  routine: (...args: unknown[]) => void,
  scalar: (value: number) => Numbers,
) {
  return (
    transposeA: 'N' | 'T',
    transposeB: 'N' | 'T',
    m: number,
    n: number,
    k: number,
    a: Numbers,
    lda: number,
    b: Numbers,
    ldb: number,
    c: Numbers,
    ldc: number,
  ): void =>
    routine(
      character(transposeA),
      character(transposeB),
      integer(m),
      integer(n),
      integer(k),
      scalar(1),
      a,
      integer(lda),
      b,
      integer(ldb),
      scalar(0),
      c,
      integer(ldc),
      1,
      1,
    );
}

/** Calls a routine twice: it is asked for the best size of its work space, then given it. */
function withWorkSpace(call: (work: Float64Array, size: Int32Array) => void): void {
  const size = real(0);
  call(size, integer(workSizeQuery));
  call(new Float64Array(size[0]!), integer(size[0]!));
}

/** In place of the length of a work space: only its best length is wanted. */
const workSizeQuery = -1;

/** Low word first: right for routines with 32-bit and with 64-bit integers, on little-endian machines. */
function integer(value: number): Int32Array {
  return Int32Array.of(value, value < 0 ? -1 : 0);
}

function real(value: number): Float64Array {
  return Float64Array.of(value);
}

function character(letter: string): Uint8Array {
  return Uint8Array.of(letter.charCodeAt(0));
}

function has(library: LibraryHandle, symbol: string): boolean {
  try {
    library.func(symbol, 'void', []);
    return true;
  } catch {
    return false;
  }
}

/** One draw a worker, one thread a draw: threads of a BLAS that spin while they wait slow a loaded machine tenfold. */
function useOneThread(library: LibraryHandle, prefix: string, suffix: string): boolean {
  const symbol = `${prefix}openblas_set_num_threads${suffix}`;
  if (!has(library, symbol)) return false;
  library.func(symbol, 'void', ['int'])(1);
  return true;
}

function describe(library: LibraryHandle, prefix: string, suffix: string): string | undefined {
  const text = (name: string): string | undefined => {
    const symbol = `${prefix}openblas_${name}${suffix}`;
    return has(library, symbol) ? String(library.func(symbol, 'str', [])()) : undefined;
  };
  const configuration = text('get_config');
  if (configuration === undefined) return undefined;
  const version = /OpenBLAS\s+\S+/.exec(configuration)?.[0] ?? 'OpenBLAS';
  const kernel = text('get_corename');
  return kernel ? `${version}, ${kernel} kernels` : version;
}
