/**
 * A correct TCP echo client.
 *
 *     tcp-client [host] [port] [message]
 *
 * Sends the message, prints the reply and exits with 0. A server that refuses, resets or closes before the whole reply
 * has arrived is reported on stderr with exit code 1.
 */
import { connect } from "node:net";

/** Sends `message` and returns at least as many bytes as it sent. Rejects when the server gives fewer. */
async function exchange(host: string, port: number, message: Buffer): Promise<Buffer> {
  const socket = connect(port, host);
  // write() waits for nothing: while the kernel takes these bytes, the loop below already reads the first of the reply.
  socket.write(message);
  const pieces: Buffer[] = [];
  let received = 0;
  // One send may come back in any number of pieces, cut anywhere, even inside a character: so count bytes.
  for await (const piece of socket as AsyncIterable<Buffer>) {
    pieces.push(piece);
    received += piece.length;
    // Leaving the loop closes the socket.
    if (received >= message.length) return Buffer.concat(pieces);
  }
  throw new Error(`the server closed the connection after ${received} of ${message.length} bytes`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Error(`not a port from 1 to 65535: "${text}"`);
}

try {
  const [host = "127.0.0.1", port = "5000", message = "Hello tcp ...", ...surplus] = process.argv.slice(2);
  if (surplus.length > 0) throw new Error(`too many arguments: ${surplus.join(" ")}`);
  if (message === "") throw new Error("an empty message has no echo to wait for");
  const reply = await exchange(host, readPort(port), Buffer.from(message));
  process.stdout.write(reply);
  process.stdout.write("\n");
} catch (error) {
  console.error(`tcp-client: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
