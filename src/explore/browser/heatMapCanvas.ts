import type { TrainHeatMap } from '../../../figures/trainResult.js';

/** How pixels take their colours: from 0 to a hundredth of the picture's largest entry, or over decades for all. */
export type MapScale =
  { readonly kind: 'own' } | { readonly kind: 'common'; readonly range: readonly [low: number, high: number] };

const channelsOf = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** @param colours from 0 to 1, ascending, as #rrggbb */
export function drawHeatMap(
  canvas: HTMLCanvasElement,
  map: TrainHeatMap,
  scale: MapScale,
  colours: readonly (readonly [number, string])[],
): void {
  const context = canvas.getContext('2d');
  if (context === null || map.values.length !== map.rows * map.columns) return;
  [canvas.width, canvas.height] = [map.columns, map.rows];
  const stops = colours.map(([, colour]) => channelsOf(colour));
  const image = context.createImageData(map.columns, map.rows);
  map.values.forEach((value, k) => {
    const place = Math.min(1, Math.max(0, placeOf(value, map, scale))) * (stops.length - 1);
    const [from, to] = [stops[Math.floor(place)]!, stops[Math.ceil(place)]!];
    for (let channel = 0; channel < 3; channel++)
      image.data[4 * k + channel] = from[channel]! + (place % 1) * (to[channel]! - from[channel]!);
    image.data[4 * k + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

function placeOf(value: number, { largest }: TrainHeatMap, scale: MapScale): number {
  if (scale.kind === 'own') return (100 * value) / largest;
  if (value <= 0) return 0;
  const [low, high] = scale.range;
  return (Math.log10(value) - low) / (high - low);
}
