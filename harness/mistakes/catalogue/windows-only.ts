import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isForWindows } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Runs on Windows only", id: "Hanya berjalan di Windows" },
  explanation: {
    en: 'The program uses something that there is on Windows only: in Python msvcrt, winsound, ctypes.windll, socket.SO_EXCLUSIVEADDRUSE, ioctl() of a socket or asyncio.WindowsSelectorEventLoopPolicy; in any language a command such as cls or cmd. It was run on another system here, as most servers are, and its error message names what is not known there. Sockets are the same on every system. Leave that line out, or carry it out on Windows alone: sys.platform == "win32" in Python, process.platform === "win32" in Node.',
    id: 'Program memakai sesuatu yang hanya ada di Windows: di Python misalnya msvcrt, winsound, ctypes.windll, socket.SO_EXCLUSIVEADDRUSE, ioctl() pada socket, atau asyncio.WindowsSelectorEventLoopPolicy; di bahasa apa pun perintah seperti cls atau cmd. Di sini program dijalankan di sistem lain, seperti kebanyakan server, dan pesan errornya menyebutkan apa yang tidak dikenal di sana. Socket sama saja di semua sistem. Hapus baris itu, atau jalankan hanya di Windows: sys.platform == "win32" di Python, process.platform === "win32" di Node.',
  },
  lookUp: {
    en: 'Python docs, "Availability: Windows" at each function, and sys.platform; Node docs, process.platform. WSL runs Linux on Windows, to try it.',
    id: 'Dokumentasi Python, "Availability: Windows" pada tiap fungsi, dan sys.platform; dokumentasi Node, process.platform. Dengan WSL Anda bisa mencobanya di Linux pada Windows.',
  },
  wrong: {
    python: `asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())`,
    typescript: `execSync("cls", { stdio: "inherit" });`,
  },
  repair: {
    python: `if sys.platform == "win32":
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())`,
    typescript: `console.clear(); // on every system`,
  },
  fault: breaks,
  diagnose: (symptoms) => suspect(0.99, showing(symptoms, isForWindows)),
};
