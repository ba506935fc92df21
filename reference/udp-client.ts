/**
 * A correct UDP echo client.
 *
 *     udp-client [host] [port] [message]
 *
 * Sends the message as one datagram, prints the reply and exits with 0. A datagram may be lost, so it is sent up to three
 * times; when no reply comes, or nobody is there, that is reported on stderr with exit code 1.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

const TRIES = 3;
/** How long the reply to one try is waited for. */
const WAIT_MS = 1_000;

/** Sends `message` and returns the datagram that the server answers with. Rejects when none comes. */
async function exchange(host: string, port: number, message: Buffer): Promise<Buffer> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  try {
    // Connecting sends nothing. From now on the socket hears the server only, and is told when nobody is there.
    socket.connect(port, host);
    await once(socket, "connect");
    return await ask(socket, message);
  } finally {
    socket.close();
  }
}

async function ask(socket: Socket, message: Buffer): Promise<Buffer> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const reply = once(socket, "message", { signal: AbortSignal.timeout(WAIT_MS) });
    socket.send(message);
    try {
      // A datagram is whole or not there at all: nothing has to be put together.
      const [bytes] = (await reply) as [Buffer];
      return bytes;
    } catch (error) {
      if (!(error instanceof Error && error.name === "AbortError")) throw error;
    }
  }
  throw new Error(`no reply to ${TRIES} datagrams`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Error(`not a port from 1 to 65535: "${text}"`);
}

try {
  const [host = "127.0.0.1", port = "5000", message = "Hello udp ...", ...surplus] = process.argv.slice(2);
  if (surplus.length > 0) throw new Error(`too many arguments: ${surplus.join(" ")}`);
  const reply = await exchange(host, readPort(port), Buffer.from(message));
  process.stdout.write(reply);
  process.stdout.write("\n");
} catch (error) {
  console.error(`udp-client: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
