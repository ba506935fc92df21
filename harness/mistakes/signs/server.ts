import { datagramsOf, repliesGoAstray } from "../../checks/datagram-echo.ts";
import { last, measured, peers } from "../../checks/reading.ts";
import { exchanges, isFromAnother } from "../exchange.ts";
import type { Sign } from "./sign.ts";

/**
 * It did not wait in a send, and what came back was right as far as it came: a program that keeps what it could not send
 * has thrown that away when the client had finished.
 */
export const dropsAtTheEnd: Sign = (transcript) =>
  measured(transcript, "stopped-in-send") === 0 &&
  exchanges(transcript).some(
    ({ halfClosed, end, bodyDiffers, receivedBytes, sentBytes }) =>
      halfClosed && end !== undefined && !bodyDiffers && receivedBytes < sentBytes,
  );

/** Its answers go to ports where nobody waits. */
export const answersNobody: Sign = (transcript) => peers(transcript).some((peer) => repliesGoAstray(transcript, peer));

/** A reply ends with the datagram that it answers, and holds before it what another client had said. */
export const collectsDatagrams: Sign = (transcript) =>
  peers(transcript).some((peer) => {
    if (last(transcript, "connected", peer)?.protocol !== "udp") return false;
    const asked = datagramsOf(transcript, "sent", peer).filter(({ length }) => length > 0);
    return datagramsOf(transcript, "received", peer).some(
      (reply) => asked.some((one) => reply.subarray(-one.length).equals(one)) && isFromAnother(transcript, peer, reply),
    );
  });

/** A stream's bytes came back to a client that had not said them, instead of whoever had: not to all. */
export const goesAstray: Sign = (transcript) => {
  const clients = exchanges(transcript);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return (
    last(transcript, "connected")?.protocol !== "udp" &&
    clients.some(({ peer, received }) => isFromAnother(transcript, peer, received)) &&
    clients.some(({ sentBytes, receivedBytes }) => receivedBytes < sentBytes) &&
    sum(clients.map(({ receivedBytes }) => receivedBytes)) <= sum(clients.map(({ sentBytes }) => sentBytes))
  );
};

/** Two clients had their answers while both were connected. */
export const servesTogether: Sign = (transcript) => {
  const served = new Set<string>();
  for (const event of transcript) {
    if (event.type === "ended" || event.type === "reset" || event.type === "closed") served.delete(event.peer);
    if (event.type === "received") served.add(event.peer);
    if (served.size > 1) return true;
  }
  return false;
};
