import { measured } from "../../checks/reading.ts";
import type { Mistake } from "../mistake.ts";
import { type Sign, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Asks again and again instead of waiting", id: "Bertanya terus-menerus, bukan menunggu" },
  explanation: {
    en: "While nobody says anything, the program keeps one processor fully busy: it asks in a loop without any pause whether something has arrived. Waiting is the operating system's work: accept(), recv() and select() sleep until there is something to do.",
    id: "Saat tidak ada yang berbicara, program membuat satu prosesor sibuk penuh: dalam loop tanpa jeda ia bertanya apakah ada data yang tiba. Menunggu adalah tugas sistem operasi: accept(), recv(), dan select() tidur sampai ada pekerjaan.",
  },
  lookUp: {
    en: "accept and recv in the lecture's example, which wait by themselves; Python docs, setblocking(), select and selectors; Node docs, events instead of setImmediate loops.",
    id: "accept dan recv pada contoh kuliah, yang menunggu dengan sendirinya; dokumentasi Python, setblocking(), select, dan selectors; dokumentasi Node, pakai event dan bukan loop setImmediate.",
  },
  repair: {
    python: `while True:
    ready, _, _ = select.select(sockets, [], [])   # sleeps until somebody speaks
    for sock in ready:
        handle(sock)`,
    typescript: `socket.on("data", (data) => socket.write(data)); // Node calls this when something has come`,
  },
  diagnose(symptoms) {
    const busyBefore: Sign = (transcript) => {
      const fin = transcript.findIndex(({ type }) => type === "half-closed");
      return (measured(fin < 0 ? transcript : transcript.slice(0, fin), "cpu-busiest-share") ?? 0) >= BUSY;
    };
    return suspect(0.95, showing(symptoms, busyBefore, ["rests-when-idle"]));
  },
};

/** Of one processor; a loop that never waits takes 0.98 of it. */
const BUSY = 0.6;
