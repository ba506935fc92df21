import { LineCounter, parseDocument } from "yaml";
import type { Text } from "../text.ts";
import { type Place, UserError } from "../user-error.ts";

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface Damage {
  readonly json: string;
  readonly file: string;
  /** What `JSON.parse` threw. */
  readonly error?: unknown;
  /** What `JSON.parse` returned. */
  readonly data?: unknown;
  readonly issues?: readonly Issue[];
}

const HELP: Text = {
  en: "Evidence files are not meant to be edited. Take an untouched copy, or grade the submission again with `gema grade`.",
  id: "Berkas bukti tidak untuk disunting. Ambil salinan yang utuh, atau nilai ulang tugasnya dengan `gema grade`.",
};

/** A `UserError` that says where in the JSON the evidence is damaged, or that another version of Gema wrote it. */
export function damaged({ json, file, error, data, issues = [] }: Damage): UserError {
  if (error !== undefined) return notJson(json, file, error);
  const schema = schemaOf(data);
  if (schema !== undefined && schema !== 1) return otherSchema(json, file, schema);
  const issue = issues[0] ?? { path: [], message: "" };
  const where = issue.path.length === 0 ? "$" : issue.path.map(String).join(".");
  return new UserError({
    code: "evidence-damaged",
    what: {
      en: `This is not evidence that Gema wrote: at ${where}: ${issue.message}`,
      id: `Ini bukan bukti yang ditulis Gema: di ${where}: ${issue.message}`,
    },
    help: HELP,
    place: placeOf(json, file, issue.path),
  });
}

function notJson(json: string, file: string, error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? json.length);
  return new UserError({
    code: "evidence-damaged",
    what: { en: `This evidence is not valid JSON: ${message}`, id: `Bukti ini bukan JSON yang sah: ${message}` },
    help: HELP,
    place: lineAndColumn(json, file, position),
  });
}

function otherSchema(json: string, file: string, schema: unknown): UserError {
  const shown = JSON.stringify(schema);
  return new UserError({
    code: "evidence-schema",
    what: {
      en: `This evidence has schema ${shown}; this version of Gema reads schema 1`,
      id: `Bukti ini memakai schema ${shown}; versi Gema ini membaca schema 1`,
    },
    help: {
      en: "Use the version of Gema that wrote it (its field `gema` says which), or grade the submission again.",
      id: "Pakai versi Gema yang menulisnya (lihat isian `gema`), atau nilai ulang tugasnya.",
    },
    place: placeOf(json, file, ["schema"]),
  });
}

function schemaOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "schema" in data ? data.schema : undefined;
}

/** JSON is YAML too, and the YAML parser remembers where each node stood. A missing key is shown at its parent. */
function placeOf(json: string, file: string, path: readonly PropertyKey[]): Place {
  const counter = new LineCounter();
  const document = parseDocument(json, { lineCounter: counter, schema: "json" });
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const start = startOf(node);
    if (start === undefined) continue;
    const { line, col } = counter.linePos(start);
    return { file, line, column: col };
  }
  return { file, line: 1, column: 1 };
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === "number" ? start : undefined;
}

function lineAndColumn(json: string, file: string, position: number): Place {
  const before = json.slice(0, position).split("\n");
  return { file, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
