import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isTooNew } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Written for a newer Python or Node", id: "Ditulis untuk Python atau Node versi lebih baru" },
  explanation: {
    en: "The program uses something that came with a later Python or Node than the one that ran it here; with that later version it may well run. The error message seldom says so. Before Python 3.12 the quotes around an f-string could not stand inside its braces, too (the error says that a bracket is unmatched), and type and def f[T]() were invalid syntax; asyncio.TaskGroup came with 3.11, close_clients() of asyncio's servers with 3.13, Promise.withResolvers() with Node 22. Find out which version your program has to run with, and use what that version has.",
    id: "Program memakai sesuatu yang baru ada di Python atau Node versi lebih baru daripada yang menjalankannya di sini; dengan versi baru itu program mungkin berjalan. Pesan error jarang mengatakannya. Sebelum Python 3.12, tanda kutip di luar f-string tidak boleh dipakai juga di dalam kurung kurawalnya (pesan errornya menyebut kurung yang tidak berpasangan), dan type serta def f[T]() adalah invalid syntax; asyncio.TaskGroup baru ada di 3.11, close_clients() pada server asyncio di 3.13, Promise.withResolvers() di Node 22. Cari tahu versi mana yang harus bisa menjalankan program Anda, lalu pakai yang tersedia di versi itu.",
  },
  lookUp: {
    en: 'python3 --version, node --version; Python docs, What\'s New in Python 3.11, 3.12 and 3.13, and "Changed in version" at each function; Node docs, History at each function.',
    id: 'python3 --version, node --version; dokumentasi Python, What\'s New in Python 3.11, 3.12, dan 3.13, serta "Changed in version" pada tiap fungsi; dokumentasi Node, History pada tiap fungsi.',
  },
  wrong: {
    python: `server.close_clients()        # since 3.13`,
    typescript: `const { promise, resolve } = Promise.withResolvers<void>(); // since Node 22`,
  },
  repair: {
    python: `print(f"at {where['host']}")  # other quotes inside
for writer in writers:        # a list of your own
    writer.close()`,
    typescript: `let resolve = (): void => {};
const promise = new Promise<void>((done) => {
  resolve = done;
});`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.985, showing(symptoms, isTooNew)),
};
