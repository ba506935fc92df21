import { basename, relative } from "node:path";
import { allChecks } from "../../checks/all-checks.ts";
import { failures } from "../../grade/failures.ts";
import type { SubmissionResult } from "../../grade/result.ts";
import type { Inside, SlotNews } from "../../grade/slot-messages.ts";
import { allMistakes } from "../../mistakes/find-mistakes.ts";
import { checkLine, renderBrief, renderDiagram } from "../../report/brief.ts";
import { harmless } from "../../report/harmless.ts";
import { leadingCause } from "../../report/story.ts";
import { cut, paint, type TerminalStyle, wrap } from "../../report/style.ts";
import type { Text } from "../../text.ts";
import { UserError } from "../../user-error.ts";
import { type CheckOptions, requestOf } from "../check.ts";
import { lessons } from "../explain.ts";
import { newSeed } from "../grader.ts";
import { styleFor } from "../output.ts";
import { whatWasAsked } from "../what-was-asked.ts";
import type { Checker } from "./checker.ts";

/** Checks one submission again and again, and says what came out: what failed before first. */
export class Session {
  readonly #path: string;
  readonly #options: CheckOptions;
  readonly #checker: Checker;
  readonly #inside: Promise<Inside>;
  /** The same payloads each time: what changes is the program. */
  readonly #seed: number;
  #runs = 0;
  #failedOnly = false;
  #failed: readonly string[] = [];
  #result: SubmissionResult | undefined;
  #drawn = 0;

  constructor(path: string, options: CheckOptions, checker: Checker, inside: Promise<Inside>) {
    this.#path = path;
    this.#options = options;
    this.#checker = checker;
    this.#inside = inside;
    this.#seed = options.seed ?? newSeed();
  }

  /** Ends a check that is under way, and begins one. @param why it is told, e.g. the file that was saved */
  async check(why: string): Promise<void> {
    const run = ++this.#runs;
    await this.#checker.abort();
    if (run !== this.#runs) return;
    this.#say(this.#rule(why));
    try {
      const inside = await this.#inside;
      const { assignment, assumed } = await whatWasAsked(this.#path, this.#options.assignment);
      if (run !== this.#runs) return;
      const first = this.#failed;
      const only = this.#failedOnly && first.length > 0 ? { only: first } : {};
      const check = { ...requestOf(this.#path, this.#options, assumed), first, ...only };
      const order = { check, assignment, seed: this.#seed, inside };
      const result = await this.#checker.check(order, (news) => this.#hear(news, first));
      if (result && run === this.#runs) this.#show(result, "only" in only);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (run === this.#runs) this.#refused(error);
    }
  }

  saved(file: string): void {
    void this.check(harmless(relative(process.cwd(), file) || basename(process.cwd())));
  }

  pressed(key: string): void {
    const { language } = this.#style;
    if (key === "a" || key === "f") this.#failedOnly = key === "f";
    if (key === "a" || key === "f" || key === "enter") void this.check(WHY[key][language]);
    if (key === "d") this.#draw();
    if (key === "e") void this.#explain();
  }

  #show(result: SubmissionResult, onlyFailed: boolean): void {
    this.#result = result;
    this.#drawn = 0;
    this.#failed = failures(result).map(({ check }) => check.check);
    this.#say(renderBrief(result, this.#style).trimEnd());
    if (onlyFailed) this.#say(...wrap(ONLY_FAILED[this.#style.language], this.#style.width));
    this.#sayKeys();
  }

  /** What failed before is told whatever came out, of the rest what did not pass. */
  #hear(news: SlotNews, first: readonly string[]): void {
    const matters = !["pass", "skipped"].includes(news.verdict) && news.level !== "info";
    if (matters || first.includes(news.check)) this.#say(...checkLine(news, this.#style));
  }

  #refused({ place, what, help }: UserError): void {
    const { language, width } = this.#style;
    const where = place ? `${place.file}:${place.line}: ` : "";
    this.#say(...wrap(harmless(`${where}${what[language]} ${help[language]}`), width, "! ", "  "));
    this.#sayKeys();
  }

  /** One failure after another. */
  #draw(): void {
    const failed = this.#result ? failures(this.#result) : [];
    const failure = failed[this.#drawn++ % Math.max(1, failed.length)];
    if (this.#result && failure) this.#say(renderDiagram(this.#result, failure, this.#style).trimEnd());
    else this.#say(NOTHING_FAILED[this.#style.language]);
    this.#sayKeys();
  }

  async #explain(): Promise<void> {
    const result = this.#result;
    const id = result && (leadingCause(result)?.id ?? failures(result)[0]?.check.check);
    if (id === undefined) this.#say(NOTHING_FAILED[this.#style.language]);
    else this.#say(lessons(id, await allChecks(), await allMistakes(), this.#style));
    this.#sayKeys();
  }

  /** Anew each time: the window may have another width by now. */
  get #style(): TerminalStyle {
    return styleFor(process.stdout, this.#options.lang);
  }

  #rule(why: string): string {
    const { width } = this.#style;
    const words = cut(`── ${new Date().toTimeString().slice(0, 8)} · ${why} `, width);
    return `\n${paint(this.#style, "bold", words.padEnd(width, "─"))}`;
  }

  #sayKeys(): void {
    const { language, width } = this.#style;
    this.#say(...wrap(KEYS[language], width).map((line) => paint(this.#style, "dim", line)));
  }

  #say(...lines: readonly string[]): void {
    process.stdout.write(`${lines.join("\n")}\n`);
  }
}

const KEYS: Text = {
  en: "a all · f failed only · enter again · d diagram · e explain · q quit",
  id: "a semua · f yang gagal saja · enter ulangi · d diagram · e penjelasan · q keluar",
};
const WHY = {
  a: { en: "everything", id: "semua" },
  f: { en: "what failed", id: "yang gagal" },
  enter: { en: "again", id: "sekali lagi" },
} as const satisfies Record<string, Text>;
const ONLY_FAILED: Text = {
  en: "Only what had failed was checked. Press a to check everything.",
  id: "Hanya yang sebelumnya gagal yang diperiksa. Tekan a untuk memeriksa semuanya.",
};
const NOTHING_FAILED: Text = {
  en: "Nothing failed: there is nothing to show.",
  id: "Tidak ada yang gagal: tidak ada yang perlu ditampilkan.",
};
