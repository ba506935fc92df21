import type { Verdict } from "../../checks/verdict.ts";
import type { Isolation } from "../../launch/subject.ts";

/**
 * What was seen of a machine: plain data, so that what is said about every system can be tested on one. Nothing in it is a
 * judgement.
 */
export interface Machine {
  /** As in `process.platform`. */
  readonly platform: string;
  /** The kernel's, as in `os.release()`; WSL says so there. */
  readonly release: string;
  /** As in `process.arch`. */
  readonly architecture: string;
  /** As in `process.versions.node`. */
  readonly node: string;
  readonly python?: FoundPython;
  readonly container?: Container;
  /** Only on Linux. */
  readonly linux?: LinuxFacts;
  readonly port: PortFacts;
  readonly temp: TempFacts;
}

export interface FoundPython {
  readonly executable: string;
  /** E.g. `3.11.7`. */
  readonly version: string;
}

export type Container = "docker" | "podman" | "unknown";

/** What isolation is made of, and the package it comes in. */
export const TOOLS = {
  unshare: "util-linux",
  setpriv: "util-linux",
  prlimit: "util-linux",
  choom: "util-linux",
  ip: "iproute2",
  ss: "iproute2",
} as const;
export type Tool = keyof typeof TOOLS;

export interface LinuxFacts {
  readonly missing: readonly Tool[];
  /** Its version, e.g. `0.8.0`. */
  readonly bubblewrap?: string;
  readonly namespaces: { readonly as: "root" | "user" } | { readonly why: string };
  /** Only where there are namespaces. `python`: what programs inside can use. */
  readonly sandbox?: { readonly python?: FoundPython } | { readonly why: string };
  readonly settings: KernelSettings;
}

/** Contents of files in /proc/sys; absent where the kernel has no such setting. */
export interface KernelSettings {
  /** `kernel/apparmor_restrict_unprivileged_userns`, on Ubuntu since 23.10; `1` denies. */
  readonly apparmor?: string;
  /** `kernel/unprivileged_userns_clone`, on Debian and its kin; `0` denies. */
  readonly clone?: string;
  /** `user/max_user_namespaces`, namespaces(7); `0` denies. */
  readonly most?: string;
}

/** Who listens at the lecture's address. */
export type PortFacts =
  | { readonly free: true }
  /** `holder`: `PID (command line)`, where we may see it. */
  | { readonly free: false; readonly holder?: string };

export type TempFacts = { readonly folder: string } & ({ readonly freeBytes: number } | { readonly why: string });

export interface ClockFacts {
  /** The smallest difference of two readings of the monotonic clock. */
  readonly stepMs: number;
  /** How far the time of day went ahead of the monotonic clock, or behind it, while Gema looked. */
  readonly jumpMs: number;
}

/** The reference server, graded. */
export interface Trial {
  readonly isolation: Isolation;
  readonly wallMs: number;
  readonly outcome: { readonly checks: readonly TriedCheck[] } | { readonly broke: string };
}

export interface TriedCheck {
  readonly id: string;
  readonly verdict: Verdict;
}
