import type { Text } from "../../text.ts";
import { always, type PairCheck } from "../check.ts";
import { asText, exitOf, launchesAtOnce, showsText, told } from "../client-reading.ts";
import { fail, last, lastWords, measured, PASS, printed } from "../reading.ts";

/** As on the lecture's slide. */
const CLIENTS = 3;

export const check: PairCheck = {
  title: {
    en: "your client and your server work together, three clients at once",
    id: "klien dan server Anda bekerja sama, tiga klien sekaligus",
  },
  why: {
    en: "Client and server must agree on address, port and on who closes when. Each client has its own socket and gets its own message back.",
    id: "Klien dan server harus sepakat tentang alamat, port, dan siapa yang menutup koneksi. Setiap klien punya socket sendiri dan menerima kembali pesannya sendiri.",
  },
  requirement: "pair",
  cites: [{ source: "lecture", quote: "Socket klien di sisi server → satu socket per koneksi" }],
  level: always("must"),
  stimulate: (scene) => scene.runClients(CLIENTS),
  judge(transcript, contract) {
    const expected: Text = {
      en: `All ${CLIENTS} clients end with exit code 0, each with its own message.`,
      id: "Ketiga klien berhenti dengan kode 0, masing-masing dengan pesannya sendiri.",
    };
    const problem = last(transcript, "not-started")?.problem;
    if (problem) return fail(expected, problem);
    const clients = launchesAtOnce(transcript);
    // How one ends when there is nothing more to type is for checks of the client alone.
    const typing = transcript.findIndex(({ type }) => type === "input-ended");
    const whileTyping = typing < 0 ? clients : launchesAtOnce(transcript.slice(0, typing));
    const exits = whileTyping.flatMap((own) => exitOf(own) ?? []);
    const failed = exits.filter(({ code }) => code !== 0).length;
    if (failed > 0) {
      const words = lastWords(transcript);
      return fail(expected, {
        en: `${failed} of ${CLIENTS} clients ended with an error.${words && ` Last words: ${words}`}`,
        id: `${failed} dari ${CLIENTS} klien berhenti karena kesalahan.${words && ` Kata-kata terakhir: ${words}`}`,
      });
    }
    const { client } = contract;
    const missing = clients.flatMap((own) => {
      const message = told(own, contract);
      return message && !showsText(printed(own, "stdout"), message) ? [asText(message)] : [];
    });
    // A client that takes what is typed may ask for the next line.
    const mayStay = client.message.by === "stdin" && client.printsReply && missing.length === 0;
    if (exits.length < CLIENTS && !mayStay) {
      const stay = CLIENTS - exits.length;
      return fail(expected, {
        en: `${stay} of ${CLIENTS} clients did not end: client and server wait for each other.`,
        id: `${stay} dari ${CLIENTS} klien tidak berhenti: klien dan server saling menunggu.`,
      });
    }
    if (client.printsReply && missing.length > 0) {
      return fail(expected, {
        en: `Not shown by its client: ${missing.join(", ")}.`,
        id: `Tidak ditampilkan oleh kliennya: ${missing.join(", ")}.`,
      });
    }
    // Others on this network may have been counted too, so only too few say something.
    const contacts = measured(transcript, "contacts-made") ?? CLIENTS;
    return contacts >= CLIENTS ? PASS : fail(expected, TOO_FEW_CAME);
  },
};

const TOO_FEW_CAME: Text = {
  en: `All clients ended without an error, but not all ${CLIENTS} of them talked to the server.`,
  id: "Semua klien berhenti tanpa kesalahan, tetapi tidak ketiganya berbicara dengan server.",
};
