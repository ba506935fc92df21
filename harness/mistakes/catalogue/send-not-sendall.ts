import { roleOf } from "../../assignment/assignment.ts";
import { sendsAPart } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { sendsOnlyAPart } from "../signs/client.ts";
import { crashed, runsInNode } from "../signs/process.ts";
import { dropsAtTheEnd } from "../signs/server.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { SENDING, waitsIn } from "../signs/waits.ts";
import { anywhere, fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "send() did not send everything", id: "send() tidak mengirim semuanya" },
  explanation: {
    en: "send() may take only a part of the bytes, and says in its return value how many. The program does not look at it, and the rest is lost. It happens with long messages and slow receivers, so on your own computer it nearly always works. sendall() sends until everything is gone; in Node, write() does that by itself.",
    id: "send() boleh mengambil sebagian byte saja, dan menyatakan jumlahnya lewat nilai kembalinya. Program tidak memeriksanya, sehingga sisanya hilang. Ini terjadi pada pesan panjang dan penerima lambat, jadi di komputer sendiri hampir selalu berhasil. sendall() mengirim sampai semuanya terkirim; di Node, write() melakukannya sendiri.",
  },
  lookUp: {
    en: 'client_sock.send(data) on the lecture\'s slides; Python socket docs, send(): "Applications are responsible for checking that all data has been sent", and sendall(); the man page send(2).',
    id: 'client_sock.send(data) pada slide kuliah; dokumentasi socket Python, send(): "Applications are responsible for checking that all data has been sent", dan sendall(); halaman manual send(2).',
  },
  wrong: {
    python: `data = client_sock.recv(65535)
client_sock.send(data)        # how many bytes did it take?`,
    typescript: `socket.on("data", (data) => {
  socket.write(data);
  socket.destroy(); // what the kernel has not taken yet is lost
});`,
  },
  repair: {
    python: `data = client_sock.recv(65535)
client_sock.sendall(data)     # not send()`,
    typescript: `socket.on("data", (data) => {
  // Node keeps the rest and sends it
  if (!socket.write(data)) socket.pause();
});
socket.on("drain", () => socket.resume());`,
  },
  inClient: {
    wrong: {
      python: `s.send(message)               # may take only a part`,
      typescript: `// Node sends all of it. What loses the rest is to leave at once:
socket.write(message);
socket.destroy();`,
    },
    repair: {
      python: `s.sendall(message)            # not send()`,
      typescript: `socket.end(message); // sends all of it, then closes`,
    },
  },
  fault: sendsAPart,
  diagnose(symptoms) {
    if (roleOf(symptoms.program) === "client") {
      const names = ["sends-a-long-message", "sends-everything"];
      return suspect(0.85, showing(symptoms, both(sendsOnlyAPart, not(waitsIn(SENDING))), names));
    }
    // What Node's write() takes it keeps until it is sent.
    if (anywhere(symptoms, runsInNode)) return undefined;
    const short = anyExchange((exchange) => exchange.sentBytes > 0 && exchange.receivedBytes < exchange.sentBytes);
    const names = ["sends-everything", "survives-a-stalled-reader"];
    const explains = showing(symptoms, both(short, not(crashed), not(dropsAtTheEnd)), names);
    if (!explains.some((check) => check.endsWith("/sends-everything"))) return undefined;
    return suspect(
      fails(symptoms, "keeps-the-connection") || fails(symptoms, "echoes-a-large-body") ? 0.5 : 0.97,
      explains,
    );
  },
};
