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

  /**
   * `fill` writes the directions from `start` on to a tile; `use` finds their fields in the first `rows` rows. With
   * `inDouble` products of many directions are in single precision but for those that it names.
   */
  each(
    count: number,
    fill: (start: number, tile: Float64Array) => void,
    use: (start: number, rows: number) => void,
    inDouble?: readonly number[],
  ): void {
    const { at, dimension } = this;
    const tile = new Float64Array(this.buffer, at.directions.address, tileClasses * dimension);
    const few = count <= fewDirections;
    if (!few) this.packInputs(inDouble !== undefined);
    for (let start = 0; start < count; start += tileClasses) {
      const rows = Math.min(tileClasses, count - start);
      fill(start, tile.subarray(0, rows * dimension));
      if (few) this.projectFew(0, rows);
      else if (inDouble === undefined) this.projectTile(rows);
      else {
        this.projectTileSingle(rows);
        for (const direction of inDouble)
          if (direction >= start && direction < start + rows) this.projectFew(direction - start, 1);
      }
      use(start, rows);
    }
  }

  /** The projections on direction `row` of the tile, N values. */
  field(row: number): Float64Array {
    const { fields, rowLength } = this.at.field;
    return new Float64Array(this.buffer, fields.address + row * rowLength * 8, this.samples);
  }

  private packInputs(single: boolean): void {
    const { kernels, at, dimension, samples } = this;
    const [inputs, packed, block] = [at.inputs.address, at.packedInputs.address, kernels.stepBlock()];
    if (single) kernels.packInputsSingle(inputs, samples, dimension, block, packed);
    else kernels.packInputs(inputs, 0, samples, dimension, block, at.eigen.zeros.address, packed);
  }

  private projectFew(first: number, rows: number): void {
    const { at, dimension, samples } = this;
    this.kernels.projectFew(
      at.directions.address + first * dimension * 8,
      dimension * 8,
      rows,
      at.inputs.address,
      samples,
      dimension,
      at.field.fields.address + first * at.field.rowLength * 8,
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

  private projectTileSingle(rows: number): void {
    const { kernels, at, dimension, samples } = this;
    kernels.projectTileSingle(
      at.directions.address,
      rows,
      at.packedInputs.address,
      samples,
      dimension,
      kernels.stepBlock(),
      at.eigen.packedA.address,
      at.eigen.work.address,
      at.field.fields.address,
      at.field.rowLength * 8,
    );
  }
}
