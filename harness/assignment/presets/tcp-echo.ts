import type { AssignmentFile } from "../schema.ts";
import { CLIENT_REQUIREMENTS, PAIR_REQUIREMENTS, SERVER_REQUIREMENTS } from "./requirements.ts";

/** An echo server and client as RFC 862 describes them; the client takes its message as an argument. */
export const tcpEcho = {
  name: "tcp-echo",
  title: { en: "TCP echo server and client", id: "Server dan klien echo TCP" },
  contract: "stream",
  address: { host: "127.0.0.1", port: 5000, passed: "fixed" },
  client: { message: "argv", printsReply: true },
  programs: { "tcp-server": {}, "tcp-client": {} },
  requirements: [...SERVER_REQUIREMENTS, ...CLIENT_REQUIREMENTS, ...PAIR_REQUIREMENTS].map((one) => ({
    id: one.id,
    text: one.text,
    points: one.points,
  })),
} satisfies AssignmentFile;
