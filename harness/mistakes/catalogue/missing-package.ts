import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed } from "../signs/process.ts";
import { anyOf, both, not } from "../signs/sign.ts";
import { isForAnotherRuntime, isForWindows, isOutdated, lacksPackage, needsWindow } from "../signs/words.ts";
import { arrivesBy, STARTS, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client", "udp-server", "udp-client"],
  title: { en: "Imports a package that is not there", id: "Meng-import paket yang tidak tersedia" },
  explanation: {
    en: "The program imports something that neither comes with Python or Node nor lies in its folder; its error message names it: Python's in the last line, Node's in the line that begins with Error. On your own computer it may have been installed with pip or npm. Gema installs nothing. Everything the lecture's programs need is there already: the module socket in Python, the module net in Node. A module of your own must be handed in with the program, and its name spelled as the file's.",
    id: "Program meng-import sesuatu yang tidak tersedia di Python atau Node dan tidak ada di foldernya; pesan error menyebutkan namanya: di Python pada baris terakhir, di Node pada baris yang diawali Error. Di komputer Anda mungkin sudah dipasang dengan pip atau npm. Gema tidak memasang apa pun. Semua yang diperlukan program kuliah sudah tersedia: modul socket di Python, modul net di Node. Modul buatan sendiri harus ikut dikumpulkan, dan namanya harus sama dengan nama berkasnya.",
  },
  lookUp: {
    en: 'import socket on the lecture\'s slides; Python docs, the standard library and "The Module Search Path"; Node docs, net. Whoever gives the assignment can allow packages for Node: submission.nodeModules.',
    id: 'import socket pada slide kuliah; dokumentasi Python, pustaka standar dan "The Module Search Path"; dokumentasi Node, net. Pemberi tugas dapat mengizinkan paket untuk Node: submission.nodeModules.',
  },
  wrong: {
    python: `import flask                          # ModuleNotFoundError`,
    typescript: `import express from "express"; // ERR_MODULE_NOT_FOUND`,
  },
  repair: {
    python: `import socket                         # comes with Python
import threading`,
    typescript: `import net from "node:net"; // comes with Node`,
  },
  fault: breaks,
  diagnose(symptoms) {
    const names = [...STARTS, ...arrivesBy(symptoms)];
    const isLacking = both(
      crashed,
      lacksPackage,
      not(anyOf(isForAnotherRuntime, isForWindows, isOutdated, needsWindow)),
    );
    return suspect(0.98, showing(symptoms, isLacking, names));
  },
};
