import * as z from "zod";
import type { Text } from "../text.ts";
import { type Problem, suggest, written } from "./problem.ts";
import { type AssignmentFile, assignmentFile } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/** Checks the shape of a file's content against the schema. */
export function readShape(data: unknown): { file: AssignmentFile } | { problems: Problem[] } {
  const parsed = assignmentFile.safeParse(data);
  if (parsed.success) return { file: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, [], data)) };
}

function problemsOf(issue: Issue, above: readonly PropertyKey[], data: unknown): Problem[] {
  const path = [...above, ...issue.path];
  const value = valueAt(data, path);
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return branchMeant(issue.errors).flatMap((inner) => problemsOf(inner, path, data));
  }
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key]));
  if (value === undefined) return [missing(path)];
  if (issue.code === "invalid_key") return [{ path, at: "key", ...badKey(path) }];
  return [{ path, at: "value", ...wrongValue(issue, path, value) }];
}

/** The branch of a union whose type fits the value at all; a full form comes after its shorthand. */
function branchMeant(branches: Issue[][]): Issue[] {
  const fitting = branches.filter(
    (issues) => !issues.some(({ code, path }) => code === "invalid_type" && !path.length),
  );
  return fitting.at(-1) ?? branches[0] ?? [];
}

function unknownKey(path: readonly PropertyKey[]): Problem {
  const key = String(path.at(-1));
  return {
    path,
    at: "key",
    what: { en: `Unknown key ${written(path)}.`, id: `Kunci ${written(path)} tidak dikenal.` },
    help: suggest(key, keysAt(path.slice(0, -1))),
  };
}

function missing(path: readonly PropertyKey[]): Problem {
  return {
    path,
    at: "value",
    what: { en: `${written(path)} is missing.`, id: `${written(path)} belum ada.` },
    help: { en: `Add the key ${String(path.at(-1))}.`, id: `Tambahkan kunci ${String(path.at(-1))}.` },
  };
}

function badKey(path: readonly PropertyKey[]): Pick<Problem, "what" | "help"> {
  return {
    what: {
      en: `${String(path.at(-1))} is no name of an environment variable.`,
      id: `${String(path.at(-1))} bukan nama variabel lingkungan (environment variable).`,
    },
    help: { en: "Use letters, digits and _.", id: "Pakai huruf, angka, dan _." },
  };
}

function wrongValue(issue: Issue, path: readonly PropertyKey[], value: unknown): Pick<Problem, "what" | "help"> {
  const name = written(path) || "the file";
  const shown = JSON.stringify(value).slice(0, 60);
  const what: Text = { en: `${name} cannot be ${shown}.`, id: `${name} tidak bisa berisi ${shown}.` };
  return { what, help: helpFor(issue, value) };
}

function helpFor(issue: Issue, value: unknown): Text {
  switch (issue.code) {
    case "invalid_value":
      return suggest(String(value), issue.values.map(String));
    case "invalid_union":
      return suggest(
        String(value),
        "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [],
      );
    case "invalid_type":
      return TYPES[issue.expected] ?? { en: `Expected ${issue.expected}.`, id: `Seharusnya ${issue.expected}.` };
    case "too_small":
      return limit("at least", "paling sedikit", issue.minimum, issue.origin);
    case "too_big":
      return limit("at most", "paling banyak", issue.maximum, issue.origin);
    case "invalid_format":
      return {
        en: "Write it in lower-case letters, digits and single hyphens, e.g. my-assignment.",
        id: "Tulis dengan huruf kecil, angka, dan tanda hubung tunggal, mis. tugas-saya.",
      };
    default:
      return { en: `${issue.message}.`, id: `${issue.message}.` };
  }
}

const TYPES: Readonly<Record<string, Text>> = {
  string: {
    en: "Write text here; put it in quotes if it is a number.",
    id: "Tulis teks; beri tanda kutip jika berupa angka.",
  },
  number: { en: "Write a number here.", id: "Tulis angka di sini." },
  int: { en: "Write a whole number here.", id: "Tulis bilangan bulat di sini." },
  boolean: { en: "Write true or false.", id: "Tulis true atau false." },
  array: { en: "Write a list here, e.g. [a, b].", id: "Tulis daftar di sini, mis. [a, b]." },
  object: {
    en: "Write keys and values here, e.g. key: value.",
    id: "Tulis kunci dan nilai di sini, mis. kunci: nilai.",
  },
  record: { en: "Write names and values here, e.g. PORT: x.", id: "Tulis nama dan nilai di sini, mis. PORT: x." },
};

function limit(en: string, id: string, bound: number | bigint, origin: string): Text {
  if (origin === "string") return { en: "It must not be empty.", id: "Tidak boleh kosong." };
  const items = origin === "array" ? { en: " element", id: " isi" } : { en: "", id: "" };
  return { en: `It must be ${en} ${bound}${items.en}.`, id: `Nilainya ${id} ${bound}${items.id}.` };
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, key) => (isObject(inside) ? inside[key] : undefined), data);
}

/** The keys that the schema knows at a path, read from its JSON Schema so that nothing is listed twice. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schemas: unknown[] = [z.toJSONSchema(assignmentFile, { io: "input" })];
  for (const key of path) {
    schemas = schemas.flatMap(alternatives).flatMap((schema) => {
      const inside = typeof key === "number" ? schema.items : valueAt(schema, ["properties", key]);
      return inside === undefined ? [] : [inside];
    });
  }
  const keys = schemas
    .flatMap(alternatives)
    .flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
  return [...new Set(keys)];
}

function alternatives(schema: unknown): Record<PropertyKey, unknown>[] {
  if (!isObject(schema)) return [];
  const branches = schema.anyOf ?? schema.oneOf;
  return Array.isArray(branches) ? branches.flatMap(alternatives) : [schema];
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
