import { formatAddress } from "../kernel/address.ts";
import type { Language, Text } from "../text.ts";
import type { Row } from "./conversation-rows.ts";
import type { ArrowEvent } from "./event-words.ts";
import { harmless, printableBytes } from "./harmless.ts";
import { cut } from "./style.ts";

/** What stands on an arrow, or for a UDP socket that is ready: harmless, on one line, at most `room` columns (from 16 on). */
export function arrowWords(event: ArrowEvent, read: boolean, room: number, language: Language): string {
  switch (event.type) {
    case "connected":
      return event.protocol === "udp"
        ? cut(harmless(`UDP ${formatAddress(event.local)} - ${formatAddress(event.remote)}`), room)
        : "connect";
    case "unreachable":
      return UNREACHABLE[language];
    case "not-connected":
      return cut(harmless(`connect: ${event.code}`), room);
    case "sent":
    case "received":
      return quoted(event.bytes, room, size(event.bytes.length, language) + (read ? READ[language] : ""));
    case "body-sent":
    case "body-received":
      return size(event.length, language);
    case "half-closed":
    case "ended":
      return "FIN";
    case "reset":
      return "RST";
    case "closed":
      return event.by === "rst" ? "RST" : CLOSED[language];
  }
}

/** What stands for rows that are left out. */
export function foldWords({ count, bytes }: Extract<Row, { kind: "fold" }>, language: Language): string {
  const more = `... ${count} ${MORE[language]}`;
  return bytes > 0 ? `${more}, ${size(bytes, language)}` : more;
}

/** `'abc' 3 bytes, read`; the quoted part is shortened to what the room allows. */
function quoted(bytes: Uint8Array, room: number, size: string): string {
  // No byte takes more than four columns, none less than one: longer prefixes could not be shown anyway.
  const text = printableBytes(bytes.subarray(0, room));
  const shown = cut(text, Math.max(4, room - size.length - 3));
  return `'${shown}' ${size}`;
}

function size(length: number, language: Language): string {
  return `${length} byte${length === 1 || language === "id" ? "" : "s"}`;
}

const READ: Text = { en: ", read", id: ", dibaca" };
const UNREACHABLE: Text = { en: "nobody there (ICMP)", id: "tidak ada siapa pun (ICMP)" };
const CLOSED: Text = { en: "close", id: "tutup" };
const MORE: Text = { en: "more", id: "lagi" };
