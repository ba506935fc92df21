import type { ReadStream } from "node:tty";

/** Ctrl-C and Ctrl-D do not come as a signal and an end while keys are read one by one. */
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

const NAMES = { "\r": "enter", "\n": "enter", [CTRL_C]: "q", [CTRL_D]: "q" } as const;

/**
 * Reads keys as they are pressed, until `close`; however this process ends, the terminal is as it was.
 *
 * @param pressed is told the character, in lower case; `enter`; or `q` for Ctrl-C and Ctrl-D
 */
export function readKeys(terminal: ReadStream, pressed: (key: string) => void): { close(): void } {
  const hear = (text: string): void => {
    // An arrow is three characters, and a word may be pasted: only what is one key is meant.
    if ([...text].length === 1) pressed(NAMES[text as keyof typeof NAMES] ?? text.toLowerCase());
  };
  const restore = (): unknown => terminal.setRawMode(false);
  process.once("exit", restore);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8").on("data", hear).resume();
  return {
    close() {
      terminal.off("data", hear).pause();
      restore();
      process.off("exit", restore);
    },
  };
}
