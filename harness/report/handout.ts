import {
  type Assignment,
  type Program,
  protocolOf,
  type Requirement,
  type Role,
  roleOf,
} from "../assignment/assignment.ts";
import { type GivenAtStart, givenToClient, givenToServer, passedTo } from "../assignment/passing.ts";
import type { Language, Text } from "../text.ts";
import { shellWord } from "./by-hand.ts";
import { points } from "./style.ts";

/** A program of an assignment and the file that it is to be written into, relative to the student's folder. */
export interface ToWrite {
  readonly program: Program;
  readonly file: string;
}

/** What an assignment asks for, for the student who begins with it: Markdown, in a beginner's words. */
export function handout(assignment: Assignment, toWrite: readonly ToWrite[], language: Language): string {
  const say = (text: Text): string => text[language];
  const { contract } = assignment;
  const files = toWrite.map(({ program, file }) => `- \`${file}\`: ${say(nameOf(program))}`);
  const rules = toWrite.map(({ program, file }) => {
    return `\`${file}\`:\n\n${rulesOf(program, contract)
      .map((rule) => `- ${say(rule)}`)
      .join("\n")}`;
  });
  const roles = toWrite.map(({ program }) => roleOf(program));
  const starts = toWrite.flatMap(({ program, file }) => started(assignment, program, file, language));
  return [
    `# ${say(assignment.title)}`,
    `## ${say(WRITE)}\n\n${files.join("\n")}`,
    `## ${say(BEHAVE)}\n\n${rules.join("\n\n")}`,
    `## ${say(ADDRESS)}\n\n${say(addressOf(contract, roles))}\n\n${starts.join("\n")}`,
    ...requirements(assignment.requirements, language),
    `## ${say(CHECK_IT)}\n\n${say(HOW_TO_CHECK)}\n`,
  ].join("\n\n");
}

function nameOf(program: Program): Text {
  const protocol = protocolOf(program).toUpperCase();
  return roleOf(program) === "server"
    ? { en: `the echo server, with ${protocol}`, id: `server echo, dengan ${protocol}` }
    : { en: `the echo client, with ${protocol}`, id: `klien echo, dengan ${protocol}` };
}

function rulesOf(program: Program, contract: Assignment["contract"]): Text[] {
  const isUdp = protocolOf(program) === "udp";
  if (roleOf(program) === "client") return [isUdp ? UDP_CLIENT : TCP_CLIENT, ...clientRules(contract)];
  return [ECHO, ...(isUdp ? [datagrams(contract)] : tcpServerRules(contract)), GOES_ON];
}

const ECHO: Text = {
  en: 'It is an *echo*: it sends back to each client exactly the bytes that came from it. `"Halo"` comes back as `"Halo"`, with nothing added and nothing changed.',
  id: 'Server ini adalah *echo* (gema): ia mengirim kembali ke setiap klien persis byte yang diterimanya. `"Halo"` kembali sebagai `"Halo"`, tanpa tambahan dan tanpa perubahan.',
};
const GOES_ON: Text = {
  en: "It goes on after each client, until somebody presses Ctrl-C.",
  id: "Setelah melayani satu klien, server tetap berjalan sampai ada yang menekan Ctrl-C.",
};
const TCP_CLIENT: Text = {
  en: "It connects to the server, sends its message as bytes, receives the whole reply, closes its socket and ends.",
  id: "Klien terhubung ke server, mengirim pesannya sebagai byte, menerima seluruh balasan, menutup socket-nya, lalu berhenti.",
};
const UDP_CLIENT: Text = {
  en: "It sends its message to the server in one datagram, as bytes, receives the reply, closes its socket and ends.",
  id: "Klien mengirim pesannya ke server dalam satu datagram, sebagai byte, menerima balasan, menutup socket-nya, lalu berhenti.",
};

function datagrams({ bufferBytes }: Assignment["contract"]): Text {
  return {
    en: `Each datagram, of up to ${bufferBytes} bytes, is sent back as one datagram to the address that it came from.`,
    id: `Setiap datagram, sampai ${bufferBytes} byte, dikirim kembali sebagai satu datagram ke alamat asalnya.`,
  };
}

function tcpServerRules({ kind, concurrent, bufferBytes }: Assignment["contract"]): Text[] {
  const together: Text = {
    en: "It may not keep a client waiting because another one is connected and says nothing.",
    id: "Server tidak boleh membuat sebuah klien menunggu hanya karena ada klien lain yang terhubung dan diam.",
  };
  return [kind === "one-shot" ? oneMessage(bufferBytes) : UNTIL_FINISHED, ...(concurrent ? [together] : [])];
}

function oneMessage(bufferBytes: number): Text {
  return {
    en: `It serves one message a connection: accept a client, receive once (up to ${bufferBytes} bytes), send that back, close this connection, accept the next client.`,
    id: `Satu pesan untuk setiap koneksi: terima (accept) klien, terima (recv) satu kali (sampai ${bufferBytes} byte), kirim kembali, tutup koneksi itu, lalu terima klien berikutnya.`,
  };
}

const UNTIL_FINISHED: Text = {
  en: "It goes on receiving and sending back until the client has finished, which shows when a receive gives nothing. TCP is a stream of bytes: one message may come in several pieces, or several messages in one.",
  id: "Server terus menerima dan mengirim kembali sampai klien selesai, yang terlihat saat recv tidak memberi apa-apa. TCP adalah aliran byte: satu pesan bisa datang dalam beberapa potong, atau beberapa pesan sekaligus.",
};

function clientRules({ client }: Assignment["contract"]): Text[] {
  const prints: Text = {
    en: "It shows on the screen what it received (stdout).",
    id: "Klien menampilkan apa yang diterimanya di layar (stdout).",
  };
  const gives: Text = {
    en: "When no reply ever comes, it gives up by itself and says so.",
    id: "Jika balasan tidak pernah datang, klien menyerah sendiri dan memberi tahu.",
  };
  return [messageRule(client.message), ...(client.printsReply ? [prints] : []), ...(client.mustTimeOut ? [gives] : [])];
}

function messageRule(message: Assignment["contract"]["client"]["message"]): Text {
  switch (message.by) {
    case "argv":
      return { en: "Its message is given when it is started.", id: "Pesannya diberikan saat klien dijalankan." };
    case "stdin":
      return { en: "Its message is typed on the keyboard (stdin).", id: "Pesannya diketik di keyboard (stdin)." };
    case "fixed":
      return message.text === undefined
        ? {
            en: "Its message stands in the program; any will do.",
            id: "Pesannya tertulis di dalam program; isinya bebas.",
          }
        : { en: `Its message is \`${message.text}\`.`, id: `Pesannya adalah \`${message.text}\`.` };
    default:
      return message satisfies never;
  }
}

function addressOf(contract: Assignment["contract"], roles: readonly Role[]): Text {
  const { host, port } = contract.address;
  const isFixed = (role: Role): boolean => passedTo(role, contract).by === "fixed";
  const [fixed, given] = [roles.find(isFixed), roles.find((role) => !isFixed(role))];
  if (fixed && given) {
    return {
      en: `Host \`${host}\`, port \`${port}\`. Both stand in your ${fixed}. Your ${given} is given both when it is started. They may be different each time, so it reads them.`,
      id: `Host \`${host}\`, port \`${port}\`. Keduanya tertulis di dalam ${ROLE[fixed]} Anda. Untuk ${ROLE[given]}, keduanya diberikan saat program dijalankan. Nilainya bisa berbeda setiap kali, jadi bacalah.`,
    };
  }
  if (fixed) {
    return {
      en: `Host \`${host}\`, port \`${port}\`. Both stand in your program.`,
      id: `Host \`${host}\`, port \`${port}\`. Keduanya tertulis di dalam program Anda.`,
    };
  }
  return {
    en: "Host and port are given to your program when it is started. They may be different each time, so read them and don't write them into the program.",
    id: "Host dan port diberikan saat program dijalankan. Nilainya bisa berbeda setiap kali, jadi bacalah dan jangan tulis di dalam program.",
  };
}

/** In Indonesian. */
const ROLE: Readonly<Record<Role, string>> = { server: "server", client: "klien" };

/** How Gema starts a program, by an example. */
function started({ contract }: Assignment, program: Program, file: string, language: Language): string[] {
  const { host, port } = contract.address;
  const given =
    roleOf(program) === "server"
      ? givenToServer(contract, { host, port })
      : givenToClient(contract, { host, port, message: MESSAGE });
  const typed = [...given.stdinLines, ...given.laterLines].map((line) => `\`${line}\``).join(", ");
  const then = typed === "" ? "" : `, ${TYPED[language]} ${typed}`;
  return [`- ${STARTED[language](file)} \`${commandOf(given, file)}\`${then}`];
}

const MESSAGE = "Halo";

function commandOf({ command, args, env }: GivenAtStart, file: string): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = command ?? [...(file.endsWith(".py") ? ["python3"] : ["npx", "tsx"]), file];
  return [...settings, ...[...words, ...args].map(shellWord)].join(" ");
}

function requirements(all: readonly Requirement[], language: Language): string[] {
  if (all.length === 0) return [];
  const lines = all.map((one) => `| ${one.text[language].replaceAll("|", "\\|")} | ${points(one.points)} |`);
  const sum = points(all.reduce((total, one) => total + one.points, 0));
  const table = [`| ${ASKED[language]} | ${POINTS[language]} |`, "|---|---:|", ...lines, `| | **${sum}** |`];
  return [`## ${ASKED[language]}\n\n${table.join("\n")}`];
}

const WRITE: Text = { en: "What to write", id: "Yang harus ditulis" };
const BEHAVE: Text = { en: "How it behaves", id: "Cara kerjanya" };
const ADDRESS: Text = { en: "The address", id: "Alamatnya" };
const ASKED: Text = { en: "What counts", id: "Yang dinilai" };
const POINTS: Text = { en: "Points", id: "Poin" };
const CHECK_IT: Text = { en: "How to check it", id: "Cara memeriksanya" };
const TYPED: Text = { en: "then types", id: "lalu mengetik" };
const STARTED = {
  en: (file: string) => `Gema starts \`${file}\` as in`,
  id: (file: string) => `Gema menjalankan \`${file}\` dengan`,
};
const HOW_TO_CHECK: Text = {
  en: `In this folder:

\`\`\`sh
gema check
gema check --watch
\`\`\`

The first checks once and shows the one mistake that matters. The second goes on, and checks again whenever you save.
\`gema explain\` lists the usual mistakes, \`gema list\` says what each check rests on.`,
  id: `Di folder ini:

\`\`\`sh
gema check --lang id
gema check --watch --lang id
\`\`\`

Yang pertama memeriksa satu kali dan menunjukkan satu kesalahan yang paling penting. Yang kedua terus berjalan, dan
memeriksa lagi setiap kali Anda menyimpan. \`gema explain\` menampilkan kesalahan yang umum, \`gema list\` menjelaskan dasar
setiap pemeriksaan.`,
};
