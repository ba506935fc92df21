import type { Mistake } from "../mistake.ts";
import { both, complains, not, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "An error in the code stops it on its way", id: "Kesalahan pada kode menghentikannya di tengah jalan" },
  explanation: {
    en: "The program had begun well, and then came to a line that cannot be carried out: a mistyped name, a method that does not exist, a function that was given too few values. It gave up there, or the thread that serves this client did. The last line of the error message names the trouble, and the line above it says where. Such a line goes unnoticed until a client makes the program come to it.",
    id: "Program sudah berjalan, lalu sampai di baris yang tidak bisa dijalankan: nama yang salah ketik, method yang tidak ada, fungsi yang diberi terlalu sedikit nilai. Di situ program berhenti, atau thread yang melayani klien ini berhenti. Baris terakhir pesan error menyebutkan masalahnya, dan baris di atasnya menunjukkan tempatnya. Baris seperti itu tidak ketahuan sampai ada klien yang membuat program melewatinya.",
  },
  lookUp: {
    en: 'Run the program and the client yourself, each in a terminal, and read the error from the bottom up; Python tutorial, "Errors and Exceptions"; Python docs, socket objects, for the right names.',
    id: 'Jalankan sendiri program dan kliennya, masing-masing di satu terminal, lalu baca error dari bawah ke atas; tutorial Python, "Errors and Exceptions"; dokumentasi Python, socket objects, untuk nama yang benar.',
  },
  repair: {
    python: `client_sock, client_addr = s.accept()   # accept, not accpet
thread = threading.Thread(target=serve, args=(client_sock,))  # args is a tuple: mind the comma
thread.start()`,
    typescript: `socket.on("data", (data) => {
  socket.write(data); // data, the name that stands in the brackets above
});`,
  },
  diagnose(symptoms) {
    const slip = complains(
      /^(NameError|UnboundLocalError|AttributeError|ReferenceError): |^TypeError: .*(is not a function|positional argument|argument after \*|is not callable|object is not iterable|cannot unpack)/m,
    );
    const bytes = complains(/bytes-like|ERR_INVALID_ARG_TYPE/);
    const names = [...symptoms.results.values()]
      .map(({ check }) => check.slice(symptoms.program.length + 1))
      .filter((name) => !["starts-listening", "binds-where-asked", "connects-where-asked"].includes(name));
    return suspect(0.93, showing(symptoms, both(slip, not(bytes)), names));
  },
};
