import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed, exitedWithZero } from "../signs/process.ts";
import { anyOf, both, not, type Sign } from "../signs/sign.ts";
import { complains, talksToNobody } from "../signs/words.ts";
import { alwaysFails, passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Ends when one client breaks off", id: "Berhenti ketika satu klien terputus" },
  explanation: {
    en: "A client broke its connection off (RST), and recv() or send() raised ConnectionResetError or BrokenPipeError. Nobody caught it for this client alone, so the whole server ended (or the thread or process that served this client), and with it the service for everybody else. Clients crash and cables get pulled every day: catch the error for that one client and go on. In Node it comes as the event 'error'; a loop with for await throws it, and needs try and catch.",
    id: "Sebuah klien memutus koneksinya secara paksa (RST), lalu recv() atau send() memunculkan ConnectionResetError atau BrokenPipeError. Tidak ada yang menangkapnya khusus untuk klien ini, sehingga seluruh server berhenti (atau thread maupun proses yang melayani klien ini), dan layanan untuk klien lain ikut berhenti. Klien yang mati mendadak itu hal biasa: tangkap error untuk klien itu saja, lalu lanjutkan. Di Node error itu datang sebagai event 'error'; perulangan dengan for await melemparkannya, dan memerlukan try dan catch.",
  },
  lookUp: {
    en: "recv and send on the lecture's slides; Python docs, built-in exceptions: ConnectionError, ConnectionResetError, BrokenPipeError; Node net docs, the 'error' event; RFC 9293 section 3.5.2, reset.",
    id: "recv dan send pada slide kuliah; dokumentasi Python, built-in exceptions: ConnectionError, ConnectionResetError, BrokenPipeError; dokumentasi net Node, event 'error'; RFC 9293 bagian 3.5.2, reset.",
  },
  wrong: {
    python: `while True:
    client_sock, client_addr = s.accept()
    # ConnectionResetError ends the server
    data = client_sock.recv(65535)
    client_sock.sendall(data)`,
    typescript: `const server = createServer((socket) => {
  // and no 'error' listener
  socket.on("data", (data) => socket.write(data));
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
with client_sock:
    try:
        while data := client_sock.recv(65535):
            client_sock.sendall(data)
    except ConnectionError as error:      # this client only
        print("lost", client_addr, error)`,
    typescript: `const server = createServer((socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("error", (error) => console.error("lost:", error.message));
});`,
  },
  fault: breaks,
  diagnose(symptoms) {
    const words = complains(
      /ConnectionResetError|BrokenPipeError|ConnectionAbortedError|ECONNRESET|EPIPE|Transport endpoint is not connected/,
    );
    // Whoever fails at the first message uses a socket that never had a client.
    if (alwaysFails(symptoms, "echoes-a-message", talksToNobody)) return undefined;
    const afterReset = both(crashed, not(afterwards), not(complains(/Unhandled 'error' event/)));
    const named = showing(symptoms, both(afterReset, words));
    // Where several share the work it does not crash, and yet nobody is left who serves.
    const workersEnded = both(not(crashed), words);
    // A "try" around all clients catches it, and then there is nothing left to do.
    const leaves: Sign = (transcript) =>
      passes(symptoms, "accepts-the-next-client") && both(exitedWithZero, not(afterwards))(transcript);
    const other = showing(symptoms, anyOf(afterReset, workersEnded, leaves), ["survives-a-reset"]);
    return suspect(named.length > 0 ? 0.95 : 0.8, [...new Set([...named, ...other])]);
  },
};

/** It ended when the client that it had kept waiting was gone, and no other came. */
const afterwards: Sign = (transcript) => {
  const end = transcript.findLastIndex(({ type }) => type === "exited");
  const cameLater = transcript.slice(end).some(({ type }) => type === "connected" || type === "not-connected");
  return !cameLater && transcript.slice(0, Math.max(0, end)).some(({ type }) => type === "silent");
};
