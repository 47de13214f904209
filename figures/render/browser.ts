import { existsSync } from 'node:fs';
import { UsageError } from '../../theory/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface BrowserChoice {
  /** Given by the user: used or refused, never replaced by another. */
  readonly path?: string;
  /** Where LIMITLAW_BROWSER and PATH are looked up: `process.env` in the command line. */
  readonly environment?: Environment;
  readonly platform?: string;
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'brave-browser',
];

const fixedPlaces: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
};

function windowsPlaces(environment: Environment): readonly string[] {
  const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => environment[name])
    .filter((root): root is string => root !== undefined);
  return roots.flatMap((root) => [
    `${root}\\Google\\Chrome\\Application\\chrome.exe`,
    `${root}\\Chromium\\Application\\chrome.exe`,
    `${root}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ]);
}

/** How to get a browser here, for a message. */
export function installLine(platform: string): string {
  if (platform === 'darwin') return 'brew install --cask chromium';
  if (platform === 'win32') return 'winget install Google.Chrome';
  return 'sudo apt-get install chromium';
}

/**
 * Path of a Chrome or Chromium: the one asked for, else LIMITLAW_BROWSER, else the first on PATH or in the usual
 * places; `undefined` when there is none. Throws a UsageError when the one asked for is not there.
 */
export function findBrowser(choice: BrowserChoice = {}): string | undefined {
  const { environment = {}, platform = 'linux' } = choice;
  for (const [asked, source] of [
    [choice.path, '--browser'],
    [environment['LIMITLAW_BROWSER'], 'LIMITLAW_BROWSER'],
  ] as const) {
    if (asked === undefined || asked === '') continue;
    if (existsSync(asked)) return asked;
    throw new UsageError(
      `${source}: no file at '${asked}'. Give the path of a Chrome or Chromium executable, or leave it out to search the usual places.`,
    );
  }
  const separator = platform === 'win32' ? ';' : ':';
  const onPath = (environment['PATH'] ?? '')
    .split(separator)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => `${folder}/${name}`));
  const places = platform === 'win32' ? windowsPlaces(environment) : [...onPath, ...(fixedPlaces[platform] ?? [])];
  return places.find((place) => existsSync(place));
}

/** As `findBrowser`, but no browser is a UsageError with the line that installs one. */
export function requireBrowser(choice: BrowserChoice, purpose: string): string {
  const found = findBrowser(choice);
  if (found !== undefined) return found;
  throw new UsageError(
    `${purpose} needs Chrome or Chromium, and none was found. Install one (${installLine(choice.platform ?? 'linux')}), or name one with --browser or the environment variable LIMITLAW_BROWSER.`,
  );
}

/** Flags for a browser that draws files and talks to nobody. */
export const browserFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];
