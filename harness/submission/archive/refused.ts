import { UserError } from "../../user-error.ts";
import { shown } from "../source-file.ts";
import type { Limits } from "./limits.ts";

/** The errors of a user whose archive is not unpacked. `archive` and `entry` are names as people wrote them. */

export function damaged(archive: string, reason: string): UserError {
  const name = shown(archive);
  return new UserError({
    code: "archive-damaged",
    what: {
      en: `${name} is damaged or no archive of that kind (${shown(reason)}).`,
      id: `${name} rusak atau bukan arsip jenis itu (${shown(reason)}).`,
    },
    help: {
      en: "Pack it again, as .zip or .tar.gz, and open it yourself before handing it in.",
      id: "Buat lagi arsipnya, sebagai .zip atau .tar.gz, dan coba buka sendiri sebelum dikumpulkan.",
    },
  });
}

export function encrypted(archive: string): UserError {
  const name = shown(archive);
  return new UserError({
    code: "archive-encrypted",
    what: { en: `${name} is protected by a password.`, id: `${name} dilindungi kata sandi.` },
    help: { en: "Pack it again without a password.", id: "Buat lagi arsipnya tanpa kata sandi." },
  });
}

export function compressedOtherwise(archive: string, method: number): UserError {
  const name = shown(archive);
  return new UserError({
    code: "archive-compression",
    what: {
      en: `${name} is compressed by a method that Gema does not know (${method}).`,
      id: `${name} dikompresi dengan metode yang tidak dikenal Gema (${method}).`,
    },
    help: { en: "Pack it as an ordinary .zip or .tar.gz.", id: "Buat arsipnya sebagai .zip atau .tar.gz biasa." },
  });
}

export function leadsOutside(archive: string, entry: string): UserError {
  const [name, inside] = [shown(archive), shown(entry)];
  return new UserError({
    code: "archive-unsafe-name",
    what: {
      en: `${name} was not unpacked: the name ${inside} leads out of its folder.`,
      id: `${name} tidak dibuka: nama ${inside} mengarah ke luar foldernya.`,
    },
    help: {
      en: "Pack the folder of the program itself, with plain names.",
      id: "Buat arsip dari folder programnya sendiri, dengan nama biasa.",
    },
  });
}

export function impossibleName(archive: string, entry: string): UserError {
  const name = shown(archive);
  const inside = shown(entry.length > 60 ? `${entry.slice(0, 60)}...` : entry);
  return new UserError({
    code: "archive-bad-name",
    what: {
      en: `${name} was not unpacked: no file can have the name ${inside} here.`,
      id: `${name} tidak dibuka: di sini tidak bisa ada berkas bernama ${inside}.`,
    },
    help: { en: "Give it a shorter, plain name.", id: "Beri nama yang lebih pendek dan biasa." },
  });
}

export function sameNameTwice(archive: string, entry: string): UserError {
  const [name, inside] = [shown(archive), shown(entry)];
  return new UserError({
    code: "archive-same-name",
    what: {
      en: `${name} was not unpacked: it holds more than one ${inside}, and one would overwrite the other.`,
      id: `${name} tidak dibuka: di dalamnya ada lebih dari satu ${inside}, dan yang satu akan menimpa yang lain.`,
    },
    help: { en: "Give them different names.", id: "Beri nama yang berbeda." },
  });
}

export function tooLarge(archive: string, { bytes, entries }: Limits): UserError {
  const name = shown(archive);
  const mib = bytes / 1024 / 1024;
  return new UserError({
    code: "archive-too-large",
    what: {
      en: `${name} was not unpacked: it holds more than ${mib} MiB or ${entries} files.`,
      id: `${name} tidak dibuka: isinya lebih dari ${mib} MiB atau ${entries} berkas.`,
    },
    help: {
      en: "Leave out what is not the student's own work, such as node_modules and virtual environments.",
      id: "Hapus yang bukan karya mahasiswa sendiri, misalnya node_modules dan virtual environment.",
    },
  });
}
