import { always, type ClientCheck } from "../check.ts";
import { launches } from "../client-reading.ts";
import { all, fail, PASS, printed } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "lets the system choose the client's own port", id: "membiarkan sistem memilih port klien" },
  why: {
    en: "Only the server's port is agreed on. A client that binds a fixed port of its own cannot run twice at the same time.",
    id: "Hanya port server yang disepakati. Klien yang melakukan bind ke port tetap tidak bisa dijalankan dua kali sekaligus.",
  },
  requirement: "client-connects",
  cites: [{ source: "lecture", quote: "Port klien 1: 45576, Port klien 2: 55676, Port klien 3: 36575" }],
  level: always("info"),
  after: ["ends-on-its-own"],
  stimulate: { observes: "notices-an-early-close" },
  judge(transcript) {
    const ports = all(transcript, "connected").map(({ remote }) => remote.port);
    const expected = {
      en: "Started again, the client comes from another port.",
      id: "Ketika dijalankan lagi, klien datang dari port lain.",
    };
    const taken = launches(transcript).some((launch) =>
      /EADDRINUSE|Address already in use/i.test(printed(launch, "stderr")),
    );
    if (taken) {
      return fail(expected, {
        en: "Started again, the client could not have its own port a second time (Address already in use).",
        id: "Ketika dijalankan lagi, klien tidak bisa memakai port-nya sendiri untuk kedua kalinya (Address already in use).",
      });
    }
    if (ports.length < 2 || new Set(ports).size > 1) return PASS;
    return fail(expected, {
      en: `It came from port ${ports[0]} every time.`,
      id: `Klien selalu datang dari port ${ports[0]}.`,
    });
  },
};
