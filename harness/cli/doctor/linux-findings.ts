import type { Text } from "../../text.ts";
import { atLeast, type Finding, ok, problem, type Remedy, remedy, warning } from "./finding.ts";
import type { Container, LinuxFacts, Machine, Tool } from "./machine.ts";
import { TOOLS } from "./machine.ts";

/** `--disable-userns` came with it (bubblewrap, NEWS). */
const LEAST_BUBBLEWRAP = [0, 8];

const AGAIN = {
  en: "then run gema doctor again",
  id: "lalu jalankan gema doctor lagi",
};

/** What a Linux machine has to keep submissions apart. */
export function linuxFindings(machine: Machine, linux: LinuxFacts): Finding[] {
  return [
    toolsFinding("util-linux", linux),
    toolsFinding("iproute2", linux),
    namespacesFinding(machine, linux),
    bubblewrapFinding(linux),
    ...sandboxFindings(machine, linux),
  ];
}

function toolsFinding(wanted: "util-linux" | "iproute2", { missing }: LinuxFacts): Finding {
  const tools = (Object.keys(TOOLS) as Tool[]).filter((tool) => TOOLS[tool] === wanted);
  const absent = tools.filter((tool) => missing.includes(tool));
  if (absent.length === 0) return ok(`${wanted}: ${tools.join(", ")}.`);
  const names = absent.join(", ");
  const use = absent.some((tool) => tool !== "ss")
    ? { en: "submissions cannot be isolated in full", id: "program tidak dapat diisolasi sepenuhnya" }
    : {
        en: "some waits for a port take up to a minute",
        id: "menunggu port kadang memakan waktu hingga satu menit",
      };
  return warning(
    { en: `${wanted} lacks ${names}: ${use.en}.`, id: `${wanted} tidak lengkap (${names}): ${use.id}.` },
    install(wanted),
  );
}

function install(name: string): Remedy {
  return remedy(
    `Install ${name}; on Debian and Ubuntu:`,
    `Pasang ${name}; di Debian dan Ubuntu:`,
    `sudo apt install ${name}`,
  );
}

function namespacesFinding(machine: Machine, { namespaces, missing }: LinuxFacts): Finding {
  if ("as" in namespaces) {
    const as =
      namespaces.as === "root"
        ? { en: "as root", id: "sebagai root" }
        : { en: "as a user", id: "sebagai pengguna biasa" };
    return ok(
      `Namespaces (${as.en}): each submission has a network and a process table of its own.`,
      `Namespace (${as.id}): setiap kumpulan tugas punya jaringan dan tabel proses sendiri.`,
    );
  }
  const needed = missing.filter((tool) => tool === "unshare" || tool === "ip");
  if (needed.length > 0) {
    const names = needed.join(", ");
    return warning(
      {
        en: `Namespaces could not be tried without ${names}: submissions run among all other processes.`,
        id: `Namespace tidak dapat dicoba tanpa ${names}: program berjalan di antara semua proses lain.`,
      },
      remedy(`Install what is missing, ${AGAIN.en}.`, `Pasang yang belum ada, ${AGAIN.id}.`),
    );
  }
  return warning(
    {
      en: `Namespaces are denied${said(namespaces.why)}: submissions run among all other processes.`,
      id: `Namespace tidak diizinkan${said(namespaces.why)}: program berjalan di antara semua proses lain.`,
    },
    ...namespaceRemedies(machine, ASK_FOR_THEM),
  );
}

function said(why: string): string {
  return why === "" ? "" : ` (${why})`;
}

/** Settings that deny user namespaces, by the value with which they do. */
const DENIALS = [
  {
    name: "apparmor",
    denies: "1",
    words: { en: "AppArmor denies user namespaces.", id: "AppArmor menolak user namespace." },
    instead: "kernel.apparmor_restrict_unprivileged_userns=0",
  },
  {
    name: "clone",
    denies: "0",
    words: {
      en: "The kernel denies user namespaces to ordinary users.",
      id: "Kernel menolak user namespace bagi pengguna biasa.",
    },
    instead: "kernel.unprivileged_userns_clone=1",
  },
  {
    name: "most",
    denies: "0",
    words: { en: "The kernel allows no user namespaces.", id: "Kernel tidak mengizinkan user namespace satu pun." },
    // Far above what a class takes, and a tenth of what the kernel itself chooses with 4 GiB of memory.
    instead: "user.max_user_namespaces=1500",
  },
] as const;

/** Everything known here that can deny namespaces, since each of them alone does. */
function namespaceRemedies({ container, linux, release }: Machine, otherwise: Remedy): Remedy[] {
  const denials = DENIALS.filter(({ name, denies }) => linux?.settings[name] === denies);
  const found = [
    ...(isWsl1(release) ? [toWsl2()] : []),
    ...denials.map(({ words, instead }) => setting(words, instead, container)),
    ...(container ? [inContainer(container)] : []),
  ];
  return found.length > 0 ? found : [otherwise];
}

function setting({ en, id }: Text, value: string, container: Container | undefined): Remedy {
  const where = container
    ? { en: "On the container's host, until it restarts:", id: "Di host dari container, sampai dinyalakan ulang:" }
    : { en: "Until the machine restarts:", id: "Sampai mesin dinyalakan ulang:" };
  return remedy(`${en} ${where.en}`, `${id} ${where.id}`, `sudo sysctl -w ${value}`);
}

/**
 * Docker's filter of system calls denies unshare(2) to those without CAP_SYS_ADMIN, and its masks over /proc deny
 * mounting another one (docker-run(1), podman-run(1)). Which of them stand in the way differs with host and version.
 */
function inContainer(container: Container): Remedy {
  const options = {
    docker:
      "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined",
    podman: "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL",
    unknown: undefined,
  }[container];
  if (options === undefined) {
    return remedy(
      `Start the container so that it may make user namespaces and mount /proc; privileged mode often allows both, and protects the host less. Change that, ${AGAIN.en}.`,
      `Jalankan container agar boleh membuat user namespace dan melakukan mount /proc; mode privileged sering mengizinkan keduanya, tetapi mengurangi perlindungan host. Ubah itu, ${AGAIN.id}.`,
    );
  }
  return remedy(
    `Start the container with these options, ${AGAIN.en}; if they are not enough, with --privileged. Either protects the host less.`,
    `Jalankan container dengan opsi ini, ${AGAIN.id}; jika belum cukup, dengan --privileged. Keduanya mengurangi perlindungan host.`,
    options,
  );
}

const ASK_FOR_THEM = remedy(
  `Ask whoever runs this machine to allow user namespaces, ${AGAIN.en}.`,
  `Minta pengelola mesin ini mengizinkan user namespace, ${AGAIN.id}.`,
);

const LOOK_CLOSER = remedy(
  `The words in brackets say what failed; most often ordinary users may not make user namespaces. Mend it, ${AGAIN.en}.`,
  `Kata-kata dalam kurung menyebut apa yang gagal; paling sering pengguna biasa tidak boleh membuat user namespace. Perbaiki, ${AGAIN.id}.`,
);

/** WSL 1 is no Linux kernel; its release ends with `-Microsoft`, that of WSL 2 with `-microsoft-standard-WSL2`. */
export function isWsl1(release: string): boolean {
  return /-Microsoft$/.test(release);
}

export function toWsl2(): Remedy {
  return remedy(
    "WSL 2 can isolate; with the name that wsl --list shows:",
    "WSL 2 dapat mengisolasi; dengan nama yang ditampilkan wsl --list:",
    "wsl --set-version NAME 2",
  );
}

function bubblewrapFinding({ bubblewrap }: LinuxFacts): Finding {
  const without = { en: "files are not protected from submissions", id: "berkas tidak terlindung dari program" };
  if (bubblewrap === undefined) {
    return warning(
      { en: `bubblewrap is missing: ${without.en}.`, id: `bubblewrap belum ada: ${without.id}.` },
      install("bubblewrap"),
    );
  }
  if (atLeast(bubblewrap, LEAST_BUBBLEWRAP)) return ok(`bubblewrap ${bubblewrap}.`);
  return warning(
    {
      en: `bubblewrap ${bubblewrap} is too old: ${without.en}.`,
      id: `bubblewrap ${bubblewrap} terlalu lama: ${without.id}.`,
    },
    remedy(
      "Install 0.8 or newer: Debian 12, Ubuntu 24.04 and later have it.",
      "Pasang 0.8 atau lebih baru: tersedia di Debian 12, Ubuntu 24.04, dan sesudahnya.",
    ),
  );
}

/** Nothing where what is missing was told already. */
function sandboxFindings(machine: Machine, { sandbox, bubblewrap, missing }: LinuxFacts): Finding[] {
  if (!sandbox) return [];
  if (!("why" in sandbox))
    return [sandbox.python || !machine.python ? sandboxWorks(sandbox.python?.executable) : noPythonInside()];
  if (bubblewrap === undefined || !atLeast(bubblewrap, LEAST_BUBBLEWRAP)) return [];
  if (missing.some((tool) => TOOLS[tool] === "util-linux")) return [];
  return [
    warning(
      {
        en: `A sandbox cannot be built${said(sandbox.why)}: files are not protected from submissions.`,
        id: `Sandbox tidak dapat dibuat${said(sandbox.why)}: berkas tidak terlindung dari program.`,
      },
      ...namespaceRemedies(machine, LOOK_CLOSER),
    ),
  ];
}

function sandboxWorks(python: string | undefined): Finding {
  const inside = python === undefined ? "" : ` (${python})`;
  return ok(
    `A sandbox${inside} works: submissions see no file but their own and the system's.`,
    `Sandbox${inside} berfungsi: program hanya melihat berkasnya sendiri dan berkas sistem.`,
  );
}

/** As root, programs run as nobody, who cannot read a Python in root's home. */
function noPythonInside(): Finding {
  return problem(
    {
      en: "Programs in the sandbox have no Python: the one on the PATH may not be read by others.",
      id: "Program di dalam sandbox tidak punya Python: Python di PATH tidak boleh dibaca oleh pengguna lain.",
    },
    remedy(
      "Install the system's own; on Debian and Ubuntu:",
      "Pasang milik sistem; di Debian dan Ubuntu:",
      "sudo apt install python3",
    ),
  );
}
