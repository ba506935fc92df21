import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";

/** What a person would do at the probe's end, one statement each. */
export type Step = { readonly peer: string } & (
  | { readonly do: "connect" | "accept" | "receive" | "finish" | "close" | "linger" }
  /** `linger` makes the close that follows it a RST. */
  /** `pieces` were sent one by one with nothing between them; `bytes` is their concatenation. */
  | { readonly do: "send"; readonly pieces: readonly Uint8Array[]; readonly bytes: Uint8Array }
  | { readonly do: "body"; readonly length: number }
);

/** The probe's acts as a client, and the moments at which it looked for an answer. */
export function serverSteps(transcript: Transcript): Step[] {
  return steps(transcript, "connect");
}

/** The probe's acts as a server. */
export function clientSteps(transcript: Transcript): Step[] {
  return steps(transcript, "accept");
}

function steps(transcript: Transcript, open: "connect" | "accept"): Step[] {
  const steps: Step[] = [];
  for (const event of transcript) {
    if (event.type === "silent") steps.push(...unanswered(steps));
    else addStep(steps, event, open);
  }
  // What the probe did to tidy up shows nobody anything; ending the script does it too.
  const last = steps.findLastIndex((step) => step.do !== "close" && step.do !== "linger" && step.do !== "finish");
  const lookedAt = steps[last]?.do === "receive";
  return lookedAt ? steps.slice(0, last + 1) : steps;
}

function addStep(steps: Step[], event: TranscriptEvent, open: "connect" | "accept"): void {
  switch (event.type) {
    case "connected":
      steps.push({ do: open, peer: event.peer });
      break;
    case "sent":
      addPiece(steps, event.peer, event.bytes);
      break;
    case "body-sent":
      steps.push({ do: "body", peer: event.peer, length: event.length });
      break;
    case "received":
    case "body-received":
      // However many segments arrived, one look shows them.
      if (lastOf(steps, event.peer)?.do !== "receive") steps.push({ do: "receive", peer: event.peer });
      break;
    case "ended":
    case "reset":
    case "unreachable":
      steps.push({ do: "receive", peer: event.peer });
      break;
    case "half-closed":
      steps.push({ do: "finish", peer: event.peer });
      break;
    case "closed":
      if (event.by === "rst") steps.push({ do: "linger", peer: event.peer });
      steps.push({ do: "close", peer: event.peer });
      break;
  }
}

function addPiece(steps: Step[], peer: string, bytes: Uint8Array): void {
  const last = steps.at(-1);
  if (last?.do !== "send" || last.peer !== peer) {
    steps.push({ do: "send", peer, pieces: [bytes], bytes });
    return;
  }
  steps[steps.length - 1] = { ...last, pieces: [...last.pieces, bytes], bytes: Buffer.concat([last.bytes, bytes]) };
}

/** Silence is seen by hand as a `recv` that times out. */
function unanswered(steps: readonly Step[]): Step[] {
  const peers = [...new Set(steps.map((step) => step.peer))];
  const waiting = peers.filter((peer) => ["send", "body", "finish"].includes(lastOf(steps, peer)?.do ?? ""));
  return waiting.map((peer) => ({ do: "receive", peer }));
}

function lastOf(steps: readonly Step[], peer: string): Step | undefined {
  return steps.findLast((step) => step.peer === peer);
}
