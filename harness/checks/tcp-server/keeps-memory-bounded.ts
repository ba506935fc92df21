import { byContract, RFC862, type ServerCheck } from "../check.ts";
import { fail, last, measured, PASS } from "../reading.ts";

const MIB = 1 << 20;
/** Only after a body this long is growth told from garbage that was not collected yet. */
const LONG_ENOUGH = 64 * MIB;
/** Keeping everything costs at least as much memory as was received; a plateau costs a small share of it. */
const KEPT_SHARE = 0.6;

export const check: ServerCheck = {
  title: { en: "does not pile up what it has sent back", id: "tidak menumpuk data yang sudah dikirim balik" },
  why: {
    en: "A server that stores everything it ever received runs out of memory one day, whoever sends the data.",
    id: "Server yang menyimpan semua data yang pernah diterima suatu hari akan kehabisan memori.",
  },
  requirement: "tidy",
  cites: [RFC862],
  level: byContract({ stream: "should" }),
  after: ["echoes-a-large-body"],
  turn: 1,
  stimulate: { observes: "echoes-a-large-body" },
  judge(transcript) {
    const body = last(transcript, "body-received")?.length ?? 0;
    const growth =
      (measured(transcript, "resident-peak-bytes") ?? 0) - (measured(transcript, "resident-before-bytes") ?? 0);
    if (body < LONG_ENOUGH || growth < KEPT_SHARE * body) return PASS;
    const mib = (bytes: number): string => (bytes / MIB).toFixed(0);
    return fail(
      {
        en: `While ${mib(body)} MiB are echoed the program's memory stays about the same.`,
        id: `Selama ${mib(body)} MiB di-echo, memori program kurang lebih tetap.`,
      },
      { en: `It grew by ${mib(growth)} MiB.`, id: `Memorinya bertambah ${mib(growth)} MiB.` },
    );
  },
};
