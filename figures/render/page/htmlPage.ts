import { gzipSync } from 'node:zlib';
import type { PaperFigure } from '../../figure.js';
import { themes } from '../../palette.js';
import { readAsset } from '../assets.js';
import { escapeHtml } from '../markup.js';

const variables = (name: keyof typeof themes): string =>
  Object.entries(themes[name])
    .map(([colour, value]) => `--${colour}:${value};`)
    .join('');

/** Shared by every page: colours of both themes, type, figures that scroll sideways on a narrow screen, print. */
export const baseStyle = `
:root{color-scheme:light;${variables('light')}--line:#d9dce1;--soft:#f5f6f8;--good:#00694a;--bad:#a83c00;--open:#6b5900;--link:#005a9c}
:root[data-theme=dark]{color-scheme:dark;${variables('dark')}--line:#343a43;--soft:#1f2329;--good:#4fd8ae;--bad:#ff9a66;--open:#e6c84a;--link:#7cc4ff}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${variables('dark')}--line:#343a43;--soft:#1f2329;--good:#4fd8ae;--bad:#ff9a66;--open:#e6c84a;--link:#7cc4ff}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:1.5rem clamp(1rem,4vw,2.5rem) 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem}h2{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem}h3{font-size:1.02rem;margin:1.6rem 0 .4rem}
p{margin:.5rem 0}a{color:var(--link)}
:focus-visible{outline:3px solid var(--blue);outline-offset:2px;border-radius:2px}
math{font-family:"STIX Two Math","Cambria Math","Latin Modern Math","XITS Math","Noto Sans Math",math;font-size:1.05em}
math.tml-display{display:block;width:100%}
.wide{overflow-x:auto;max-width:100%}
figure{margin:1rem 0}figcaption{color:var(--muted);font-size:.88rem;max-width:60rem;overflow-wrap:anywhere}
.plot{width:max-content;min-width:100%}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--muted);white-space:nowrap}td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
button{font:inherit;color:var(--ink);background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.3rem .7rem;cursor:pointer;white-space:nowrap}
@media (max-width:40rem){html{font-size:15px}h1{font-size:1.4rem}}
@media print{:root,:root[data-theme=dark],:root:not([data-theme=light]){color-scheme:light;${variables('light')}--line:#ccc;--soft:#f5f6f8;--good:#00694a;--bad:#a83c00;--open:#6b5900;--link:#000}
html{font-size:10pt}body{max-width:none;padding:0}button,nav,.screen{display:none!important}figure,tr{break-inside:avoid}.wide{overflow:visible}h2,h3{break-after:avoid}@page{margin:15mm}}
`;

/** Nothing may be fetched from anywhere; scripts and styles are those in the page. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:; font-src data:; base-uri 'none'; form-action 'none'";

const compressed = (text: string | Buffer): string => gzipSync(text, { level: 5 }).toString('base64');

/** Place of a figure in a page's body, as high as it will be: nothing moves when it is drawn. */
export const figurePlace = (
  key: string,
  { title, layout }: Pick<PaperFigure, 'title' | 'layout'>,
  captionHtml: string,
): string =>
  `<figure id="figure-${escapeHtml(key)}"><div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><div class="plot" data-figure="${escapeHtml(key)}" data-width="${layout.width}" data-height="${layout.height}" style="min-height:${layout.height}px"><noscript>This figure needs scripts.</noscript></div></div>${captionHtml === '' ? '' : `<figcaption>${captionHtml}</figcaption>`}</figure>`;

/** A self-contained page: opens from disk, asks no network for anything. `figures` are those named by `figurePlace`. */
export function htmlPage(parts: {
  readonly title: string;
  readonly body: string;
  readonly style?: string;
  readonly figures: Readonly<Record<string, Pick<PaperFigure, 'data' | 'layout' | 'config'>>>;
}): string {
  const packed = Object.entries(parts.figures).map(
    ([key, { data, layout, config }]) =>
      `<script type="application/octet-stream" data-of-figure="${escapeHtml(key)}">${compressed(JSON.stringify({ data, layout, config }))}</script>`,
  );
  return `<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(parts.title)}</title>
<style>${baseStyle}${parts.style ?? ''}</style>
</head>
<body>
${parts.body}
<script type="application/octet-stream" id="plotly-library">${readAsset('plotly.min.js.gz').toString('base64')}</script>
${packed.join('\n')}
<script>${readAsset('pageRuntime.js').toString('utf8')}</script>
</body>
</html>
`;
}
