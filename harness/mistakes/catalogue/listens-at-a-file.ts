import { last } from "../../checks/reading.ts";
import { listens } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import type { Sign } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Listens at a file instead of a port", id: "Melakukan listen pada file, bukan pada port" },
  explanation: {
    en: "The program opened a Unix socket: a file through which programs on one computer talk. It has no port, so no TCP client finds it. In Node this happens when the address comes first: listen(port, host) takes the port first, and a text in that place is the name of a file. In Python it happens with AF_UNIX.",
    id: "Program membuka Unix socket: sebuah file yang dipakai program-program di satu komputer untuk berkomunikasi. File itu tidak punya port, sehingga tidak ada klien TCP yang menemukannya. Di Node ini terjadi jika alamat ditulis lebih dulu: listen(port, host) meminta port lebih dulu, dan teks di tempat itu dianggap nama file. Di Python ini terjadi dengan AF_UNIX.",
  },
  lookUp: {
    en: '"IP Address" and "Port Number" on the lecture\'s slides; Node docs, server.listen([port[, host]]) and server.listen(path); Python docs, socket families; the man page unix(7).',
    id: '"IP Address" dan "Port Number" pada slide kuliah; dokumentasi Node, server.listen([port[, host]]) dan server.listen(path); dokumentasi Python, socket families; man page unix(7).',
  },
  wrong: {
    python: `s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind("echo.sock")`,
    typescript: `server.listen("127.0.0.1", 5000); // a file named 127.0.0.1`,
  },
  repair: {
    python: `s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 5000))`,
    typescript: `server.listen(5000, "127.0.0.1"); // the port first
server.listen({ host: "127.0.0.1", port: 5000 });`,
  },
  fault: listens,
  diagnose(symptoms) {
    const atFile: Sign = (transcript) => last(transcript, "not-listening")?.paths !== undefined;
    // The file of an earlier run is in the way.
    const taken = complains(/syscall: 'listen',\s+address: .*,\s+port: -1\b/);
    return suspect(
      0.98,
      showing(symptoms, (transcript) => atFile(transcript) || taken(transcript), ["starts-listening"]),
    );
  },
};
