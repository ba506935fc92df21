import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { lacksArguments } from "../signs/arguments.ts";
import { crashed } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { complains } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "tcp-client"],
  title: { en: "A port that is no port number", id: "Port yang bukan nomor port" },
  explanation: {
    en: 'A port is a whole number from 0 to 65535. The program gave bind() or connect() something else: text such as "5000" in quotes, or a number beyond that range. What is typed or passed as an argument is text at first, also when it looks like a number.',
    id: 'Port adalah bilangan bulat dari 0 sampai 65535. Program memberi bind() atau connect() sesuatu yang lain: teks seperti "5000" dalam tanda kutip, atau angka di luar rentang itu. Yang diketik atau diberikan sebagai argumen mula-mula berupa teks, walaupun tampak seperti angka.',
  },
  lookUp: {
    en: "\"Port Number\" and bind(('127.0.0.1', 5000)) on the lecture's slides; Python docs, int() and socket, bind(); Node docs, Number() and the error ERR_SOCKET_BAD_PORT.",
    id: "\"Port Number\" dan bind(('127.0.0.1', 5000)) pada slide kuliah; dokumentasi Python, int() dan socket, bind(); dokumentasi Node, Number() dan error ERR_SOCKET_BAD_PORT.",
  },
  wrong: {
    python: `port = sys.argv[2]                    # text
s.bind(("127.0.0.1", port))           # TypeError`,
    typescript: `server.listen(70_000, "127.0.0.1"); // RangeError`,
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))           # a number, without quotes
port = int(sys.argv[2])               # text becomes a number`,
    typescript: `server.listen(5000, "127.0.0.1"); // from 0 to 65535
const port = Number(process.argv[3]);`,
  },
  inClient: {
    wrong: {
      python: `port = sys.argv[2]                    # text
s.connect(("127.0.0.1", port))        # TypeError`,
      typescript: `connect(70_000, "127.0.0.1"); // RangeError`,
    },
    repair: {
      python: `s.connect(("127.0.0.1", 5000))        # a number, without quotes
port = int(sys.argv[2])               # text becomes a number`,
      typescript: `connect(5000, "127.0.0.1"); // from 0 to 65535
const port = Number(process.argv[3]);`,
    },
  },
  fault: breaks,
  diagnose(symptoms) {
    const name = symptoms.program === "tcp-server" ? "starts-listening" : "connects-where-asked";
    const asText = both(
      complains(/\b(bind|connect|create_server)\(/),
      complains(/TypeError: '(str|float|NoneType)' object cannot be interpreted as an integer/),
    );
    const outOfRange = complains(/port must be 0-65535|ERR_SOCKET_BAD_PORT/);
    return suspect(
      0.98,
      showing(
        symptoms,
        both(crashed, not(lacksArguments), (seen) => asText(seen) || outOfRange(seen)),
        [name],
      ),
    );
  },
};
