import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { forgetsAwait } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Forgets to write await", id: "Lupa menulis await" },
  explanation: {
    en: 'A function that is defined with async gives its result only to whoever waits for it with await. Called without await it gives something else: a coroutine in Python, which has not even begun, and a Promise in JavaScript, whose value may come later. Neither has any bytes to send or to print. The error message, or Python\'s warning "was never awaited", says which call it is.',
    id: 'Fungsi yang didefinisikan dengan async baru memberikan hasilnya jika ditunggu dengan await. Jika dipanggil tanpa await, yang diperoleh bukan hasilnya: di Python sebuah coroutine, yang bahkan belum mulai berjalan, dan di JavaScript sebuah Promise, yang nilainya mungkin datang belakangan. Keduanya tidak berisi byte untuk dikirim atau dicetak. Pesan error, atau peringatan Python "was never awaited", menyebutkan pemanggilan yang mana.',
  },
  lookUp: {
    en: 'Python docs, asyncio, "Coroutines and Tasks": Awaitables; asyncio streams: which methods are coroutines; MDN, async function and await.',
    id: 'Dokumentasi Python, asyncio, "Coroutines and Tasks": Awaitables; asyncio streams: method mana yang berupa coroutine; MDN, async function dan await.',
  },
  wrong: {
    python: `data = reader.read(65535)     # a coroutine, no bytes
writer.write(data)`,
    typescript: `async function answerTo(data: Buffer) { return data; }

socket.on("data", (data) => {
  socket.write(answerTo(data)); // a Promise, no bytes
});`,
  },
  repair: {
    python: `data = await reader.read(65535)
writer.write(data)
await writer.drain()`,
    typescript: `async function answerTo(data: Buffer) { return data; }

socket.on("data", async (data) => {
  socket.write(await answerTo(data));
});`,
  },
  inClient: {
    wrong: {
      python: `reply = reader.read(65535)    # a coroutine, no bytes
print(reply.decode())`,
      typescript: `const reply = readReply(socket); // a Promise, no text
console.log(reply);`,
    },
    repair: {
      python: `reply = await reader.read(65535)
print(reply.decode())`,
      typescript: `const reply = await readReply(socket);
console.log(reply);`,
    },
  },
  inUdp: {
    wrong: {
      python: `data = loop.sock_recv(s, 65535)       # a coroutine, no bytes
print(data.decode())`,
      typescript: `async function textOf(data: Buffer) { return data.toString(); }

socket.on("message", (data) => {
  console.log(textOf(data)); // a Promise, no text
});`,
    },
    repair: {
      python: `data = await loop.sock_recv(s, 65535)
print(data.decode())`,
      typescript: `async function textOf(data: Buffer) { return data.toString(); }

socket.on("message", async (data) => {
  console.log(await textOf(data));
});`,
    },
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.97, showing(symptoms, forgetsAwait)),
};
