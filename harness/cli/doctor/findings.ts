import type { Verdict } from "../../checks/verdict.ts";
import type { Isolation } from "../../launch/subject.ts";
import { markOf } from "../../report/style.ts";
import type { Text } from "../../text.ts";
import { atLeast, type Finding, ok, problem, remedy, warning } from "./finding.ts";
import { isWsl1, linuxFindings, toWsl2 } from "./linux-findings.ts";
import type { ClockFacts, Container, FoundPython, Machine, PortFacts, TempFacts, Trial } from "./machine.ts";

/** As `engines` in package.json says. */
export const LEAST_NODE = [20, 19];
const MIB = 1 << 20;
/** The copy of the largest submission that is graded (`submission/stage.ts`). */
const ROOM_BYTES = 256 * MIB;
/** Gema looks again after 1 ms where it has to poll. */
const COARSEST_STEP_MS = 1;
/** What differs by less is corrected smoothly and no jump (ntpd(8), `-x`). */
const JUMP_MS = 128;

/** All that can be said before anything is graded. Pure. */
export function machineFindings(machine: Machine): Finding[] {
  return [
    nodeFinding(machine.node),
    pythonFinding(machine.python),
    platformFinding(machine),
    ...(machine.linux ? linuxFindings(machine, machine.linux) : []),
    portFinding(machine),
    tempFinding(machine.temp),
  ];
}

/** How far `gema grade` isolates here. */
export function reachedIsolation({ linux }: Machine): Isolation {
  if (!linux || "why" in linux.namespaces) return "none";
  return linux.sandbox && !("why" in linux.sandbox) ? "full" : "partial";
}

function nodeFinding(version: string): Finding {
  if (atLeast(version, LEAST_NODE)) return ok(`Node ${version}.`);
  const least = LEAST_NODE.join(".");
  return problem(
    {
      en: `Node ${version} is too old: Gema needs ${least} or newer.`,
      id: `Node ${version} terlalu lama: Gema memerlukan ${least} atau lebih baru.`,
    },
    remedy("Install a newer one from https://nodejs.org.", "Pasang versi yang lebih baru dari https://nodejs.org."),
  );
}

function pythonFinding(python: FoundPython | undefined): Finding {
  if (python) return ok(`Python ${python.version}: ${python.executable}.`);
  return problem(
    {
      en: "There is no Python 3: only TypeScript and JavaScript could be graded.",
      id: "Python 3 tidak ada: hanya TypeScript dan JavaScript yang dapat dinilai.",
    },
    remedy("Install Python 3 so that python3 is on the PATH.", "Pasang Python 3 agar python3 ada di PATH."),
  );
}

const NO_ISOLATION: Text = {
  en: "submissions are not isolated, and silence is waited for instead of proved",
  id: "program tidak diisolasi, dan keheningan ditunggu, bukan dibuktikan",
};

function platformFinding({ platform, release, architecture, container }: Machine): Finding {
  switch (platform) {
    case "linux":
      return isWsl1(release) ? wsl1Finding(release) : linuxFinding(release, architecture, container);
    case "darwin":
      return elsewhere(
        "macOS",
        remedy(
          "For strangers' programs, use Linux in a virtual machine or on another computer.",
          "Untuk program orang lain, pakai Linux di mesin virtual atau komputer lain.",
        ),
      );
    case "win32":
      return elsewhere(
        "Windows",
        remedy(
          "For strangers' programs, use Linux, such as WSL 2:",
          "Untuk program orang lain, pakai Linux, misalnya WSL 2:",
          "wsl --install",
        ),
      );
    default:
      return problem(
        { en: `Gema does not know the system ${platform}.`, id: `Gema tidak mengenal sistem ${platform}.` },
        remedy("Use Linux, macOS or Windows.", "Pakai Linux, macOS, atau Windows."),
      );
  }
}

function elsewhere(name: string, way: ReturnType<typeof remedy>): Finding {
  return warning({ en: `${name}: ${NO_ISOLATION.en}.`, id: `${name}: ${NO_ISOLATION.id}.` }, way);
}

function wsl1Finding(release: string): Finding {
  return warning(
    {
      en: `WSL 1 (${release}) is not a Linux kernel: grading is untried there, and submissions are not isolated.`,
      id: `WSL 1 (${release}) bukan kernel Linux: penilaian belum pernah dicoba di sana, dan program tidak diisolasi.`,
    },
    toWsl2(),
  );
}

function linuxFinding(release: string, architecture: string, container: Container | undefined): Finding {
  const name = /microsoft.*WSL2/i.test(release) ? "WSL 2, Linux" : "Linux";
  const inside = container && CONTAINERS[container];
  return ok(
    `${name} ${release} (${architecture})${inside ? `, ${inside.en}` : ""}.`,
    `${name} ${release} (${architecture})${inside ? `, ${inside.id}` : ""}.`,
  );
}

const CONTAINERS: Readonly<Record<Container, Text>> = {
  docker: { en: "in a Docker container", id: "di dalam container Docker" },
  podman: { en: "in a Podman container", id: "di dalam container Podman" },
  unknown: { en: "in a container", id: "di dalam container" },
};

/** Where each submission has a network of its own, `grade` has the port whoever holds it outside. */
function portFinding(machine: Machine): Finding {
  const { port } = machine;
  if (port.free) return ok("127.0.0.1:5000 is free.", "127.0.0.1:5000 tidak dipakai.");
  const isolated = reachedIsolation(machine) !== "none";
  const words = portWords(port, isolated);
  const way =
    machine.platform === "darwin"
      ? remedy(
          "End it. If it is AirPlay: System Settings, General, AirDrop & Handoff, turn AirPlay Receiver off.",
          "Hentikan. Jika itu AirPlay: System Settings, General, AirDrop & Handoff, matikan AirPlay Receiver.",
        )
      : remedy(
          "End it (perhaps your own server still runs in another terminal).",
          "Hentikan (mungkin server Anda masih berjalan di terminal lain).",
        );
  return isolated ? warning(words, way) : problem(words, way);
}

function portWords({ holder }: Extract<PortFacts, { free: false }>, isolated: boolean): Text {
  const who = holder === undefined ? "another user's process" : `process ${holder}`;
  const siapa = holder === undefined ? "proses milik pengguna lain" : `proses ${holder}`;
  return isolated
    ? {
        en: `127.0.0.1:5000 is in use by ${who}: gema check cannot grade the lecture's programs; gema grade can.`,
        id: `127.0.0.1:5000 sedang dipakai oleh ${siapa}: gema check tidak dapat menilai program kuliah; gema grade dapat.`,
      }
    : {
        en: `127.0.0.1:5000 is in use by ${who}: the lecture's programs cannot be graded.`,
        id: `127.0.0.1:5000 sedang dipakai oleh ${siapa}: program kuliah tidak dapat dinilai.`,
      };
}

function tempFinding(temp: TempFacts): Finding {
  const { folder } = temp;
  const way = remedy(
    "Make room there, or set TMPDIR to a folder with more.",
    "Sediakan ruang di sana, atau arahkan TMPDIR ke folder yang lebih lega.",
  );
  if ("why" in temp) {
    return problem(
      {
        en: `The folder for temporary files, ${folder}, cannot be used (${temp.why}).`,
        id: `Folder untuk berkas sementara, ${folder}, tidak dapat dipakai (${temp.why}).`,
      },
      way,
    );
  }
  const free = `${Math.floor(temp.freeBytes / MIB)} MiB`;
  const words = { en: `${folder} has room for ${free}.`, id: `${folder} punya ruang ${free}.` };
  return temp.freeBytes >= ROOM_BYTES ? ok(words.en, words.id) : warning(tooSmall(words), way);
}

function tooSmall({ en, id }: Text): Text {
  const needed = ROOM_BYTES / MIB;
  return {
    en: `${en} A large submission needs ${needed} MiB.`,
    id: `${id} Kumpulan tugas yang besar memerlukan ${needed} MiB.`,
  };
}

/** Deadlines follow the monotonic clock; the time of day stands in reports only. */
export function clockFinding({ stepMs, jumpMs }: ClockFacts): Finding {
  if (stepMs > COARSEST_STEP_MS) {
    return warning(
      {
        en: `The clock moves in steps of ${stepMs.toFixed(1)} ms: measured times are rough.`,
        id: `Jam bergerak dengan langkah ${stepMs.toFixed(1)} ms: waktu yang diukur kurang teliti.`,
      },
      remedy(
        "In a virtual machine, look at its clock source; elsewhere this is unheard of.",
        "Di mesin virtual, periksa sumber jamnya; di tempat lain hal ini tidak lazim.",
      ),
    );
  }
  if (Math.abs(jumpMs) > JUMP_MS) {
    const seconds = (jumpMs / 1000).toFixed(1);
    return warning(
      {
        en: `The time of day jumped by ${seconds} s while Gema looked: times in reports may be wrong.`,
        id: `Jam sistem melompat ${seconds} detik selama pemeriksaan: waktu di laporan bisa keliru.`,
      },
      remedy(
        "Let one service set the clock (timedatectl shows which), and try again.",
        "Biarkan satu layanan saja yang mengatur jam (lihat timedatectl), lalu coba lagi.",
      ),
    );
  }
  return ok("The clock is fine-grained and steady.", "Jam sistem teliti dan stabil.");
}

const LEVELS: Readonly<Record<Isolation, Text>> = {
  none: { en: "without isolation", id: "tanpa isolasi" },
  partial: { en: "isolated in part", id: "terisolasi sebagian" },
  full: { en: "isolated in full", id: "terisolasi penuh" },
};

/**
 * What grading a correct server came to. `check` never isolates and `grade` does so as far as it can: where either is
 * wrong, nobody can be graded. What could not be told for certain costs nobody points.
 */
export function trialFinding({ isolation, wallMs, outcome }: Trial, reached: Isolation): Finding {
  const how = LEVELS[isolation];
  const grave = isolation === "none" || isolation === reached ? problem : warning;
  if ("broke" in outcome) {
    return grave(
      {
        en: `Grading the reference server ${how.en} broke: ${outcome.broke}`,
        id: `Penilaian server acuan ${how.id} gagal dijalankan: ${outcome.broke}`,
      },
      tellUs(isolation),
    );
  }
  const { checks } = outcome;
  const count = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  const passed = count("pass");
  const seconds = (wallMs / 1000).toFixed(1);
  const words = {
    en: `The reference server, ${how.en}: ${passed} of ${checks.length} checks passed in ${seconds} s`,
    id: `Server acuan, ${how.id}: ${passed} dari ${checks.length} pemeriksaan lulus dalam ${seconds} detik`,
  };
  if (checks.length > 0 && passed === checks.length) return ok(`${words.en}.`, `${words.id}.`);
  const others = checks.filter(({ verdict }) => verdict !== "pass");
  const told = {
    en: [words.en, ...others.map(({ id, verdict }) => `${id} ${markOf(verdict).word.en}`)].join("; "),
    id: [words.id, ...others.map(({ id, verdict }) => `${id} ${markOf(verdict).word.id}`)].join("; "),
  };
  const unsure = checks.length > 0 && count("fail") + count("error") === 0;
  return unsure ? warning(told, quieter()) : grave(told, tellUs(isolation));
}

function quieter() {
  return remedy(
    "End what keeps this machine busy and try again; without Linux some checks cannot be told.",
    "Hentikan yang membuat mesin ini sibuk lalu coba lagi; tanpa Linux sebagian pemeriksaan tidak dapat dipastikan.",
  );
}

function tellUs(isolation: Isolation) {
  return isolation === "none"
    ? remedy(
        "This server is correct: mend what is said above, or report this as a fault of Gema's.",
        "Server ini benar: perbaiki yang disebut di atas, atau laporkan sebagai kesalahan Gema.",
      )
    : remedy(
        "This server is correct: mend what is said above, or grade with --isolation none and report this as a fault of Gema's.",
        "Server ini benar: perbaiki yang disebut di atas, atau nilai dengan --isolation none dan laporkan sebagai kesalahan Gema.",
      );
}

/** What it all comes to. */
export function conclusion(findings: readonly Finding[], reached: Isolation): Finding {
  const problems = findings.filter(({ state }) => state === "problem").length;
  if (problems === 0) return { ...REACHED[reached], remedies: [] };
  return problem({
    en: `Grading is not possible yet (problems: ${problems}).`,
    id: `Penilaian belum dapat dilakukan (masalah: ${problems}).`,
  });
}

const REACHED: Readonly<Record<Isolation, Pick<Finding, "state" | "words">>> = {
  full: {
    state: "ok",
    words: { en: "gema grade isolates submissions in full.", id: "gema grade mengisolasi program sepenuhnya." },
  },
  partial: {
    state: "warning",
    words: {
      en: "gema grade isolates submissions in part: they can read and write your files.",
      id: "gema grade mengisolasi program sebagian: program dapat membaca dan menulis berkas Anda.",
    },
  },
  none: {
    state: "warning",
    words: {
      en: "gema grade does not isolate submissions: they can do whatever you can.",
      id: "gema grade tidak mengisolasi program: program dapat melakukan apa pun yang dapat Anda lakukan.",
    },
  },
};
