import type { Probe } from "../wire/probe.ts";
import type { ServerScene } from "./check.ts";

/** The check that makes up conversations. */
export const EXPLORATION = "tcp-server/echoes-in-any-conversation";

/** What some clients do, from their connection to their end. At the end each that has not yet finished does, in turn. */
export interface Plan {
  /** 1 or 2. */
  readonly clients: number;
  readonly acts: readonly Act[];
}

export interface Act {
  /** Counted from 0. */
  readonly client: number;
  /** What it sends in one write; without it the client finishes (FIN). */
  readonly bytes?: Uint8Array;
  /** The next act follows before the program can run; else once it has read this one and answered, or never will. */
  readonly withNext: boolean;
}

/** Acts out a plan. Whoever sends what it may not send any more does nothing. */
export async function hold(plan: Plan, { connect, conversation }: ServerScene): Promise<void> {
  const probes: Probe[] = [];
  const come = async (): Promise<void> => {
    const probe = await connect();
    probes.push(probe);
    if (!probe.connected && !probe.refused) conversation.recorder.add({ type: "not-achieved", why: "not-delivered" });
  };
  // One is accepted before another comes: no program need let more than one wait.
  for (let client = 0; plan.clients > 1 && client < plan.clients; client++) {
    await come();
    await conversation.rest();
  }
  for (const group of groups(plan.acts)) {
    const stopped = group.length > 1 && process.platform !== "win32";
    if (stopped) await conversation.subject.pause();
    if (probes.length === 0) await come();
    for (const { client, bytes } of group) {
      if (bytes) probes[client]?.send(bytes);
      else await probes[client]?.halfClose();
    }
    if (stopped) conversation.subject.resume();
    for (const probe of new Set(group.flatMap(({ client }) => probes[client] ?? []))) await settle(probe);
  }
  for (const probe of probes) {
    await probe.halfClose();
    await conversation.ending(probe);
  }

  async function settle(probe: Probe): Promise<void> {
    if (probe.sent > probe.received && (await conversation.read(probe)) !== "met") return;
    await (probe.halfClosed ? conversation.ending(probe) : conversation.receive(probe, probe.sent));
    await conversation.rest();
  }
}

function groups(acts: readonly Act[]): Act[][] {
  const found: Act[][] = [[]];
  for (const act of acts) {
    found.at(-1)?.push(act);
    if (!act.withNext) found.push([]);
  }
  return found.filter((group) => group.length > 0);
}
