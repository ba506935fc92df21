import { fileURLToPath } from "node:url";
import type { Inside, SlotAnswer, SlotNews, SlotOrder } from "../grade/slot-messages.ts";
import { findSandbox } from "../launch/isolation/sandbox.ts";
import { ownWorld, Slot } from "../launch/isolation/slot.ts";
import { ownFile } from "../own-file.ts";
import type { Text } from "../text.ts";
import { EXIT, UserError } from "../user-error.ts";

export type GemaSlot = Slot<SlotOrder, SlotAnswer, SlotNews>;

/**
 * @param world how to start it in a world of its own; empty for a process among all others
 * @param alone no other slot is at work
 */
export function newSlot(world: readonly string[], alone = false): GemaSlot {
  return new Slot(world, fileURLToPath(ownFile("cli/slot-worker.js")), alone);
}

export type IsolationWish = "auto" | "require" | "none";

/** Where programs run: among all others, or each submission's in a world of its own. */
export type Surroundings =
  | { readonly inside: Inside; readonly world?: never }
  | { readonly inside: Inside; readonly world: readonly string[] };

/**
 * The best that this machine can give, tried out.
 * @throws UserError when full isolation is required and cannot be had
 */
export async function surroundingsFor(wish: IsolationWish): Promise<Surroundings> {
  const world = await worldFor(wish);
  const inside = await insideOf(world ?? [], wish);
  return world ? { world, inside } : { inside };
}

/** A slot for one submission, and how programs can be launched there. */
export interface OpenSlot {
  readonly slot: GemaSlot;
  readonly inside: Promise<Inside>;
}

/**
 * Starts a slot, which takes a quarter of a second. `undefined` where it can have no world of its own.
 * @throws UserError when isolation is required and cannot be had, here or by `inside`
 */
export async function openSlot(wish: IsolationWish): Promise<OpenSlot | undefined> {
  const world = await worldFor(wish);
  if (!world) return undefined;
  const inside = insideOf(world, wish);
  inside.catch(() => {}); // it is told to whoever asks for it
  return { slot: newSlot(world, true), inside };
}

/** Where slots can be started, and how. */
export async function worldFor(wish: IsolationWish): Promise<readonly string[] | undefined> {
  const world = wish === "none" ? undefined : await ownWorld();
  if (!world && wish === "require") throw notIsolated(NO_WORLD);
  return world;
}

/** How programs can be launched there. */
export async function insideOf(world: readonly string[], wish: IsolationWish): Promise<Inside> {
  if (world.length === 0) return { isolation: "none" };
  const tried = await findSandbox(world);
  if (!("why" in tried)) return { isolation: "full", sandbox: tried };
  if (wish === "require") throw notIsolated(noSandbox(tried.why));
  return { isolation: "partial" };
}

const NO_WORLD: Text = {
  en: "This machine cannot give programs a network and a process table of their own: it takes Linux with util-linux (unshare), iproute2 (ip) and user namespaces; on Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.",
  id: "Mesin ini tidak dapat memberi program jaringan dan tabel proses sendiri: diperlukan Linux dengan util-linux (unshare), iproute2 (ip), dan user namespace; di Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.",
};

function noSandbox(why: string): Text {
  return {
    en: `This machine cannot keep programs from its files: it takes bubblewrap 0.8 or later (apt install bubblewrap). The attempt said: ${why}`,
    id: `Mesin ini tidak dapat melindungi berkasnya dari program: diperlukan bubblewrap 0.8 atau lebih baru (apt install bubblewrap). Hasil percobaan: ${why}`,
  };
}

function notIsolated(what: Text): UserError {
  const help = {
    en: "gema doctor says more. Or leave out --isolation require.",
    id: "gema doctor menjelaskan lebih lanjut. Atau jangan pakai --isolation require.",
  };
  return new UserError({ code: "not-isolated", what, help, exit: EXIT.broken });
}
