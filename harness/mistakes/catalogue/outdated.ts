import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isOutdated } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Written for an older Python or Node", id: "Ditulis untuk Python atau Node versi lama" },
  explanation: {
    en: "The program uses something that Python or Node had in earlier days and has no more; its error message names it: Python's in the last line, Node's in the line that begins with TypeError or Error. Programs like that are easy to find on the web. In Python 3 print and exec are functions, raw_input() is input(), the modules SocketServer, Queue and thread are socketserver, queue and _thread, and since 3.10 asyncio's functions take no loop. What a socket sends and receives is bytes, not str: look at those lines, too.",
    id: "Program memakai sesuatu yang dulu ada di Python atau Node dan sekarang tidak ada lagi; pesan error menyebutkannya: di Python pada baris terakhir, di Node pada baris yang diawali TypeError atau Error. Program seperti itu mudah ditemukan di web. Di Python 3, print dan exec adalah fungsi, raw_input() menjadi input(), modul SocketServer, Queue, dan thread menjadi socketserver, queue, dan _thread, dan sejak 3.10 fungsi-fungsi asyncio tidak menerima loop. Yang dikirim dan diterima socket adalah byte, bukan str: periksa juga baris-baris itu.",
  },
  lookUp: {
    en: "Python docs, What's New in Python 3.0 and Porting Python 2 Code to Python 3; asyncio, which dropped the loop parameter in 3.10; Node docs, Deprecated APIs; python3 --version, node --version.",
    id: "Dokumentasi Python, What's New in Python 3.0 dan Porting Python 2 Code to Python 3; asyncio, yang menghapus parameter loop sejak 3.10; dokumentasi Node, Deprecated APIs; python3 --version, node --version.",
  },
  wrong: {
    python: `import SocketServer                      # only in Python 2
message = raw_input("Message: ")         # only in Python 2`,
    typescript: `import util from "node:util";
util.print("waiting\\n"); // Node 10 had it`,
  },
  repair: {
    python: `import socketserver
message = input("Message: ")`,
    typescript: `process.stdout.write("waiting\\n");`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.985, showing(symptoms, isOutdated)),
};
