import { connectionEnds, type SocketRow } from "../kernel/socket-table.ts";
import { EXIT_MS } from "../wire/conversation.ts";
import type { Probe } from "../wire/probe.ts";
import { FIN_ARRIVED, unreadBytes } from "../wire/silence.ts";
import { typeText } from "../wire/typing.ts";
import type { ClientScene } from "./check.ts";
import { launches, reacts, shown, showsBeginning, showsText, waitsForInput } from "./client-reading.ts";
import { all, has, last } from "./reading.ts";

/** What checks of a client do as its server. Everything here acts, nothing judges. */

const A_FEW = 50;
const MANY = 300;
const QUICK_MS = 10_000;
const LONG_MS = 30_000;

/** A time limit of 10 s that nobody cancels keeps a program of Node's alive after all is done. */
const TIMER_MS = 10_000;

/** A client that has said so many things, in so long a time, may come to an end yet; others go on for ever. */
export function mayComeToAnEnd(said: number, ms: number): boolean {
  return said < MANY && ms < (said < A_FEW ? LONG_MS : QUICK_MS);
}

/** Connections that a check answers in its own way. */
const ofCheck = new WeakSet<Probe>();

/** From now on nobody but the check itself answers on this connection. */
export function answerOneself(probe: Probe): void {
  ofCheck.add(probe);
}

/**
 * Starts the client and hears what it has to say: the connection that brought the whole message, after which the
 * client does nothing until it is answered. `undefined` when no message came or the client is gone already.
 *
 * @param message what the client is told to send, where the check chooses that
 */
export async function hear(scene: ClientScene, message?: Buffer): Promise<Probe | undefined> {
  const { conversation } = scene;
  const earlier = conversation.probes.length;
  await scene.run(message);
  const speaker = (): Probe | undefined => conversation.probes.slice(earlier).find(({ received }) => received > 0);
  const expected = (message ?? scene.message ?? fixedText(scene))?.length ?? 1;
  const complete = (): boolean => (speaker()?.received ?? 0) >= expected;
  const over = (): boolean => speaker()?.over === true || conversation.datagrams.length > 0 || hasEnded(scene);
  await untilItSpeaks(scene, () => complete() || over());
  const probe = speaker();
  if (!probe) return undefined;
  answerOneself(probe);
  await conversation.allSaid();
  return (await isGone(scene)) || hasClosed(probe) ? undefined : probe;
}

/** Waits until `said`. A client that reads its input to the end says nothing before that. */
export async function untilItSpeaks(scene: ClientScene, said: () => boolean, atLeastMs = 0): Promise<void> {
  const outlast = atLeastMs > 0 ? { outlastMs: TIMER_MS } : {};
  if ((await scene.conversation.until(said, { atLeastMs, mayComputeMs: 0, ...outlast })) === "met") return;
  await endTerminal(scene, said);
}

function fixedText({ contract }: ClientScene): Buffer | undefined {
  const { message } = contract.client;
  return message.by === "fixed" && message.text !== undefined ? Buffer.from(message.text) : undefined;
}

/** Also where there was nothing to start. */
export function hasEnded({ conversation }: ClientScene): boolean {
  return has(conversation.recorder.events, "not-started") || conversation.subject.exit !== undefined;
}

/** After `rest`: a client whose processes are gone is waited for, so that its end is written down before what follows. */
export async function isGone(scene: ClientScene): Promise<boolean> {
  if (scene.conversation.subject.processes().length === 0) await scene.conversation.exit();
  return hasEnded(scene);
}

/** Sends what the client said and has not got back; in one-shot the server closes after that. */
export function echo({ contract }: ClientScene, probe: Probe): void {
  answer(contract.kind, probe, probe.bytes.subarray(probe.sent));
}

/** Sends `reply`; in one-shot the server closes after that. */
export function answer(kind: ClientScene["contract"]["kind"], probe: Probe, reply: Buffer): void {
  probe.send(reply);
  if (kind === "one-shot") probe.halfClose();
}

/**
 * Waits until the client has read all that `probe` sent, and writes that down. `false` where the kernel did not say
 * so: a quick client has closed before anybody looks.
 */
export async function untilRead({ conversation }: ClientScene, probe: Probe): Promise<boolean> {
  let lying: number | undefined;
  const read = (): boolean => {
    lying = unread(probe);
    return lying === 0;
  };
  const over = (): boolean => conversation.subject.exit !== undefined || hasClosed(probe);
  await conversation.until(() => read() || over(), { progress: () => lying ?? 0 });
  if (lying === 0) conversation.recorder.add({ type: "read-by-subject", peer: probe.name, bytes: probe.sent });
  return lying === 0;
}

/** Bytes that `probe` sent and the client has not read; `undefined` where the kernel cannot say. */
export function unread(probe: Probe): number | undefined {
  const ends = bothEnds(probe);
  if (!ends || ends.theirs.inode === 0) return undefined;
  const { ours, theirs } = ends;
  // Its acknowledgement of our FIN may be delayed.
  if (FIN_ARRIVED.has(theirs.state)) return unreadBytes(theirs);
  return probe.unsent + ours.txQueue + theirs.rxQueue;
}

/** The client has closed its socket altogether; a client that has only finished sending has not. */
export function hasClosed(probe: Probe): boolean {
  if (probe.wasReset || probe.closed) return true;
  if (process.platform !== "linux") return false;
  const ends = bothEnds(probe);
  return !ends || ends.theirs.inode === 0;
}

function bothEnds({ local, remote }: Probe): { ours: SocketRow; theirs: SocketRow } | undefined {
  if (process.platform !== "linux" || !local || !remote) return undefined;
  const { ours, theirs } = connectionEnds(local, remote);
  return ours && theirs && { ours, theirs };
}

/**
 * Answers in pieces, each once the client has read the one before by itself. A client that has closed its socket after
 * one is not sent the next.
 *
 * @param cuts where the second piece begins, and each after that
 */
export async function answerInPieces(
  scene: ClientScene,
  probe: Probe,
  reply: Buffer,
  cuts: readonly number[],
): Promise<void> {
  const { conversation, contract } = scene;
  let from = 0;
  for (const cut of cuts) {
    probe.send(reply.subarray(from, cut));
    from = cut;
    const read = await untilRead(scene, probe);
    await conversation.allSaid();
    if ((await isGone(scene)) || hasClosed(probe)) return;
    if (!read) {
      conversation.recorder.add({
        type: "not-achieved",
        why: process.platform === "linux" ? "segmentation-not-seen" : "needs-linux",
      });
      return;
    }
  }
  answer(contract.kind, probe, reply.subarray(from));
  await untilRead(scene, probe);
}

/** The server leaves a client that stays and does not show its reply: one that collects until then shows it now. */
export async function leaveSilentOne(scene: ClientScene, probe: Probe): Promise<void> {
  const { events } = scene.conversation.recorder;
  if (hasEnded(scene) || !isOpen(probe) || showsBeginning(shown(events), probe.bytes)) return;
  probe.halfClose();
  await seeOff(scene);
}

/**
 * Waits until the client and its connections are gone, or it is certain that it stays. On the way its FIN is answered
 * with ours, and a client that goes on with a new connection finds an ordinary server there.
 *
 * @param options.echoing what it says on the connection that was heard is sent back, too
 * @param options.shows a client that has printed this has done all that matters, and need not end
 * @param options.hasItsReply it may look at the clock before it ends, and is waited for as long as one that has closed
 * @param options.atMostMs how long it is waited for, though it goes on to do something
 */
export async function seeOff(
  scene: ClientScene,
  options: { echoing?: boolean; shows?: Buffer | undefined; hasItsReply?: boolean; atMostMs?: number } = {},
): Promise<void> {
  const { conversation } = scene;
  const answered = new Set<Probe>();
  let echoes = 0;
  const began = performance.now();
  const waits = (probe: Probe): boolean => isOpen(probe) && probe.received > probe.sent;
  const due = (): Probe[] =>
    mayComeToAnEnd(echoes, performance.now() - began) && !hasEnded(scene)
      ? conversation.probes.filter((probe) => waits(probe) && (options.echoing || !ofCheck.has(probe)))
      : [];
  const finished = (): Probe[] => conversation.probes.filter((probe) => probe.ended && !answered.has(probe));
  const gone = (): boolean => hasEnded(scene) && conversation.probes.every(({ over }) => over);
  const satisfied = (): boolean =>
    options.shows !== undefined &&
    conversation.subject.exit === undefined &&
    showsText(shown(conversation.recorder.events), options.shows);
  for (;;) {
    // A client that has closed its connection may do something else before it ends.
    const leaves = conversation.probes.length > 0 && conversation.probes.every(({ over }) => over);
    const mayEndByItself = leaves || options.hasItsReply;
    const outcome = await conversation.until(() => gone() || satisfied() || due().length > 0 || finished().length > 0, {
      ...(mayEndByItself && { atLeastMs: EXIT_MS, outlastMs: TIMER_MS }),
      mayComputeMs: 0,
      ...(options.atMostMs !== undefined && { atMostMs: options.atMostMs }),
    });
    for (const probe of due()) {
      echoes++;
      echo(scene, probe);
    }
    for (const probe of finished()) {
      answered.add(probe);
      probe.halfClose();
    }
    if (outcome !== "met" && !conversation.probes.some(isOpen)) await endTerminal(scene);
    if (outcome !== "met" || gone() || satisfied()) return;
  }
}

/**
 * Ends the input of a client that sleeps and asks nothing. Its terminal is a pipe here, and that alone keeps Node alive
 * after `readline` was closed; at a real terminal it ends by itself. Who reads its input to the end has said nothing
 * since its line was typed, and waits for more: there a person types Ctrl-D.
 */
export async function endTerminal(scene: ClientScene, until = () => hasEnded(scene)): Promise<void> {
  const { conversation, contract } = scene;
  const silence = last(conversation.recorder.events, "silent");
  if (hasEnded(scene) || contract.client.message.by !== "stdin" || !silence?.proved) return;
  if (waitsForInput(silence) && !saysNothingMore(scene)) return;
  await endInput(scene, until);
}

/** It was typed a line, and has neither printed nor sent anything since. */
function saysNothingMore({ conversation }: ClientScene): boolean {
  const { events } = conversation.recorder;
  const typed = events.findLastIndex(({ type }) => type === "typed");
  const since = events.slice(typed + 1);
  return typed >= 0 && !["stdout", "stderr", "received"].some((type) => since.some((event) => event.type === type));
}

/** Once a launch. */
export async function endInput(scene: ClientScene, until = () => hasEnded(scene)): Promise<void> {
  const { conversation } = scene;
  const { events } = conversation.recorder;
  if (has(events.slice(events.findLastIndex(({ type }) => type === "started")), "input-ended")) return;
  conversation.recorder.add({ type: "input-ended" });
  conversation.subject.endInput();
  await conversation.until(until);
}

/**
 * Types the message once more for a client that sleeps and is not seen to read its input: one that asks for the next
 * line by events takes it. `false` when nothing was typed.
 */
async function typeAgain(scene: ClientScene): Promise<boolean> {
  const { conversation, contract } = scene;
  const { recorder, subject } = conversation;
  const { message } = contract.client;
  const silence = last(recorder.events, "silent");
  if (hasEnded(scene) || message.by !== "stdin" || !silence?.proved || waitsForInput(silence)) return false;
  const lines = all(launches(recorder.events).at(-1) ?? [], "typed").slice(-message.lines.length);
  if (lines.length === 0) return false;
  const before = recorder.events.length;
  for (const { text } of lines) typeText(subject, text, recorder);
  await conversation.until(() => hasEnded(scene) || reacts(recorder.events.slice(before)));
  return true;
}

function isOpen(probe: Probe): boolean {
  return !probe.halfClosed && !probe.closed && !probe.wasReset;
}

/**
 * A whole ordinary conversation. A client that stays is left by the server in the end: what it does then tells one that
 * waited for that from one that stays anyway. Also a client with a UDP socket is heard, so that it can be told.
 */
export async function talk(scene: ClientScene): Promise<void> {
  const { conversation } = scene;
  await scene.serve(() => {});
  await scene.serveDatagrams(() => {});
  const probe = await hear(scene);
  if (conversation.datagrams.length > 0) return;
  if (probe) {
    echo(scene, probe);
    await untilRead(scene, probe);
  }
  await seeOff(scene, { echoing: probe !== undefined, hasItsReply: probe !== undefined });
  if (conversation.probes.some(isOpen) && (await typeAgain(scene))) await seeOff(scene, { echoing: true });
  if (!hasEnded(scene) && conversation.probes.some(isOpen)) {
    for (const open of conversation.probes) open.halfClose();
    await seeOff(scene, { atMostMs: Math.max(EXIT_MS, conversation.patience.replyMs) });
  }
  if (hasEnded(scene) || scene.contract.client.message.by !== "stdin") return;
  await endInput(scene);
  await seeOff(scene);
}
