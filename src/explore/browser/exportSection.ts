/** Files that the page hands out, and text that it copies; nothing leaves the machine. */

/** Hands a file to the browser's downloads. */
function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // The browser reads the file after the click.
  window.setTimeout(() => URL.revokeObjectURL(address), 60000);
}

export const downloadCsv = (name: string, text: string): void =>
  download(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));

/**
 * The canvas as it is seen, on the colour of the page.
 *
 * @param width to be come near to by a whole number of pixels for each of the canvas, where it has fewer
 */
export function downloadPng(name: string, canvas: HTMLCanvasElement, width = 0): void {
  const scale = Math.max(1, Math.floor(width / canvas.width));
  const size = { width: scale * canvas.width, height: scale * canvas.height };
  const copy = Object.assign(document.createElement('canvas'), size);
  const context = copy.getContext('2d');
  if (context === null) return;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--paper').trim();
  context.fillRect(0, 0, copy.width, copy.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, copy.width, copy.height);
  copy.toBlob((content) => content !== null && download(name, content), 'image/png');
}

/** Copies the text of an element, or selects it where the browser does not let a page copy. */
export async function copyText(source: HTMLElement, say: (message: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    say('Copied.');
  } catch {
    getSelection()?.selectAllChildren(source);
    say('Selected: copy it with Ctrl-C.');
  }
}

/** A command line, of which an option and its value stay on one line. */
export function showCommand(target: HTMLElement, command: string): void {
  const [program, ...options] = command.split(' --');
  target.replaceChildren(
    program!,
    ...options.flatMap((option) => [
      ' ',
      Object.assign(document.createElement('span'), { textContent: `--${option}` }),
    ]),
  );
}
