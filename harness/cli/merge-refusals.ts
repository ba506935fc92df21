import { gemaVersion } from "../grade/gema-version.ts";
import { shellWord } from "../report/by-hand.ts";
import { harmless } from "../report/harmless.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError, type UserErrorOptions } from "../user-error.ts";
import type { Part } from "./run-record.ts";
import type { Shard } from "./shard.ts";

/** What all shards of a class have in common. */
export type Common = "gema" | "assignment" | "submissions" | "isolation" | "seed";

/** Names shown of one shard: enough to know which it is. */
const NAMES_SHOWN = 5;

/** Every refusal of `gema merge` ends with the same code, and nothing was written. */
export function refusal(options: UserErrorOptions): UserError {
  return new UserError({ ...options, exit: EXIT.unmergeable });
}

export function outIsInput(out: string): UserError {
  return refusal({
    code: "out-is-input",
    what: { en: `${out} is one of the folders to merge.`, id: `${out} adalah salah satu folder yang digabungkan.` },
    help: NEW_FOLDER,
  });
}

export function notEmpty(out: string): UserError {
  return refusal({
    code: "out-not-empty",
    what: {
      en: `${out} is not empty, and nothing is overwritten.`,
      id: `${out} tidak kosong; tidak ada yang ditimpa.`,
    },
    help: NEW_FOLDER,
  });
}

const NEW_FOLDER: Text = {
  en: "Give a new folder by --out.",
  id: "Berikan folder baru dengan --out.",
};

export function noResults(folder: string, reason: string): UserError {
  return refusal({
    code: "no-results",
    what: {
      en: `${folder} holds no results of gema grade (${reason}).`,
      id: `${folder} tidak berisi hasil gema grade (${reason}).`,
    },
    help: {
      en: "Give the folders that gema grade --out wrote, whole: run.json is beside junit.xml.",
      id: "Berikan folder yang ditulis gema grade --out, seutuhnya: run.json ada di samping junit.xml.",
    },
  });
}

export interface Missing {
  readonly shard: Shard;
  readonly names: readonly string[];
  /** Its folder, where it was given. */
  readonly folder?: string;
}

export function incomplete({ record }: Part, missing: readonly Missing[]): UserError {
  const count = missing.reduce((sum, { names }) => sum + names.length, 0);
  const of = record.submissions.length;
  const [first] = missing;
  const { number = 1, of: shards = 1 } = first?.shard ?? {};
  const part = shards === 1 ? "" : ` --shard ${number}/${shards}`;
  const asked = shellWord(record.assignment.given);
  const out = shellWord(first?.folder ?? `shard-${number}`);
  const command = `gema grade CLASS --assignment ${asked}${part} --seed ${record.seed} --out ${out}`;
  return refusal({
    code: "incomplete",
    what: {
      en: `${count} of ${of} submissions have no result: ${missing.map((one) => missed(one).en).join("; ")}.`,
      id: `${count} dari ${of} kumpulan tugas belum punya hasil: ${missing.map((one) => missed(one).id).join("; ")}.`,
    },
    help: {
      en: `Give the folders that were left out, or finish each shard and merge again: ${command}`,
      id: `Berikan folder yang tertinggal, atau selesaikan setiap bagian lalu gabungkan lagi: ${command}`,
    },
  });
}

function missed({ shard: { number, of }, names, folder }: Missing): Text {
  const shown = names.slice(0, NAMES_SHOWN).map(harmless).join(", ");
  const more = names.length - NAMES_SHOWN;
  const [en, id] = more > 0 ? [`${shown} and ${more} more`, `${shown} dan ${more} lainnya`] : [shown, shown];
  return folder === undefined
    ? { en: `shard ${number}/${of} was not given (${en})`, id: `bagian ${number}/${of} tidak diberikan (${id})` }
    : { en: `${folder} was not finished (${en})`, id: `${folder} belum selesai (${id})` };
}

export function differentRuns(
  field: Common,
  [first, other]: readonly [Part, Part],
  [here, there]: readonly [string, string],
): UserError {
  const { noun, help } = DIFFERENCES[field];
  const [one, two] = field === "submissions" ? onlyIn(first, other) : [here, there];
  return refusal({
    code: `different-${field}`,
    what: {
      en: `${first.folder} and ${other.folder} differ in ${noun.en}: ${one} here, ${two} there.`,
      id: `${first.folder} dan ${other.folder} berbeda dalam ${noun.id}: ${one} di satu, ${two} di lainnya.`,
    },
    help,
  });
}

/** What to look for first: a name that only one of them has. */
function onlyIn(first: Part, other: Part): readonly [string, string] {
  const [one, two] = [first, other].map(({ record }) => record.submissions);
  const only = (names: readonly string[] = [], others: readonly string[] = []): string =>
    `${names.length} (+ ${harmless(names.find((name) => !others.includes(name)) ?? "-")})`;
  return [only(one, two), only(two, one)];
}

const DIFFERENCES: Readonly<Record<Common, { readonly noun: Text; readonly help: Text }>> = {
  gema: {
    noun: { en: "the version of Gema", id: "versi Gema" },
    help: {
      en: "Install the same version on every machine, and grade the shards of the other version again.",
      id: "Pasang versi yang sama di setiap mesin, lalu nilai lagi bagian yang memakai versi lain.",
    },
  },
  assignment: {
    noun: { en: "the assignment", id: "tugas yang diberikan" },
    help: {
      en: "Give every machine the same assignment, and grade the shards that had another one again.",
      id: "Beri setiap mesin tugas yang sama, lalu nilai lagi bagian yang memakai tugas lain.",
    },
  },
  submissions: {
    noun: { en: "the class", id: "isi kelas" },
    help: {
      en: "Give every machine the same folder of submissions, with no results inside, and grade the shards of the other one again.",
      id: "Beri setiap mesin folder kumpulan tugas yang sama, tanpa hasil di dalamnya, lalu nilai lagi bagian yang lain.",
    },
  },
  isolation: {
    noun: { en: "the isolation", id: "isolasi" },
    help: {
      en: "Programs must run alike everywhere: grade again with --isolation require where it was less, or with --isolation none everywhere.",
      id: "Program harus berjalan dengan cara yang sama: nilai lagi dengan --isolation require di mesin yang isolasinya kurang, atau dengan --isolation none di semua mesin.",
    },
  },
  seed: {
    noun: { en: "the seed", id: "seed" },
    help: {
      en: "Grade one of them again with the --seed of the others; shards that are given none agree on one.",
      id: "Nilai lagi salah satunya dengan --seed yang sama; bagian yang tidak diberi --seed menyepakati satu seed.",
    },
  },
};

export function otherVersion({ folder, record }: Part): UserError {
  return refusal({
    code: "different-gema",
    what: {
      en: `${folder} was graded by Gema ${record.gema}, and this is Gema ${gemaVersion()}.`,
      id: `${folder} dinilai dengan Gema ${record.gema}, sedangkan ini Gema ${gemaVersion()}.`,
    },
    help: {
      en: `Merge with Gema ${record.gema}, or grade all shards with this version.`,
      id: `Gabungkan dengan Gema ${record.gema}, atau nilai semua bagian dengan versi ini.`,
    },
  });
}

export function contradicting(submission: string, file: string, other: string): UserError {
  return refusal({
    code: "contradicting",
    what: {
      en: `${harmless(submission)} was graded twice, with different evidence: ${file} and ${other}.`,
      id: `${harmless(submission)} dinilai dua kali, dengan bukti yang berbeda: ${file} dan ${other}.`,
    },
    help: {
      en: "Decide which of the two folders counts, and leave the other one out.",
      id: "Tentukan folder mana yang berlaku, lalu jangan sertakan yang lain.",
    },
  });
}

export function missingEvidence(file: string, part: Part, reason: string): UserError {
  return refusal({
    code: "evidence-unreadable",
    what: { en: `${file} cannot be read (${reason}).`, id: `${file} tidak dapat dibaca (${reason}).` },
    help: again(part),
  });
}

export function otherEvidence(file: string, part: Part, difference: string): UserError {
  const shown = harmless(difference);
  return refusal({
    code: "evidence-of-another-run",
    what: {
      en: `${file} is not of the run that its folder tells of (${shown}).`,
      id: `${file} bukan dari proses yang dicatat di foldernya (${shown}).`,
    },
    help: again(part),
  });
}

function again({ folder }: Part): Text {
  return {
    en: `Take an untouched copy of ${folder}, or give the same gema grade command again with --out ${shellWord(folder)}.`,
    id: `Ambil salinan ${folder} yang utuh, atau jalankan lagi perintah gema grade yang sama dengan --out ${shellWord(folder)}.`,
  };
}
