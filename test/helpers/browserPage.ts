import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserFlags, requireBrowser } from '../../figures/render/browser.js';

/** A system browser for tests; fails with the install line when there is none. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: requireBrowser({ environment: process.env, platform: process.platform }, 'this test'),
    args: [...browserFlags],
  });

export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors. */
  readonly complaints: readonly string[];
  /** Addresses outside the page: anything but file:, data:, blob:, about: and `own`. */
  readonly foreignRequests: readonly string[];
}

/** A page whose complaints and requests are recorded. `own` is the address of a server under test. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
  own?: string,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // Generous: a loaded machine with two cores parses the plotting library slowly.
  page.setDefaultTimeout(170000);
  const complaints: string[] = [];
  const foreignRequests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (failure) => complaints.push(`uncaught: ${failure.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(file|data|blob|about):/.test(url) && !(own !== undefined && url.startsWith(own))) foreignRequests.push(url);
  });
  return { page, complaints, foreignRequests };
}
