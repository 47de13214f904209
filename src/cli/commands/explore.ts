import { exitCodes } from '../exitCodes.js';
import { number, text } from '../modelOptions.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface ExploreOptions {
  json: boolean;
  out?: string;
  port?: string;
  run?: string;
}

export const explore: Command<ExploreOptions> = {
  name: 'explore',
  summary: 'A page with sliders: the law follows them, and a Hessian is drawn beside it',
  options: {
    out: text('Write the page as one HTML file instead of serving it'),
    run: text('Run folder of limitlaw train: a slider goes along its marks'),
    port: number('Port on the loopback interface [default: a free one]'),
  },
  examples: [
    ['explore', 'serve it on this machine only, until Ctrl-C'],
    ['explore --out explorer.html', 'one file that opens from disk'],
    ['explore --run limitlaw-runs/RUN', 'with the marks of a training; best with train --heat-maps'],
  ],
  async run(options, terminal) {
    const { readTraining } = await import('../../pipeline/figures/drawFigures.js');
    const training = options.run === undefined ? undefined : readTraining(options.run);
    if (options.out !== undefined) {
      const { renderExplorer } = await import('../../explore/index.js');
      const { writeNewFile } = await import('../../store/writeNewFile.js');
      writeNewFile(options.out, renderExplorer(training));
      if (options.json) printJson(terminal, { kind: 'explore', file: options.out });
      else terminal.out(`wrote ${options.out}\n`);
      return exitCodes.done;
    }
    const { wholeNumber } = await import('../../pipeline/options/wholeNumber.js');
    const { serveExplorer } = await import('../../explore/index.js');
    const server = await serveExplorer({
      training,
      ...(options.port === undefined ? {} : { port: wholeNumber('--port', options.port, 0, 65535) }),
    });
    if (options.json) printJson(terminal, { kind: 'explore', url: server.url });
    else terminal.out(`${server.url}  (on this machine only; Ctrl-C ends it)\n`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await server.close();
    return exitCodes.done;
  },
};
