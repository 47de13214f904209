/**
 * Colours by name. Figures are built with names (`'@blue'`), and `resolveColours` turns them into the colours of a
 * theme, so that one figure serves print and both themes of a screen. Hues: Okabe and Ito's set, told apart by every
 * common colour vision; the dark theme lightens them to keep a contrast of 4.5 and more.
 */

export type ThemeName = 'light' | 'dark';

export type ColourName =
  | 'paper'
  | 'plot'
  | 'ink'
  | 'muted'
  | 'grid'
  | 'axis'
  | 'blue'
  | 'orange'
  | 'green'
  | 'vermillion'
  | 'purple'
  | 'sky'
  | 'yellow'
  | 'bar'
  | 'band'
  | 'clear';

export const themes: Readonly<Record<ThemeName, Readonly<Record<ColourName, string>>>> = {
  light: {
    paper: '#ffffff',
    plot: '#ffffff',
    ink: '#1a1a1a',
    muted: '#5c5c5c',
    grid: '#e6e6e6',
    axis: '#8a8a8a',
    blue: '#0072b2',
    orange: '#b87a00',
    green: '#00805c',
    vermillion: '#c8500a',
    purple: '#a8588a',
    sky: '#2e93cf',
    yellow: '#8f8400',
    bar: '#b9d7ea',
    band: 'rgba(0,114,178,0.16)',
    clear: 'rgba(0,0,0,0)',
  },
  dark: {
    paper: '#16181c',
    plot: '#16181c',
    ink: '#eceef1',
    muted: '#a9b0ba',
    grid: '#2d323a',
    axis: '#707884',
    blue: '#5cb3ec',
    orange: '#f0b040',
    green: '#2fc79b',
    vermillion: '#ff8a4c',
    purple: '#e09cc6',
    sky: '#8fd0f7',
    yellow: '#f0e442',
    bar: '#2c4a63',
    band: 'rgba(92,179,236,0.22)',
    clear: 'rgba(0,0,0,0)',
  },
};

/** Order in which series take their colours. */
export const seriesColours = ['@blue', '@vermillion', '@green', '@purple', '@orange', '@sky', '@yellow'] as const;

/** Dashes go with colours, so that a series is told apart without any colour. */
export const seriesDashes = [
  'solid',
  '5px,2px',
  '1.5px,1.5px',
  '5px,2px,1.5px,2px',
  '9px,3px',
  '9px,3px,1.5px,3px',
  '3px,1.5px',
] as const;

export const seriesSymbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x', 'star'] as const;

/**
 * A copy of `value` with every colour name replaced. Works on any JSON; text that merely contains an @ is left alone,
 * but for the style `color:@name` of a span.
 */
export function resolveColours<T>(value: T, theme: ThemeName): T {
  const colours: Readonly<Record<string, string>> = themes[theme];
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') {
      if (item.startsWith('@') && Object.hasOwn(colours, item.slice(1))) return colours[item.slice(1)];
      return item.replace(/color:@([a-z]+)/g, (whole, name: string) =>
        Object.hasOwn(colours, name) ? `color:${colours[name]}` : whole,
      );
    }
    if (Array.isArray(item))
      return item.length > 0 && typeof item[0] === 'number' && typeof item.at(-1) === 'number' ? item : item.map(visit);
    if (item !== null && typeof item === 'object')
      return Object.fromEntries(Object.entries(item).map(([key, entry]) => [key, visit(entry)]));
    return item;
  };
  return visit(value) as T;
}
