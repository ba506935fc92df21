import type { PairCheck } from "../check.ts";
import { check as tcp } from "../pair/three-clients-one-server.ts";

export const check: PairCheck = {
  ...tcp,
  why: {
    en: "Client and server must agree on address and port. One socket of the server answers all clients, each at the address that its datagram came from.",
    id: "Klien dan server harus sepakat tentang alamat dan port. Satu socket di sisi server membalas semua klien, masing-masing ke alamat asal datagramnya.",
  },
  requirement: "udp-pair",
  cites: [{ source: "lecture", quote: "Port klien 1: 45576" }],
};
