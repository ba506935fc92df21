import type { ClientCheck } from "../check.ts";
import { check as tcp } from "../tcp-client/ends-on-its-own.ts";

export const check: ClientCheck = {
  ...tcp,
  why: {
    en: "A UDP client has one datagram to wait for: the reply. When it has come, it closes its socket and ends.",
    id: "Klien UDP hanya menunggu satu datagram: balasannya. Setelah tiba, klien menutup socket dan berhenti.",
  },
  requirement: "udp-client-ends",
  cites: [{ source: "lecture", quote: "s.close()" }],
  after: ["sends-where-asked"],
  stimulate: { observes: "sends-where-asked" },
};
