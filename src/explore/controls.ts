/** Controls of the explorer's page, as markup. */

/** Radio buttons of one name. */
export const choices = (
  name: string,
  legend: string,
  options: readonly (readonly [string, string])[],
  chosen?: string,
): string =>
  `<fieldset id="${name}-choices"><legend>${legend}</legend><div class="choices">${options.map(([value, text]) => `<label><input type="radio" name="${name}" value="${value}"${value === chosen ? ' checked' : ''}>${text}</label>`).join('')}</div></fieldset>`;

/** A slider with a box for its number. */
export const slider = (name: string, label: string, hint: string): string =>
  `<div class="slider"><label for="${name}">${label} <small>${hint}</small></label><input type="range" id="${name}" min="0" max="1000" step="1"><input type="text" id="${name}-box" inputmode="decimal" aria-label="${label}, as a number"></div>`;

/** Text that is there to be copied, under a title. */
export const takenText = (id: string, title: string): string =>
  `<h3 id="${id}-title">${title}</h3><pre id="${id}" class="taken" tabindex="0" role="region" aria-labelledby="${id}-title"></pre><div class="buttons"><button id="copy-${id}" type="button" aria-describedby="${id}-title">Copy</button></div>`;

export const lossChoices = (name: string): string =>
  choices(name, 'Loss', [
    ['ce', 'cross-entropy'],
    ['mse', 'squared error'],
  ]);
