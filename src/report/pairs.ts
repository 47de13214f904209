import { escapeHtml } from '../../figures/render/markup.js';
import type { SettingValue } from '../../figures/results.js';
import { formatSetting } from '../../figures/text.js';

/** Names and values, for settings and machine. */
export const pairsTable = (pairs: Readonly<Record<string, SettingValue>>): string =>
  `<table class="pairs"><tbody>${Object.entries(pairs)
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(formatSetting(value))}</td></tr>`,
    )
    .join('')}</tbody></table>`;
