import { isAbsolute, join } from 'node:path';

/**
 * Where what can be made again may be kept: $XDG_CACHE_HOME, or what the system has in its place; undefined where nothing
 * tells a home.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): string | undefined {
  const { XDG_CACHE_HOME: chosen, LOCALAPPDATA: local, HOME: home } = environment;
  const below = (parent: string | undefined, ...names: string[]): string | undefined =>
    parent !== undefined && isAbsolute(parent) ? join(parent, ...names, 'limitlaw') : undefined;
  return (
    below(chosen) ??
    (platform === 'win32' ? below(local) : below(home, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'])))
  );
}
