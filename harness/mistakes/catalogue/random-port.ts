import { last } from "../../checks/reading.ts";
import { tcpSockets } from "../../checks/server-launch.ts";
import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { resultOf, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Another port at every start", id: "Port yang berbeda setiap kali dijalankan" },
  explanation: {
    en: "Each time it was started, the server listened at another port. Port 0 has this effect, and so has a server that never calls bind(): the system then chooses any free port. That is right for a client, whose port nobody has to know beforehand. A server's port must be the agreed one, or no client finds it.",
    id: "Setiap kali dijalankan, server melakukan listen di port yang berbeda. Itulah akibat port 0, atau server yang tidak memanggil bind(): sistem memilih sembarang port yang kosong. Untuk klien itu wajar, karena port-nya tidak perlu diketahui sebelumnya. Port server harus yang sudah disepakati; jika tidak, klien tidak menemukannya.",
  },
  lookUp: {
    en: '"Port server: 5000" and "Port klien 1: 45576" on the lecture\'s slides; ip(7), ip_local_port_range: the ephemeral ports; Python socket docs, bind(); Node net docs, server.listen(): port 0.',
    id: '"Port server: 5000" dan "Port klien 1: 45576" pada slide kuliah; ip(7), ip_local_port_range: port ephemeral; dokumentasi socket Python, bind(); dokumentasi net Node, server.listen(): port 0.',
  },
  wrong: {
    python: `s.bind(("127.0.0.1", 0))`,
    typescript: `server.listen(0, "127.0.0.1");`,
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))           # the agreed port, not 0`,
    typescript: `server.listen(5000, "127.0.0.1"); // the agreed port, not 0`,
  },
  fault: binds,
  diagnose(symptoms) {
    const result = resultOf(symptoms, "listens-where-asked");
    if (result?.verdict !== "fail") return undefined;
    const ports = result.attempts.map(({ transcript }) => tcpSockets(transcript)[0]?.port);
    const asked = result.attempts.map(({ transcript }) => last(transcript, "asked")?.address.port);
    const changes = ports.length > 1 && new Set(ports).size === ports.length;
    return changes && !ports.some((port) => asked.includes(port)) ? suspect(0.99, [result.check]) : undefined;
  },
};
