/**
 * What runs inside a page with figures: unpacks Plotly and the figures, draws each when it comes near the window,
 * follows the theme and the width, draws everything in the light theme before printing. Bundled by the build; needs no
 * network.
 */
import { resolveColours } from '../../palette.js';
import type { ThemeName } from '../../palette.js';

interface PageFigure {
  readonly data: readonly unknown[];
  readonly layout: { readonly width: number; readonly height: number; readonly [key: string]: unknown };
  readonly config: unknown;
}

interface PlotlyLibrary {
  react(target: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
}

async function unpack(holder: Element | null): Promise<string> {
  const text = atob((holder?.textContent ?? '').trim());
  // A plain loop: the library is half a million characters.
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

/** Lets the browser paint, scroll and answer keys between two figures. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Type and margins grow with the figure, so that it keeps its printed proportions. */
function enlarge(value: unknown, factor: number, key = ''): unknown {
  if (Array.isArray(value))
    return value.length > 0 && typeof value[0] === 'number' ? value : value.map((item) => enlarge(item, factor, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (
        typeof entry === 'number' &&
        ((name === 'size' && /font/i.test(key)) ||
          key === 'margin' ||
          name === 'yshift' ||
          name === 'standoff' ||
          name === 'thickness')
      )
        return [name, entry * factor];
      return [name, enlarge(entry, factor, name)];
    }),
  );
}

const root = document.documentElement;
const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');

function currentTheme(): ThemeName {
  const chosen = root.dataset['theme'];
  return chosen === 'light' || chosen === 'dark' ? chosen : darkScheme.matches ? 'dark' : 'light';
}

/** Width and height of a figure's place: its own in print, up to half as large again where there is room. */
function sizeOf(
  place: HTMLElement,
  printing: boolean,
): { readonly factor: number; readonly width: number; readonly height: number } {
  const [width, height] = [Number(place.dataset['width']), Number(place.dataset['height'])];
  const room = printing ? width : (place.parentElement?.clientWidth ?? width);
  const factor = Math.min(1.5, Math.max(1, room / width));
  return { factor, width: Math.floor(width * factor), height: Math.round(height * factor) };
}

function confess(place: HTMLElement, failure: unknown): void {
  place.textContent = `This figure could not be drawn: ${String(failure)}`;
}

/**
 * Long, because its callbacks (scroll, resize, print) share one state: the places, their heights, what is drawn and what
 * waits.
 */
async function start(): Promise<void> {
  const places = Array.from(document.querySelectorAll<HTMLElement>('[data-figure]'));
  if (places.length === 0) return;
  // What is far from the window holds its room from the start, so that a link of the contents lands where it says.
  const heights = places.map((place) => sizeOf(place, false).height);
  places.forEach((place, i) => (place.style.minHeight = `${heights[i]}px`));

  const holders = new Map(
    Array.from(document.querySelectorAll<HTMLElement>('[data-of-figure]'), (holder) => [
      holder.dataset['ofFigure'],
      holder,
    ]),
  );
  const texts = new Map<HTMLElement, Promise<void>>();
  const figures = new Map<HTMLElement, string | PageFigure>();
  const fetched = (place: HTMLElement): Promise<void> => {
    const known = texts.get(place);
    if (known !== undefined) return known;
    const promise = unpack(holders.get(place.dataset['figure']) ?? null).then((text) => void figures.set(place, text));
    texts.set(place, promise);
    return promise;
  };
  const figureOf = (place: HTMLElement): PageFigure | undefined => {
    const held = figures.get(place);
    if (typeof held !== 'string') return held;
    const figure = JSON.parse(held) as PageFigure;
    figures.set(place, figure);
    return figure;
  };

  // Both are unpacked by the browser's own threads, side by side.
  void fetched(places[0] as HTMLElement);
  const library = await unpack(document.getElementById('plotly-library'));
  const script = document.createElement('script');
  script.textContent = library;
  document.head.append(script);
  const { Plotly } = globalThis as unknown as { Plotly: PlotlyLibrary };
  const drawn = new Set<HTMLElement>();
  /** Number of times each place was asked to be drawn: only the last one counts. */
  const turns = new Map<HTMLElement, number>();
  let printing = false;

  /** Draws at once what is unpacked: printing does not wait. */
  const draw = (place: HTMLElement): Promise<unknown> => {
    const figure = figureOf(place);
    if (figure === undefined) return Promise.resolve();
    drawn.add(place);
    const turn = (turns.get(place) ?? 0) + 1;
    turns.set(place, turn);
    const theme = printing ? 'light' : currentTheme();
    const { factor, width, height } = sizeOf(place, printing);
    const layout = { ...(enlarge(figure.layout, factor) as PageFigure['layout']), width, height };
    const coloured = resolveColours({ data: enlarge(figure.data, factor), layout }, theme);
    place.style.minHeight = `${height}px`;
    return Plotly.react(place, coloured.data, coloured.layout, {
      ...(figure.config as object),
      responsive: false,
    }).then(() => {
      if (turns.get(place) === turn) place.dataset['drawn'] = theme;
    });
  };

  // One figure after the other, the one nearest to the window first.
  const waiting = new Set<HTMLElement>();
  const distance = (place: HTMLElement): number => {
    const { top, bottom } = place.getBoundingClientRect();
    return Math.max(top - window.innerHeight, -bottom, 0);
  };
  let drawing: Promise<void> | undefined;
  const drawAll = async (): Promise<void> => {
    while (waiting.size > 0) {
      const place = [...waiting].reduce((a, b) => (distance(b) < distance(a) ? b : a));
      waiting.delete(place);
      try {
        await fetched(place);
        void draw(place);
      } catch (failure) {
        confess(place, failure);
      }
      await breathe();
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        waiting.add(entry.target as HTMLElement);
      }
      drawing ??= drawAll().finally(() => (drawing = undefined));
    },
    { rootMargin: '800px' },
  );
  for (const place of places) observer.observe(place);
  // The others are unpacked while nothing else is to be done, so that printing finds them.
  void (async () => {
    for (const place of places) {
      await breathe();
      await drawing;
      await fetched(place);
    }
    root.dataset['unpacked'] = 'true';
  })();

  const redraw = (): void => {
    for (const place of drawn) void draw(place);
  };
  let pending = 0;
  let lastWidth = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth === lastWidth) return;
    lastWidth = window.innerWidth;
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(redraw);
  });
  darkScheme.addEventListener('change', redraw);
  document.addEventListener('themechange', redraw);
  // Folds stay as they are: what is closed on the screen is not printed.
  window.addEventListener('beforeprint', () => {
    printing = true;
    for (const place of places) if (place.closest('details:not([open])') === null) void draw(place);
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    redraw();
  });
}

document.getElementById('theme-button')?.addEventListener('click', () => {
  root.dataset['theme'] = currentTheme() === 'dark' ? 'light' : 'dark';
  document.dispatchEvent(new Event('themechange'));
});

const foldButton = document.getElementById('fold-button');
foldButton?.addEventListener('click', () => {
  const folds = Array.from(document.querySelectorAll('details'));
  const open = folds.some((fold) => !fold.open);
  for (const fold of folds) fold.open = open;
  foldButton.textContent = open ? 'close all folds' : 'open all folds';
});

start().then(
  () => {
    root.dataset['ready'] = 'true';
  },
  (failure: unknown) => {
    root.dataset['ready'] = 'failed';
    for (const place of Array.from(document.querySelectorAll<HTMLElement>('[data-figure]'))) confess(place, failure);
  },
);
