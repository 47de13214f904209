/**
 * What runs inside a page with figures: unpacks Plotly and the figures, draws each when it comes near the window, follows the
 * theme and the width, draws everything in the light theme before printing. Bundled by the build; needs no network.
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

async function unpack(id: string): Promise<string> {
  const text = atob((document.getElementById(id)?.textContent ?? '').trim());
  // A plain loop: the library is two million characters.
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

/** Type and margins grow with the figure, so that it keeps its printed proportions. */
function enlarge(value: unknown, factor: number, key = ''): unknown {
  if (Array.isArray(value)) return value.length > 0 && typeof value[0] === 'number' ? value : value.map((item) => enlarge(item, factor, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (typeof entry === 'number' && ((name === 'size' && /font/i.test(key)) || key === 'margin' || name === 'yshift' || name === 'standoff' || name === 'thickness')) return [name, entry * factor];
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

async function start(): Promise<void> {
  const places = Array.from(document.querySelectorAll<HTMLElement>('[data-figure]'));
  if (places.length === 0) return;
  const [library, figuresText] = await Promise.all([unpack('plotly-library'), unpack('figure-data')]);
  const script = document.createElement('script');
  script.textContent = library;
  document.head.append(script);
  const { Plotly } = globalThis as unknown as { Plotly: PlotlyLibrary };
  const figures = JSON.parse(figuresText) as Readonly<Record<string, PageFigure>>;
  const drawn = new Set<HTMLElement>();
  /** Number of times each place was asked to be drawn: only the last one counts. */
  const turns = new Map<HTMLElement, number>();
  let printing = false;

  const draw = (place: HTMLElement): Promise<unknown> => {
    const figure = figures[place.dataset['figure'] ?? ''];
    if (figure === undefined) return Promise.resolve();
    drawn.add(place);
    const turn = (turns.get(place) ?? 0) + 1;
    turns.set(place, turn);
    const theme = printing ? 'light' : currentTheme();
    const room = printing ? figure.layout.width : (place.parentElement?.clientWidth ?? figure.layout.width);
    const factor = Math.min(1.5, Math.max(1, room / figure.layout.width));
    const layout = { ...(enlarge(figure.layout, factor) as PageFigure['layout']), width: Math.floor(figure.layout.width * factor), height: Math.round(figure.layout.height * factor) };
    const coloured = resolveColours({ data: enlarge(figure.data, factor), layout }, theme);
    place.style.minHeight = `${layout.height}px`;
    return Plotly.react(place, coloured.data, coloured.layout, { ...(figure.config as object), responsive: false }).then(() => {
      if (turns.get(place) === turn) place.dataset['drawn'] = theme;
    });
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        void draw(entry.target as HTMLElement);
      }
    },
    { rootMargin: '500px' },
  );
  for (const place of places) observer.observe(place);

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
  window.addEventListener('beforeprint', () => {
    for (const details of Array.from(document.querySelectorAll('details'))) {
      details.dataset['wasOpen'] = String(details.open);
      details.open = true;
    }
    printing = true;
    for (const place of places) void draw(place);
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    for (const details of Array.from(document.querySelectorAll('details'))) details.open = details.dataset['wasOpen'] === 'true';
    redraw();
  });
}

document.getElementById('theme-button')?.addEventListener('click', () => {
  root.dataset['theme'] = currentTheme() === 'dark' ? 'light' : 'dark';
  document.dispatchEvent(new Event('themechange'));
});

start().then(
  () => {
    root.dataset['ready'] = 'true';
  },
  (failure: unknown) => {
    root.dataset['ready'] = 'failed';
    for (const place of Array.from(document.querySelectorAll<HTMLElement>('[data-figure]'))) place.textContent = `This figure could not be drawn: ${String(failure)}`;
  },
);
