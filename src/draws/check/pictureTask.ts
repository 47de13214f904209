/** A picture that needs no draw, computed on a worker because its outliers are a cubature. */
import type { DrawSettings } from '../../../simulations/contracts.js';
import { lawPicture } from '../lawPictures.js';
import type { LawPictureName, LawPictures } from '../lawPictures.js';

export interface PictureTask {
  readonly kind: 'picture';
  readonly experiment: string;
  /** The smallest settings that a plan of memory accepts: nothing is drawn. */
  readonly settings: DrawSettings;
  readonly name: LawPictureName;
  readonly aspectRatio: number;
}

export interface PictureTaskResult {
  readonly kind: 'picture';
  readonly pictures: LawPictures;
}

export async function performPictureTask({ name, aspectRatio }: PictureTask): Promise<PictureTaskResult> {
  return { kind: 'picture', pictures: lawPicture(name, aspectRatio) };
}
