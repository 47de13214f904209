import { exitCodes } from '../exitCodes.js';
import type { Command } from '../command.js';
import { shells } from '../completion/scripts.js';

interface CompletionOptions {
  shell?: string;
}

export const completion: Command<CompletionOptions> = {
  name: 'completion [shell]',
  summary: 'What bash, zsh and fish need to complete commands, options, choices and files',
  words: { shell: { choices: Object.keys(shells), describe: 'Which shell [default: that of $SHELL, or bash]' } },
  options: {},
  plain: true,
  examples: [
    ['completion bash', 'source <(limitlaw completion bash) in ~/.bashrc'],
    ['completion zsh', 'source <(limitlaw completion zsh) in ~/.zshrc, after compinit'],
    ['completion fish', 'write it to ~/.config/fish/completions/limitlaw.fish'],
  ],
  run({ shell }, terminal) {
    const own = process.env['SHELL']?.split('/').at(-1) ?? '';
    terminal.out(shells[(shell ?? own in shells) ? (shell ?? own) : 'bash']!.script);
    return Promise.resolve(exitCodes.done);
  },
};
