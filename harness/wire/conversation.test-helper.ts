import { afterEach } from "vitest";
import type { Address } from "../kernel/address.ts";
import { python, server } from "../launch/program.test-helper.ts";
import type { Subject } from "../launch/subject.ts";
import { Conversation } from "./conversation.ts";
import { Patience } from "./patience.ts";
import { Recorder } from "./recorder.ts";
import type { EventOf, TranscriptEvent } from "./transcript.ts";

const KEPT_OUTPUT_BYTES = 65_536;
/** So long that no deadline decides a test that does not ask for one. */
export const LONG_MS = 20_000;

const open: Conversation[] = [];
afterEach(() => {
  for (const conversation of open.splice(0)) conversation.close();
});

/**
 * A conversation whose deadline is `replyMs`.
 * @param slowestMs what an echo takes on the machine, which counts when a deadline is about to decide
 */
export function newConversation(replyMs = LONG_MS, slowestMs = 0): Conversation {
  const conversation = new Conversation(
    new Recorder(KEPT_OUTPUT_BYTES),
    new Patience(async () => slowestMs, replyMs / new Patience(async () => 0).replyMs),
  );
  open.push(conversation);
  return conversation;
}

export interface Meeting {
  readonly conversation: Conversation;
  readonly subject: Subject;
  readonly address: Address;
}

/** Starts a server that listens on the port of its first argument, and a conversation with it. */
export async function meet(
  source: string,
  {
    replyMs = LONG_MS,
    slowestMs = 0,
    run = python,
  }: { replyMs?: number; slowestMs?: number; run?: typeof python } = {},
): Promise<Meeting> {
  const { subject, address } = await server(source, run);
  const conversation = newConversation(replyMs, slowestMs);
  conversation.attach(subject);
  return { conversation, subject, address };
}

export function eventsOf<T extends TranscriptEvent["type"]>({ recorder }: Conversation, type: T): EventOf<T>[] {
  return recorder.events.filter((event): event is EventOf<T> => event.type === type);
}
