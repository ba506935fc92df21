import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as lookAgain } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

/**
 * How soon `gema check --watch` answers a save, in a terminal of tmux(1): `npm run watch-latency [-- SAVES]`. Saves a
 * server again and again, wrong and right in turn, and measures from the save until the terminal shows that it is checked
 * again, what became of the check that had failed, and the verdict. Uses 127.0.0.1:5000 where slots have no network of
 * their own.
 */
const saves = Number(process.argv[2] ?? 20);
const gema = fileURLToPath(new URL("../harness/cli/main.js", import.meta.url));
const RIGHT = await readFile(fileURLToPath(new URL("../../fixtures/tcp-echo/correct-threads.py", import.meta.url)));
const WRONG = await readFile(fileURLToPath(new URL("../../fixtures/tcp-echo/single-recv.py", import.meta.url)));
/** The last words after each verdict. */
const DONE = "q quit";
const AT_MOST_MS = 60_000;
const LOOK_AGAIN_MS = 2;

const folder = await mkdtemp(join(tmpdir(), "gema-watch-"));
const tmux = (...args: string[]) => execa("tmux", ["-S", join(folder, "tmux"), ...args]);
const screen = join(folder, "screen");
let read = 0;
try {
  await save(WRONG);
  const command = [process.execPath, gema, "check", "server.py", "-a", "tcp-echo", "--watch", "--lang", "en"];
  await tmux(
    "new-session",
    "-d",
    "-x",
    "100",
    "-y",
    "40",
    "-c",
    folder,
    "sh",
    "-c",
    'read go; exec "$@"',
    "sh",
    ...command,
  );
  await tmux("pipe-pane", "-o", `exec cat >> '${screen}'`);
  await tmux("send-keys", "Enter");
  await until(DONE);
  const times: { begins: number; failed: number; verdict: number }[] = [];
  for (let nth = 0; nth < saves; nth++) {
    const right = nth % 2 === 0;
    const saved = performance.now();
    await save(right ? RIGHT : WRONG);
    await until("server.py ─");
    const begins = performance.now() - saved;
    await until(right ? "✓ " : "✗ ");
    const failed = performance.now() - saved;
    await until(DONE);
    times.push({ begins, failed, verdict: performance.now() - saved });
  }
  console.log((await tmux("capture-pane", "-p")).stdout.trimEnd());
  console.log(`\n${saves} saves, milliseconds from the save:   median      most`);
  tell(
    "checked again",
    times.map(({ begins }) => begins),
  );
  tell(
    "first of what failed, or fails now",
    times.map(({ failed }) => failed),
  );
  tell(
    "verdict",
    times.map(({ verdict }) => verdict),
  );
} finally {
  await tmux("kill-server").catch(() => {}); // it ends with its last window
  await rm(folder, { recursive: true });
}

/** As editors do: a new file takes the old one's place. */
async function save(contents: Uint8Array): Promise<void> {
  await writeFile(join(folder, ".half"), contents);
  await rename(join(folder, ".half"), join(folder, "server.py"));
}

/** Reads what the terminal was sent up to these words. */
async function until(words: string): Promise<void> {
  const deadline = performance.now() + AT_MOST_MS;
  for (;;) {
    const shown = stripVTControlCharacters(await readFile(screen, "utf8").catch(() => ""));
    const at = shown.indexOf(words, read);
    if (at !== -1) {
      read = at + words.length;
      return;
    }
    if (performance.now() > deadline) throw new Error(`the terminal never showed "${words}":\n${shown.slice(read)}`);
    await lookAgain(LOOK_AGAIN_MS);
  }
}

function tell(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const columns = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  console.log(`${what.padEnd(40)} ${columns.map((one) => one.toFixed(0).padStart(9)).join(" ")}`);
}
