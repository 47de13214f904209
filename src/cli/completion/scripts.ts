/**
 * How each shell is taught to ask `limitlaw completion <shell> -- <words so far>` for what may stand next. It asks the
 * command that is installed, so that what was taught stays right. Where there is no answer, shells offer files.
 */
import type { Candidate } from './candidates.js';

export interface Shell {
  readonly script: string;
  /** A candidate as the script reads it, one a line. */
  line(candidate: Candidate): string;
}

export const shells: Readonly<Record<string, Shell>> = {
  bash: {
    script: `# limitlaw in bash: put  source <(limitlaw completion bash)  into ~/.bashrc
_limitlaw() {
  local IFS=$'\\n'
  COMPREPLY=($(limitlaw completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _limitlaw limitlaw
`,
    line: ({ word }) => word,
  },
  zsh: {
    script: `#compdef limitlaw
# limitlaw in zsh: put  source <(limitlaw completion zsh)  into ~/.zshrc, after compinit
_limitlaw() {
  local -a found
  found=("\${(@f)$(limitlaw completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $found[1] ]]; then _describe limitlaw found; else _files; fi
}
compdef _limitlaw limitlaw
`,
    line: ({ word, meaning }) =>
      meaning === '' ? word.replaceAll(':', '\\:') : `${word.replaceAll(':', '\\:')}:${meaning}`,
  },
  fish: {
    script: `# limitlaw in fish: limitlaw completion fish > ~/.config/fish/completions/limitlaw.fish
function __limitlaw_next
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -l found (limitlaw completion fish -- $before[2..-1] "$current" 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c limitlaw -f -a '(__limitlaw_next)'
`,
    line: ({ word, meaning }) => (meaning === '' ? word : `${word}\t${meaning}`),
  },
};
