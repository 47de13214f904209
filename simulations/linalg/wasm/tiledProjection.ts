import type { KernelExports } from './kernelModule.js';
import { tileClasses, type WorkspaceRegions } from './workspaceRegions.js';

/** Up to this many directions inner products are faster than packing X. */
const fewDirections = 24;

/** Projections of the inputs on directions that come in tiles, each into the rows of the field. */
export class TiledProjection {
  constructor(
    private readonly kernels: KernelExports,
    private readonly buffer: ArrayBuffer,
    private readonly at: WorkspaceRegions,
    private readonly dimension: number,
    private readonly samples: number,
  ) {}

  /** `fill` writes the directions from `start` on to a tile; `use` finds their fields in the first `rows` rows. */
  each(
    count: number,
    fill: (start: number, tile: Float64Array) => void,
    use: (start: number, rows: number) => void,
  ): void {
    const { kernels, at, dimension, samples } = this;
    const tile = new Float64Array(this.buffer, at.directions.address, tileClasses * dimension);
    const few = count <= fewDirections;
    if (!few)
      kernels.packInputs(
        at.inputs.address,
        samples,
        dimension,
        kernels.stepBlock(),
        at.eigen.zeros.address,
        at.packedInputs.address,
      );
    for (let start = 0; start < count; start += tileClasses) {
      const rows = Math.min(tileClasses, count - start);
      fill(start, tile.subarray(0, rows * dimension));
      if (few) this.projectFew(rows);
      else this.projectTile(rows);
      use(start, rows);
    }
  }

  /** The projections on direction `row` of the tile, N values. */
  field(row: number): Float64Array {
    const { fields, rowLength } = this.at.field;
    return new Float64Array(this.buffer, fields.address + row * rowLength * 8, this.samples);
  }

  private projectFew(rows: number): void {
    const { at, dimension, samples } = this;
    this.kernels.projectFew(
      at.directions.address,
      dimension * 8,
      rows,
      at.inputs.address,
      samples,
      dimension,
      at.field.fields.address,
      at.field.rowLength * 8,
    );
  }

  private projectTile(rows: number): void {
    const { kernels, at, dimension, samples } = this;
    kernels.projectTile(
      at.directions.address,
      rows,
      at.packedInputs.address,
      samples,
      dimension,
      kernels.stepBlock(),
      kernels.tileRows(),
      at.eigen.packedA.address,
      at.eigen.zeros.address,
      at.field.fields.address,
      at.field.rowLength * 8,
    );
  }
}
