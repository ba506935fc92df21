import type { AssignmentFile } from "../schema.ts";
import { UDP_CLIENT_REQUIREMENTS, UDP_PAIR_REQUIREMENTS, UDP_SERVER_REQUIREMENTS } from "./requirements.ts";

/**
 * A UDP echo server and client. Datagrams of up to 8192 bytes have to come back whole: as many as Python's socketserver
 * takes.
 */
export const udpEcho = {
  name: "udp-echo",
  title: { en: "UDP echo server and client", id: "Server dan klien echo UDP" },
  contract: "stream",
  bufferBytes: 8192,
  address: { host: "127.0.0.1", port: 5000, passed: "fixed" },
  client: { message: "argv", printsReply: true },
  programs: { "udp-server": {}, "udp-client": {} },
  requirements: [...UDP_SERVER_REQUIREMENTS, ...UDP_CLIENT_REQUIREMENTS, ...UDP_PAIR_REQUIREMENTS].map((one) => ({
    id: one.id,
    text: one.text,
    points: one.points,
  })),
} satisfies AssignmentFile;
