import { breaks, either, receives } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { both, not } from "../signs/sign.ts";
import { forgetsAwait, mixesTextAndBytes } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Mixes text and bytes", id: "Mencampur teks dengan byte" },
  explanation: {
    en: "What a socket gives are bytes (b'...'), and text is another type (str). They cannot be joined with +, and text cannot be looked for in bytes: Python raises TypeError. Make text of the bytes first, data.decode(), or put a b before the literal.",
    id: "Yang diberikan socket adalah byte (b'...'), sedangkan teks (str) bertipe lain. Keduanya tidak bisa digabung dengan +, dan teks tidak bisa dicari di dalam byte: Python memunculkan TypeError. Ubah dulu byte menjadi teks dengan data.decode(), atau tulis b di depan literal.",
  },
  lookUp: {
    en: '"tanda b di awal string" on the lecture\'s slides; Python docs, bytes.decode() and str.encode(); Node docs, Buffer, buf.toString() and buf.equals().',
    id: '"tanda b di awal string" pada slide kuliah; dokumentasi Python, bytes.decode() dan str.encode(); dokumentasi Node, Buffer, buf.toString() dan buf.equals().',
  },
  wrong: {
    python: `data = s.recv(65535)
print("received: " + data)    # TypeError: str and bytes`,
    typescript: `socket.on("data", (data) => {
  if (data === "error") socket.end(); // never: no text is equal to bytes
});`,
  },
  repair: {
    python: `data = s.recv(65535)
print("received: " + data.decode())
if b"error" in data:          # bytes in bytes
    print("the server reports an error")`,
    typescript: `socket.on("data", (data) => {
  if (data.toString() === "error") socket.end();
  console.log("received: " + data.toString());
});`,
  },
  fault: either(breaks, receives),
  diagnose: (symptoms) => suspect(0.95, showing(symptoms, both(mixesTextAndBytes, not(forgetsAwait)))),
};
