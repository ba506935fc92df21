import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { decodeEvidence, resultOf } from "../grade/evidence.ts";
import { rejudgeResult } from "../grade/rejudge.ts";
import type { SubmissionResult } from "../grade/result.ts";
import { renderLine } from "../report/class-table.ts";
import type { Language, Text } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";
import { writeDiagrams } from "./diagrams.ts";
import { makeGrader } from "./grader.ts";
import { styleFor } from "./output.ts";

/** `gema rejudge`: the same evidence, judged by this version of Gema; says where a verdict or the points are others. */
export async function rejudge(paths: readonly string[], options: { lang?: Language; diagram?: string }): Promise<void> {
  const style = styleFor(process.stdout, options.lang);
  const { checks, mistakes } = await makeGrader();
  let judged = 0;
  let changed = 0;
  for (const file of (await Promise.all(paths.map(evidenceFiles))).flat()) {
    const before = resultOf(decodeEvidence(await readFile(file, "utf8"), file));
    const after = rejudgeResult(before, checks, mistakes);
    judged++;
    if (options.diagram) await writeDiagrams(join(options.diagram, nameOf(file)), after, style.language);
    process.stdout.write(`${renderLine(after, style).trimEnd()}\n`);
    for (const difference of differences(before, after)) {
      changed++;
      process.stdout.write(`    ${difference}\n`);
    }
  }
  process.stdout.write(`\n${judged} judged again, ${changed} ${changed === 1 ? "difference" : "differences"}\n`);
  process.exitCode = changed === 0 ? EXIT.passed : EXIT.failed;
}

function differences(before: SubmissionResult, after: SubmissionResult): string[] {
  const now = new Map(after.programs.flatMap(({ checks }) => checks).map(({ check, verdict }) => [check, verdict]));
  const verdicts = before.programs
    .flatMap(({ checks }) => checks)
    .filter(({ check, verdict }) => now.get(check) !== verdict)
    .map(({ check, verdict }) => `${check}: ${verdict} -> ${now.get(check)}`);
  const points = before.earned === after.earned ? [] : [`points: ${before.earned} -> ${after.earned}`];
  return [...verdicts, ...points];
}

function nameOf(file: string): string {
  return basename(file).replace(/(\.evidence)?\.json$/, "");
}

async function evidenceFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw noEvidence({
      en: `${path} cannot be read (${error.code}).`,
      id: `${path} tidak dapat dibaca (${error.code}).`,
    });
  });
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith(".evidence.json"));
  if (names.length === 0) {
    throw noEvidence({
      en: `${path} holds no evidence (*.evidence.json).`,
      id: `${path} tidak berisi berkas bukti (*.evidence.json).`,
    });
  }
  return names.map((name) => join(path, name)).sort();
}

function noEvidence(what: Text): UserError {
  return new UserError({
    code: "no-evidence",
    what,
    help: {
      en: "Give evidence files that gema check --evidence or gema grade wrote, or a folder of them.",
      id: "Berikan berkas bukti yang ditulis oleh gema check --evidence atau gema grade, atau foldernya.",
    },
  });
}
