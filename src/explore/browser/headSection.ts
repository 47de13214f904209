/** The part of the page about heads of language models. */
import { formatNumber } from '../../../figures/text.js';
import { drawRows } from './headPlot.js';
import { firstHead, headLimits, headView, type HeadChoice } from './headView.js';
import { listInto } from './listInto.js';
import { wholeLogarithmic } from './scales.js';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

let choice: HeadChoice = firstHead;

/** Positions run from 0 to 1000; the exponent is linear in them, sizes are logarithmic. */
const scales = {
  exponent: {
    value: (position: number): number => Number(((headLimits.exponent[1] * position) / 1000).toFixed(2)),
    position: (value: number): number => (1000 * value) / headLimits.exponent[1],
  },
  classes: wholeLogarithmic(headLimits.classes),
  dimension: wholeLogarithmic(headLimits.dimension),
} as const;

const names = Object.keys(scales) as (keyof HeadChoice)[];

/** What was typed, within the limits; undefined for what is no such number. */
function typed(name: keyof HeadChoice, text: string): number | undefined {
  const value = Number(text);
  const [low, high] = headLimits[name];
  if (text.trim() === '' || !(value >= low && value <= high)) return undefined;
  return name === 'exponent' || Number.isInteger(value) ? value : undefined;
}

export function paintHead(): void {
  for (const name of names) {
    const input = element<HTMLInputElement>(`head-${name}`);
    if (document.activeElement !== input) input.value = String(Math.round(scales[name].position(choice[name])));
    input.setAttribute('aria-valuetext', String(choice[name]));
    const box = element<HTMLInputElement>(`head-${name}-box`);
    if (document.activeElement !== box) box.value = String(choice[name]);
  }
  const view = headView(choice);
  listInto(element('head-numbers'), view.values);
  const canvas = element<HTMLCanvasElement>('head-rows');
  drawRows(canvas, view);
  const [first, last] = [view.rows[0]!, view.rows.at(-1)!];
  canvas.setAttribute(
    'aria-label',
    `Ratio of a row against its rank: ${formatNumber(first[1], 3)} at rank 1, ${formatNumber(last[1], 3)} at rank ${last[0]}; 1/C_eff is ${formatNumber(view.perEffectiveClass, 3)}, 1/C ${formatNumber(view.perClass, 3)}`,
  );
  element('head-command').textContent = `limitlaw ratio --zipf ${choice.exponent} --classes ${choice.classes}`;
}

export function startHead(): void {
  for (const name of names) {
    const input = element<HTMLInputElement>(`head-${name}`);
    input.addEventListener('input', () => {
      choice = { ...choice, [name]: scales[name].value(Number(input.value)) };
      paintHead();
    });
    const box = element<HTMLInputElement>(`head-${name}-box`);
    box.addEventListener('change', () => {
      choice = { ...choice, [name]: typed(name, box.value) ?? choice[name] };
      box.value = String(choice[name]);
      paintHead();
    });
  }
  paintHead();
}
