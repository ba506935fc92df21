import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { needsWindow } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Opens a window", id: "Membuka jendela" },
  explanation: {
    en: "The program draws a window of its own (tkinter, PyQt, pygame, Electron), and ended, because there is no screen here, or the library is not there. A server runs where nobody looks, and this assignment's programs are met at their sockets, arguments and printed lines: nobody presses a button or reads a label. Keep what talks to the socket in a file that runs without the window, and hand that in.",
    id: "Program membuat jendela sendiri (tkinter, PyQt, pygame, Electron), lalu berhenti karena di sini tidak ada layar, atau pustakanya tidak ada. Server berjalan di tempat yang tidak dilihat siapa pun, dan program tugas ini ditemui lewat socket, argumen, dan baris yang dicetaknya: tidak ada yang menekan tombol atau membaca label. Simpan bagian yang memakai socket dalam berkas yang bisa berjalan tanpa jendela, dan kumpulkan berkas itu.",
  },
  lookUp: {
    en: "Python docs, sys.argv and print(); Node docs, process.argv and console.log(); the lecture's server and client, which have no window.",
    id: "Dokumentasi Python, sys.argv dan print(); dokumentasi Node, process.argv dan console.log(); server dan klien pada slide kuliah, yang tidak punya jendela.",
  },
  wrong: {
    python: `window = tkinter.Tk()          # TclError: no display name
label = tkinter.Label(window, text=reply)`,
    typescript: `import { BrowserWindow } from "electron"; // ERR_MODULE_NOT_FOUND`,
  },
  repair: {
    python: `print(reply)`,
    typescript: `console.log(reply);`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.99, showing(symptoms, needsWindow)),
};
