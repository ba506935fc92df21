import { createLogUpdate } from "log-update";
import type { SubmissionResult } from "../grade/result.ts";
import { harmless } from "../report/harmless.ts";
import { cut, paint, type TerminalStyle } from "../report/style.ts";

/** Where a run stands. */
export interface Standing {
  /** Those of an earlier run included. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly needReview: number;
  /** Graded in this run, and how long it runs. */
  readonly graded: number;
  readonly elapsedMs: number;
  /** Names of submissions that are being graded, with how long. */
  readonly underWay: readonly { readonly name: string; readonly ms: number }[];
}

/** How often the times are brought up to date while nothing happens. */
const REFRESH_MS = 1_000;
/** Below this many the pace says little about the rest. */
const ENOUGH_FOR_A_RATE = 3;

/** Tells how a class is getting on: below the lines that stay, where there is a terminal; else by those lines alone. */
export class Progress {
  readonly #style: TerminalStyle;
  readonly #total: number;
  readonly #start = performance.now();
  readonly #underWay = new Map<number, { readonly name: string; readonly since: number }>();
  readonly #log = hasRoom(process.stdout) ? createLogUpdate(process.stdout) : undefined;
  readonly #refresh = this.#log && setInterval(() => this.#show(), REFRESH_MS).unref();
  #counts = { done: 0, failed: 0, needReview: 0, graded: 0 };

  constructor(total: number, style: TerminalStyle) {
    this.#total = total;
    this.#style = style;
  }

  /** @param place the submission's place in the class */
  begin(place: number, name: string): void {
    this.#underWay.set(place, { name, since: performance.now() });
    this.#show();
  }

  /** @param line what stays to be read of it */
  end(place: number, { verdict, needsReview }: SubmissionResult, line: string): void {
    const inThisRun = this.#underWay.delete(place);
    const { done, failed, needReview, graded } = this.#counts;
    this.#counts = {
      done: done + 1,
      failed: failed + Number(verdict === "fail"),
      needReview: needReview + Number(needsReview),
      graded: graded + Number(inThisRun),
    };
    const counted = `${String(done + 1).padStart(String(this.#total).length)}/${this.#total}`;
    this.say(`${counted} ${line}`);
  }

  /** A line that stays. */
  say(line: string): void {
    if (!this.#log) process.stdout.write(`${line}\n`);
    else this.#log.persist(line);
    this.#show();
  }

  /** Nothing but the lines that stay is left. */
  stop(): void {
    clearInterval(this.#refresh);
    this.#underWay.clear();
    this.#log?.clear();
    this.#log?.done();
  }

  #show(): void {
    if (!this.#log || this.#underWay.size === 0) return;
    const now = performance.now();
    const underWay = [...this.#underWay.values()].map(({ name, since }) => ({ name, ms: now - since }));
    const standing = { ...this.#counts, total: this.#total, elapsedMs: now - this.#start, underWay };
    this.#log(standingLines(standing, this.#style).join("\n"));
  }
}

/** Some terminals that nobody looks at are 0 by 0. */
function hasRoom({ isTTY, columns, rows }: typeof process.stdout): boolean {
  return isTTY && columns > 0 && rows > 0;
}

/** The run in numbers, and a line for each submission that is being graded; none is wider than the terminal. */
export function standingLines(standing: Standing, style: TerminalStyle): string[] {
  const { done, total, failed, needReview, graded, elapsedMs, underWay } = standing;
  const words = WORDS[style.language];
  const perSecond = graded / (elapsedMs / 1000);
  const pace =
    graded < ENOUGH_FOR_A_RATE
      ? []
      : [words.rate(perSecond.toFixed(1)), words.left(duration((total - done) / perSecond, style))];
  const numbers = [`${done}/${total}`, ...pace, words.failed(failed), words.review(needReview)].join(" · ");
  const names = underWay.map(({ name, ms }) => `  ${duration(ms / 1000, style).padStart(8)}  ${harmless(name)}`);
  return [paint(style, "bold", cut(numbers, style.width)), ...names.map((line) => cut(line, style.width))];
}

function duration(seconds: number, { language }: TerminalStyle): string {
  const { hours, minutes } = WORDS[language];
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} ${hours}`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} ${minutes}` : `${Math.ceil(seconds)} s`;
}

const WORDS = {
  en: {
    rate: (perSecond: string) => `${perSecond} a second`,
    left: (time: string) => `${time} left`,
    failed: (count: number) => `${count} failed`,
    review: (count: number) => `${count} to look at`,
    hours: "h",
    minutes: "min",
  },
  id: {
    rate: (perSecond: string) => `${perSecond} per detik`,
    left: (time: string) => `sisa ${time}`,
    failed: (count: number) => `${count} gagal`,
    review: (count: number) => `${count} perlu dilihat`,
    hours: "jam",
    minutes: "menit",
  },
};
