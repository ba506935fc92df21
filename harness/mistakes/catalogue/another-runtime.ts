import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isForAnotherRuntime } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Written for Deno or Bun, not for Node", id: "Ditulis untuk Deno atau Bun, bukan untuk Node" },
  explanation: {
    en: "Deno and Bun run JavaScript and TypeScript, too, and each has names of its own: Deno.listen, Bun.listen, imports that begin with https:, jsr:, npm: or bun:. Node.js knows none of them, and Gema runs such files with Node.js, as the lecture does. The error message names what is not known. Node's own modules do the same: node:net for TCP, node:dgram for UDP.",
    id: "Deno dan Bun juga menjalankan JavaScript dan TypeScript, dan masing-masing punya nama sendiri: Deno.listen, Bun.listen, import yang diawali https:, jsr:, npm:, atau bun:. Node.js tidak mengenal semua itu, dan Gema menjalankan berkas seperti ini dengan Node.js, sama seperti di kuliah. Pesan error menyebutkan apa yang tidak dikenal. Modul bawaan Node bisa melakukan hal yang sama: node:net untuk TCP, node:dgram untuk UDP.",
  },
  lookUp: {
    en: "Node docs, net: createServer, connect, and the events 'data' and 'end'; dgram for UDP; try it with node or npx tsx, not with deno run or bun.",
    id: "Dokumentasi Node, net: createServer, connect, serta event 'data' dan 'end'; dgram untuk UDP; coba dengan node atau npx tsx, bukan dengan deno run atau bun.",
  },
  wrong: {
    python: `# made in JavaScript alone: Deno.listen`,
    typescript: `// ReferenceError: Deno is not defined
const server = Deno.listen({ port: 5000 });`,
  },
  repair: {
    python: `import socket                 # comes with Python`,
    typescript: `import { createServer } from "node:net";

const server = createServer((socket) => socket.pipe(socket));
server.listen(5000, "127.0.0.1");`,
  },
  inClient: {
    wrong: {
      python: `# made in JavaScript alone: Deno.connect`,
      typescript: `// ReferenceError: Deno is not defined
const socket = await Deno.connect({ port: 5000 });`,
    },
    repair: {
      python: `import socket                 # comes with Python`,
      typescript: `import { connect } from "node:net";

const socket = connect(5000, "127.0.0.1");`,
    },
  },
  inUdp: {
    wrong: {
      python: `# made in JavaScript alone: Bun.udpSocket`,
      typescript: `// ReferenceError: Bun is not defined
const socket = await Bun.udpSocket({ port: 5000 });`,
    },
    repair: {
      python: `import socket                 # comes with Python`,
      typescript: `import { createSocket } from "node:dgram";

const server = createSocket("udp4");
server.bind(5000, "127.0.0.1");`,
    },
  },
  inUdpClient: {
    repair: {
      python: `import socket                 # comes with Python`,
      typescript: `import { createSocket } from "node:dgram";

const socket = createSocket("udp4");
socket.send("Hello udp ...", 5000, "127.0.0.1");`,
    },
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.99, showing(symptoms, isForAnotherRuntime)),
};
