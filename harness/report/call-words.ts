import type { Language } from "../text.ts";
import type { CallAtEvent } from "../trace/source-calls.ts";
import type { Place, TracedCall } from "../trace/trace.ts";

export function placeWords({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** E.g. `server.py:14 recv(65535) -> 5 bytes`. Names of files are the student's: not yet harmless. */
export function callWords({ call, times, waiting }: CallAtEvent, language: Language): string {
  const outcome = waiting ? ` ${WAITS[language]}` : outcomeWords(call, language);
  return `${placeWords(call.place)} ${nameWords(call)}${outcome}${times > 1 ? ` x${times}` : ""}`;
}

/** Node calls these by themselves: they are events. */
const EVENTS: readonly TracedCall["call"][] = ["data", "connection"];

function nameWords({ call, asked }: TracedCall): string {
  return EVENTS.includes(call) ? `'${call}'` : `${call}(${asked ?? ""})`;
}

function outcomeWords({ ended }: TracedCall, language: Language): string {
  if (ended?.error !== undefined) return ` -> ${ended.error}`;
  if (ended?.bytes === undefined) return "";
  return ` -> ${ended.bytes} byte${ended.bytes === 1 || language === "id" ? "" : "s"}`;
}

const WAITS = { en: "waits", id: "menunggu" } as const;
