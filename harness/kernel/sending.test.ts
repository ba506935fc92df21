import { once } from "node:events";
import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { LISTEN, server } from "../launch/program.test-helper.ts";
import { sleepsInSend } from "./sending.ts";
import { findConnection, readSocketTable } from "./socket-table.ts";

test.runIf(process.platform === "linux")("a thread that sleeps in a send is seen, on its own socket only", async () => {
  const { subject, address } = await server(`${LISTEN}
conn, _ = listener.accept()
threading.Thread(target=conn.sendall, args=(bytes(1 << 26),), daemon=True).start()
signal.pause()
`);
  const [reading, other] = [connect(address), connect(address)];
  reading.pause();
  await Promise.all([once(reading, "connect"), once(other, "connect")]);
  const theirs = (localPort = 0) =>
    findConnection(readSocketTable("tcp"), address, { host: "127.0.0.1", port: localPort })?.inode ?? -1;
  await vi.waitFor(() => expect(sleepsInSend(subject.processes(), theirs(reading.localPort))).toBe(true), 20_000);
  expect(sleepsInSend(subject.processes(), theirs(other.localPort))).toBe(false);
  reading.resume();
  await vi.waitFor(() => expect(sleepsInSend(subject.processes(), theirs(reading.localPort))).toBe(false), 20_000);
  reading.destroy();
  other.destroy();
});
