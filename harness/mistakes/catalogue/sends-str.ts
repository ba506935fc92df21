import type { Mistake } from "../mistake.ts";
import { isNotation } from "../reply.ts";
import { anyExchange, complains, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Gives text to send() where bytes are needed", id: "Memberikan teks ke send() padahal perlu byte" },
  explanation: {
    en: "send() takes bytes. A str raises TypeError: a bytes-like object is required; and str(data) is no way out, since it turns b'hi' into the six characters b, ', h, i and so on. Put a b before a literal, call .encode() on text, and send what recv() gave as it is.",
    id: "send() menerima byte. Memberikan str memunculkan TypeError: a bytes-like object is required; dan str(data) bukan jalan keluar, karena b'hi' berubah menjadi karakter b, ', h, i, dan seterusnya. Tulis b di depan literal, panggil .encode() pada teks, dan kirim hasil recv() apa adanya.",
  },
  lookUp: {
    en: '"send: mengirim data bertipe byte (tanda b di awal string)" on the lecture\'s slides; Python docs, bytes and str.encode(); Node docs, Buffer and socket.write().',
    id: '"send: mengirim data bertipe byte (tanda b di awal string)" pada slide kuliah; dokumentasi Python, bytes dan str.encode(); dokumentasi Node, Buffer dan socket.write().',
  },
  repair: {
    python: `s.sendall(b"Hello tcp ...")           # a literal
s.sendall(message.encode())           # text in a variable
client_sock.sendall(data)             # what recv() gave is bytes already`,
    typescript: `socket.write("Hello tcp ...");                  // text
socket.on("data", (data) => socket.write(data)); // what arrived is bytes already`,
  },
  diagnose(symptoms) {
    const refused = complains(
      /a bytes-like object is required|ERR_INVALID_ARG_TYPE|encoding without a string argument|can't concat (str|bytes)|can only concatenate str/,
    );
    const notation = anyExchange(({ sent, received }) => isNotation(received) && !isNotation(sent));
    return suspect(0.96, [...new Set([...showing(symptoms, refused), ...showing(symptoms, notation)])]);
  },
};
