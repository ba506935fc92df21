import type { Assignment } from "../assignment/assignment.ts";
import type { Attempt, CheckResult, Finding, Verdict } from "../checks/verdict.ts";
import type { NamedMistake } from "../mistakes/mistake.ts";
import type { Text } from "../text.ts";
import type { Trace } from "../trace/trace.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import type { ProgramRun, RequirementResult, SubmissionResult } from "./result.ts";

/** Results written by hand, as a grader would produce them, for the tests of every report. */

const HOSTILE_NAME = "a<&>\"'`|\0\x1b[31m\ud800\u202e::notice::x\n::error::y";

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

export function same(text: string): Text {
  return { en: text, id: text };
}

const streamAssignment: Assignment = {
  name: "tcp-echo",
  title: { en: "TCP echo server", id: "Server echo TCP" },
  programs: { "tcp-server": { file: "server.py" } },
  contract: {
    kind: "stream",
    concurrent: false,
    bufferBytes: 65535,
    address: { host: "127.0.0.1", port: 5000, passed: { by: "fixed" } },
    client: { message: { by: "fixed" }, printsReply: false, mustTimeOut: false },
  },
  requirements: [
    {
      id: "R1",
      text: { en: "The server listens on 127.0.0.1:5000", id: "Server mendengarkan di 127.0.0.1:5000" },
      points: 20,
    },
    {
      id: "R2",
      text: { en: "The server echoes every message of a client", id: "Server mengirim balik setiap pesan klien" },
      points: 60,
    },
    { id: "R3", text: { en: "The server stops on Ctrl+C", id: "Server berhenti pada Ctrl+C" }, points: 20 },
  ],
  limits: { startSeconds: 10, keptOutputBytes: 65536 },
};

const PASS: Finding = { outcome: "pass" };

const LOCAL = { host: "127.0.0.1", port: 45576 };
const REMOTE = { host: "127.0.0.1", port: 5000 };

const startEvents: TranscriptEvent[] = [
  { atMs: 0, type: "started", command: ["python3", "server.py"], pid: 4711 },
  { atMs: 58.2, type: "listening", sockets: [{ ...REMOTE, protocol: "tcp" }] },
];

export const oneEcho: Transcript = [
  ...startEvents,
  { atMs: 60.1, type: "connected", peer: "A", local: LOCAL, remote: REMOTE },
  { atMs: 60.4, type: "sent", peer: "A", bytes: bytes("gema-91c2") },
  { atMs: 60.9, type: "received", peer: "A", bytes: bytes("gema-91c2") },
  { atMs: 61.2, type: "half-closed", peer: "A" },
  { atMs: 61.6, type: "ended", peer: "A" },
  { atMs: 61.8, type: "closed", peer: "A", by: "fin" },
];

/** The second message is never read: the program waits for another client instead. */
export const secondMessageUnanswered: Transcript = [
  { atMs: 102.4, type: "connected", peer: "A", local: LOCAL, remote: REMOTE },
  { atMs: 102.9, type: "sent", peer: "A", bytes: bytes("gema-7f3a") },
  { atMs: 103.2, type: "read-by-subject", peer: "A", bytes: 9 },
  { atMs: 103.6, type: "received", peer: "A", bytes: bytes("gema-7f3a") },
  { atMs: 104.1, type: "sent", peer: "A", bytes: bytes("gema-c05d") },
  {
    atMs: 109.8,
    type: "silent",
    proved: true,
    afterMs: 5.7,
    blocked: [{ call: "accept", fd: 3 }],
    connections: [{ peer: "A", accepted: true, unread: 9 }],
  },
  { atMs: 110.3, type: "closed", peer: "A", by: "rst" },
];

/** Nine single bytes, each read on its own, answered by the first alone. */
export const splitMessage: Transcript = [
  { atMs: 200, type: "connected", peer: "A", local: LOCAL, remote: REMOTE },
  ...Array.from("gema-1b2c", (letter, i): TranscriptEvent[] => [
    { atMs: 200.5 + i, type: "sent", peer: "A", bytes: bytes(letter) },
    { atMs: 200.9 + i, type: "read-by-subject", peer: "A", bytes: 1 },
  ]).flat(),
  { atMs: 211, type: "received", peer: "A", bytes: bytes("g") },
  { atMs: 217, type: "silent", proved: false, afterMs: 2000, blocked: [], connections: [] },
  {
    atMs: 217.5,
    type: "stderr",
    text: 'Traceback (most recent call last):\n  File "server.py", line 12, in <module>\nOSError: x\n',
  },
];

export const notConfirmed: Finding = {
  outcome: "fail",
  expected: { en: "the second message comes back", id: "pesan kedua dikirim balik" },
  observed: { en: "only the first message came back", id: "hanya pesan pertama yang dikirim balik" },
};

const neverListened: Finding = {
  outcome: "fail",
  expected: { en: "a server that listens on 127.0.0.1:5000", id: "server yang mendengarkan di 127.0.0.1:5000" },
  observed: {
    en: "the program ended with code 1 before it listened",
    id: "program selesai dengan kode 1 sebelum mendengarkan",
  },
};

const keepsFinding: Finding = {
  outcome: "fail",
  expected: {
    en: "three messages on one connection, and each comes back: 27 bytes",
    id: "tiga pesan dalam satu koneksi, dan semuanya dikirim balik: 27 byte",
  },
  observed: {
    en: "only the first message came back (9 bytes); the server then waited for another client",
    id: "hanya pesan pertama yang dikirim balik (9 byte); sesudah itu server menunggu klien lain",
  },
  difference: { at: 9, from: 0, expected: bytes("gema-7f3agema-c05dgema-2e81"), observed: bytes("gema-7f3a") },
};

export const singleRecv: NamedMistake = {
  id: "single-recv",
  program: "tcp-server",
  title: {
    en: "The server calls recv only once for each client, so it misses everything after the first message.",
    id: "Server hanya memanggil recv sekali untuk tiap klien, sehingga pesan sesudah yang pertama terlewat.",
  },
  confidence: 0.9,
  explains: ["tcp-server/keeps-the-connection", "tcp-server/echoes-a-split-message"],
};

export const ADVICE: NamedMistake = {
  id: "swallows-bind-error",
  program: "tcp-server",
  title: {
    en: "The server says nothing when its port is taken.",
    id: "Server diam saja jika port-nya sudah dipakai.",
  },
  confidence: 0.9,
  explains: ["tcp-server/refuses-a-taken-port"],
};

export function attempt(transcript: Transcript, finding: Finding = PASS, confirming = false): Attempt {
  return { transcript, finding, confirming };
}

interface CheckParts {
  readonly level?: CheckResult["level"];
  readonly verdict?: Verdict;
  readonly attempts?: readonly Attempt[];
  readonly reason?: Text;
}

/** The verdict follows the last attempt unless it is given. */
export function check(id: string, title: Text, parts: CheckParts = {}): CheckResult {
  const attempts = parts.attempts ?? [attempt(oneEcho)];
  const finding = attempts.at(-1)?.finding;
  return {
    check: id,
    title,
    level: parts.level ?? "must",
    verdict: parts.verdict ?? finding?.outcome ?? "skipped",
    ...(finding && { finding }),
    ...(parts.reason && { reason: parts.reason }),
    attempts,
  };
}

const listens = check("tcp-server/listens-where-asked", {
  en: "Listens on the address that was asked for",
  id: "Mendengarkan di alamat yang diminta",
});
const echoes = check("tcp-server/echoes-a-message", { en: "Sends a message back", id: "Mengirim balik satu pesan" });
const keepsTitle = {
  en: "Three messages on one connection, three echoes",
  id: "Tiga pesan dalam satu koneksi, tiga balasan",
};
const keeps = check("tcp-server/keeps-the-connection", keepsTitle, {
  attempts: [attempt(secondMessageUnanswered, keepsFinding), attempt(secondMessageUnanswered, keepsFinding, true)],
});
const split = check(
  "tcp-server/echoes-a-split-message",
  { en: "Echoes a message that arrives in pieces", id: "Mengirim balik pesan yang datang sepotong-sepotong" },
  {
    attempts: [
      attempt(splitMessage, {
        ...notConfirmed,
        difference: { at: 1, from: 0, expected: bytes("gema-1b2c"), observed: bytes("g") },
      }),
    ],
  },
);
const stops = check("tcp-server/stops-on-sigint", { en: "Stops on Ctrl+C", id: "Berhenti pada Ctrl+C" });

export function result(
  parts: Partial<SubmissionResult> & { readonly checks: readonly (readonly CheckResult[])[] },
): SubmissionResult {
  const { checks, ...given } = parts;
  const requirements = streamAssignment.requirements.map((asked, i) => requirement(asked, checks[i] ?? []));
  const run: ProgramRun = {
    program: "tcp-server",
    file: "server.py",
    command: ["python3", "server.py"],
    checks: checks.flat(),
    launches: 2,
    wallMs: 412.5,
  };
  const verdict = worst(requirements.map((one) => one.verdict));
  return {
    submission: "budi",
    path: "submissions/budi",
    assignment: streamAssignment,
    seed: 42,
    startedAt: "2026-11-23T03:00:00.000Z",
    wallMs: 430,
    programs: [run],
    requirements,
    earned: requirements.reduce((sum, { earned }) => sum + earned, 0),
    points: 100,
    verdict,
    needsReview: verdict === "inconclusive" || verdict === "error",
    mistakes: [],
    advice: [],
    notes: [],
    missing: [],
    isolation: "none",
    ...given,
  };
}

function requirement(asked: Assignment["requirements"][number], checks: readonly CheckResult[]): RequirementResult {
  const must = checks.filter(({ level }) => level === "must");
  const cost = must.filter(({ verdict }) => verdict === "fail").map(({ check }) => check);
  const { id, text, points } = asked;
  const verdict = worst(must.map((one) => one.verdict));
  return {
    id,
    text,
    points,
    earned: ["fail", "skipped"].includes(verdict) ? 0 : points,
    verdict,
    cost,
    checks,
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  const order: Verdict[] = ["error", "fail", "inconclusive", "skipped", "pass"];
  return order.find((verdict) => verdicts.includes(verdict)) ?? "pass";
}

export function passing(): SubmissionResult {
  return result({ submission: "ani", path: "submissions/ani", checks: [[listens], [echoes], [stops]] });
}

export function failing(): SubmissionResult {
  return result({ checks: [[listens], [echoes, keeps, split], [stops]], mistakes: [singleRecv] });
}

/** As `failing`, and a trace shows the line. */
export function traced(): SubmissionResult {
  const place = { file: "server.py", line: 14 };
  const ends = { local: REMOTE.port, remote: LOCAL.port };
  const trace: Trace = {
    calls: [
      { atMs: 102.1, call: "accept", place: { file: "server.py", line: 12 }, ...ends, ended: { atMs: 102.5 } },
      { atMs: 102.6, call: "recv", place, asked: 65535, ...ends, ended: { atMs: 103, bytes: 9 } },
      { atMs: 103.1, call: "send", asked: 9, ...ends, ended: { atMs: 103.2, bytes: 9 } },
      { atMs: 103.4, call: "accept", place: { file: "server.py", line: 12 } },
    ],
    leftOut: 0,
  };
  const run = { program: "tcp-server", check: keeps.check, transcript: secondMessageUnanswered, trace } as const;
  return { ...failing(), mistakes: [{ ...singleRecv, place }], traces: [run] };
}

/** As `failing`, and nothing names the cause. */
export function unexplained(): SubmissionResult {
  return result({ submission: "citra", path: "submissions/citra", checks: [[listens], [echoes, keeps], [stops]] });
}

/** Only a `should` check and an `info` check failed. */
export function warned(): SubmissionResult {
  const should = check("tcp-server/refuses-a-taken-port", same("Says so when the port is taken"), {
    level: "should",
    attempts: [attempt(oneEcho, notConfirmed)],
  });
  const info = check("tcp-server/closes-with-fin", same("Ends with FIN"), {
    level: "info",
    attempts: [attempt(oneEcho, notConfirmed)],
  });
  return result({ submission: "dewi", path: "submissions/dewi", checks: [[listens, should], [echoes, info], [stops]] });
}

/** As `warned`, and the cause of the warning is known. */
export function advised(): SubmissionResult {
  return { ...warned(), advice: [ADVICE] };
}

/** Failed once, passed once. */
export function flaky(): SubmissionResult {
  const unsure = check("tcp-server/keeps-the-connection", keepsTitle, {
    verdict: "inconclusive",
    attempts: [attempt(secondMessageUnanswered, keepsFinding), attempt(oneEcho, PASS, true)],
    reason: { en: "it failed once and passed once", id: "sekali gagal dan sekali berhasil" },
  });
  return result({ submission: "eka", path: "submissions/eka", checks: [[listens], [echoes, unsure], [stops]] });
}

/** The program never listened; the rest was skipped. */
export function crashed(): SubmissionResult {
  const transcript: Transcript = [
    { atMs: 0, type: "started", command: ["python3", "server.py"], pid: 99 },
    {
      atMs: 40,
      type: "stderr",
      text: 'Traceback (most recent call last):\n  File "/sub/server.py", line 7, in <module>\n    s.bnd(("127.0.0.1", 5000))\nAttributeError: bnd\n',
    },
    { atMs: 44, type: "exited", exit: { code: 1, signal: null } },
    { atMs: 44, type: "not-listening", why: "exited", blocked: [] },
  ];
  const starts = check("tcp-server/starts-listening", same("Starts and listens"), {
    attempts: [attempt(transcript, neverListened)],
  });
  const reason = { en: "the program never listened", id: "program tidak pernah mendengarkan" };
  const skipped = check("tcp-server/echoes-a-message", same("Sends a message back"), { attempts: [], reason });
  return result({ submission: "fajar", path: "submissions/fajar", checks: [[starts], [skipped], []] });
}

/** Gema broke. */
export function ourFault(): SubmissionResult {
  const reason = { en: "the probe could not open a socket", id: "probe tidak bisa membuka socket" };
  const broke = check("tcp-server/echoes-a-message", same("Sends a message back"), {
    verdict: "error",
    attempts: [],
    reason,
  });
  return result({ submission: "gita", path: "submissions/gita", checks: [[listens], [broke], [stops]] });
}

export function nothingHandedIn(): SubmissionResult {
  const note = { en: "No server was found in the submission.", id: "Tidak ditemukan server di dalam tugas." };
  const base = result({ submission: "hadi", path: "submissions/hadi", checks: [], notes: [note] });
  const requirements = base.requirements.map((one) => ({ ...one, earned: 0, verdict: "fail" as const }));
  return { ...base, programs: [], requirements, earned: 0, verdict: "fail", needsReview: true };
}

/** Every word that a student can choose tries to break out. */
export function hostile(): SubmissionResult {
  const evil = `${HOSTILE_NAME} ]]> ]]> ##[error]z ##vso[task.complete]`;
  const transcript: Transcript = [
    { atMs: 0, type: "started", command: ["python3", evil], pid: 1 },
    { atMs: 1, type: "connected", peer: "A", local: LOCAL, remote: REMOTE },
    { atMs: 2, type: "sent", peer: "A", bytes: bytes("x") },
    { atMs: 3, type: "received", peer: "A", bytes: bytes("\0\x1b[2J\xff\xfe::error::a]]>]]>##[x]") },
    { atMs: 4, type: "stdout", text: `::stop-commands::z\n${evil}` },
    {
      atMs: 5,
      type: "stderr",
      text: `::error file=a::b\n\t::warning::c\n\x1b[31m::notice::d\r::debug::e\n${evil}\n\`\`\`\`\n`,
    },
    { atMs: 6, type: "ended", peer: "A" },
  ];
  const finding: Finding = {
    outcome: "fail",
    expected: same("x"),
    observed: same(`::error::${evil}`),
    difference: { at: 0, from: 0, expected: bytes("x"), observed: bytes("\0\x1b[2J##[error]") },
  };
  const bad = check("tcp-server/echoes-a-message", same(`::warning::${evil}`), {
    attempts: [attempt(transcript, finding)],
  });
  const base = result({
    submission: evil,
    path: `submissions/${evil}`,
    checks: [[bad], [], []],
    notes: [same(`::debug::${evil}`)],
  });
  return { ...base, programs: base.programs.map((run) => ({ ...run, file: `${evil}.py` })) };
}

export const ALL_SAMPLES = [
  passing,
  failing,
  traced,
  unexplained,
  warned,
  advised,
  flaky,
  crashed,
  ourFault,
  nothingHandedIn,
  hostile,
] as const;
