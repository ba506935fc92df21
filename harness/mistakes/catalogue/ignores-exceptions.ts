import { breaksOff } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { endsAClientOnly, exited, outlivesInterrupt } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { isThreaded } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Goes on as if nothing had happened", id: "Berjalan terus seolah-olah tidak terjadi apa-apa" },
  explanation: {
    en: "An error or Ctrl-C came, and the program takes no notice: it cannot be stopped, or a port that is taken is never reported. A bare `except:` (or an empty catch) does that, and so does a handler for SIGINT that does not end the program. Catch only the errors you expect, ConnectionError for example, and let the rest be seen.",
    id: "Ada error atau Ctrl-C, dan program tidak menghiraukannya: program tidak bisa dihentikan, atau port yang sudah terpakai tidak pernah dilaporkan. Penyebabnya biasanya `except:` tanpa nama (atau catch kosong), atau handler SIGINT yang tidak mengakhiri program. Tangkap hanya error yang memang diperkirakan, misalnya ConnectionError, dan biarkan yang lain terlihat.",
  },
  lookUp: {
    en: '`except KeyboardInterrupt` in the lecture\'s example: one named exception; Python tutorial, "Handling Exceptions"; Node docs, error handling.',
    id: '`except KeyboardInterrupt` pada contoh kuliah: satu exception dengan nama; tutorial Python, "Handling Exceptions"; dokumentasi Node, penanganan error.',
  },
  wrong: {
    python: `try:
    data = client_sock.recv(65535)
    client_sock.sendall(data)
except:
    pass`,
    typescript: `server.on("error", () => {});`,
  },
  repair: {
    python: `try:
    data = client_sock.recv(65535)
    client_sock.sendall(data)
except ConnectionError as error:      # named, and told
    print("client lost:", error)`,
    typescript: `server.on("error", (error) => {
  console.error(error.message); // told, and not ignored
  process.exit(1);
});`,
  },
  inUdp: {
    wrong: {
      python: `try:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)
except:
    pass`,
      typescript: 'server.on("error", () => {});',
    },
    repair: {
      python: `try:
    data, address = s.recvfrom(65535)
    s.sendto(data, address)
except ConnectionError as error:      # named, and told
    print("client lost:", error)`,
      typescript: `server.on("error", (error) => {
  console.error(error.message); // told, and not ignored
  process.exit(1);
});`,
    },
  },
  fault: breaksOff,
  diagnose(symptoms) {
    const deaf = showing(symptoms, both(outlivesInterrupt, not(exited), not(isThreaded)), ["stops-on-sigint"]);
    const explains = [
      ...deaf,
      ...showing(symptoms, not(exited), ["refuses-a-taken-port"]),
      ...showing(symptoms, endsAClientOnly, ["stops-with-a-client-connected"]),
    ];
    if (explains.length === 0) return undefined;
    const stays = showing(symptoms, outlivesInterrupt, ["stops-with-a-client-connected"]);
    return suspect(0.9, [...new Set([...explains, ...stays])]);
  },
};
