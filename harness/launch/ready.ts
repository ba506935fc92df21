import { setTimeout as pollAgain } from "node:timers/promises";
import type { Protocol } from "../assignment/assignment.ts";
import type { Address, ListeningSocket } from "../kernel/address.ts";
import { Allowance } from "../kernel/allowance.ts";
import { asleep, type BlockedCall, blockedForever } from "../kernel/blocked.ts";
import { listeningPaths, listeningSockets } from "../kernel/listeners.ts";
import { queuedMs, threadTimes } from "../kernel/processes.ts";
import type { Subject } from "./subject.ts";

export type Readiness =
  | { readonly type: "listening"; readonly sockets: readonly ListeningSocket[] }
  | {
      readonly type: "not-listening";
      readonly why: "exited" | "blocked" | "deadline";
      readonly blocked: readonly BlockedCall[];
      /** It listens at these files, by Unix sockets. */
      readonly paths?: readonly string[];
    };

/** The kernel sends no event when a process begins to listen. Python needs 58 ms, Node 105 ms until then. */
const ASK_AGAIN_MS = process.platform === "linux" ? 2 : 100;
/** A program that has not listened for a while is asked less and less often, a hundredth of the time it took so far. */
const ASK_AGAIN_SHARE = 0.01;
/** A program that listens somewhere else gets this long, once asleep, to open the port that was asked for. */
const ELSEWHERE_MS = 500;
/** Two looks this far apart must agree before a program is said never to listen. */
const LOOKS_APART_MS = 20;
/** A program that cannot get a processor is waited for so many times as long at most. */
const CROWDED_AT_MOST = 6;

/** A program that does not sleep by then computes or polls, and will go on. */
const SETTLED_MS = 500;

/** Waits until the subject sleeps, most often in the call that waits for clients, or has ended on the way there. */
async function settled(subject: Subject): Promise<void> {
  const allowance = new Allowance(() => subject.processes(), SETTLED_MS);
  while (process.platform === "linux" && subject.exit === undefined && !allowance.isSpent) {
    if (asleep(subject.processes())) return;
    await Promise.race([pollAgain(ASK_AGAIN_MS), subject.exited]);
  }
}

/**
 * Waits until the subject listens on `wanted`'s port, without a connection or a datagram: that is a client, and would use
 * up the only accept of a one-shot server. Ends early when the subject exits, when it is proved blocked for
 * ever, or when it sleeps while listening elsewhere.
 * @param limitMs how long it may take; the time that it waits for a processor does not count
 */
export async function waitUntilListening(
  subject: Subject,
  wanted: Address,
  limitMs: number,
  wantedProtocol: Protocol = "tcp",
): Promise<Readiness> {
  const start = performance.now();
  let elsewhereSince: number | undefined;
  let stuck: { signature: string; since: number } | undefined;
  for (;;) {
    const ended = subject.exit !== undefined;
    const asWanted = ({ protocol, port }: ListeningSocket) => protocol === wantedProtocol && port === wanted.port;
    const sockets = await listeningSockets(subject.processes());
    if (sockets.some(asWanted)) {
      await settled(subject);
      const still = await listeningSockets(subject.processes());
      if (still.some(asWanted)) return { type: "listening", sockets: still };
    }
    if (ended && subject.allProcesses().length === 0) return { type: "not-listening", why: "exited", blocked: [] };

    const now = performance.now();
    if (sockets.length > 0) {
      elsewhereSince ??= now;
      const waited = blockedForever(subject.processes()) !== undefined || now - elsewhereSince > ELSEWHERE_MS;
      // Asked again: it may have opened the port and gone to sleep since.
      if (waited && asleep(subject.processes()))
        return { type: "listening", sockets: await listeningSockets(subject.processes()) };
    }
    const rest = blockedForever(subject.processes());
    if (rest?.signature !== stuck?.signature) stuck = rest && { signature: rest.signature, since: now };
    if (rest && stuck && now - stuck.since > LOOKS_APART_MS) {
      // Looked at before: who sleeps for ever begins no more to listen.
      const resting = blockedForever(subject.allProcesses());
      const all = await listeningSockets(subject.allProcesses());
      if (all.length > 0) return { type: "listening", sockets: all };
      const rests = resting && blockedForever(subject.allProcesses())?.signature === resting.signature;
      if (rests) return notListening(subject, "blocked", rest.calls);
    }
    const crowdedMs = now - start > limitMs ? queuedMs(threadTimes(subject.processes())) : 0;
    if (now - start > Math.min(limitMs + crowdedMs, limitMs * CROWDED_AT_MOST)) {
      return sockets.length > 0 ? { type: "listening", sockets } : notListening(subject, "deadline", []);
    }
    const pause = Math.max(ASK_AGAIN_MS, (now - start) * ASK_AGAIN_SHARE);
    await Promise.race([pollAgain(pause), ended ? pollAgain(pause) : subject.exited]);
  }
}

function notListening(subject: Subject, why: "blocked" | "deadline", blocked: readonly BlockedCall[]): Readiness {
  const paths = listeningPaths(subject.allProcesses());
  return { type: "not-listening", why, blocked, ...(paths.length > 0 && { paths }) };
}
