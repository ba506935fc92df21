import { sends } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { isHttp } from "../reply.ts";
import { anyExchange } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Answers as a web server does (HTTP)", id: "Menjawab seperti server web (HTTP)" },
  explanation: {
    en: "What comes back is what a web server says: HTTP/1.1 and a status, or a page. HTTP is a language of its own that is spoken over TCP; its server expects a request with headers, and calls a plain message a bad one. A TCP echo server knows no language: it sends back the bytes as they came. So it is made with socket or socketserver in Python, with node:net in Node, and not with http.server, Flask, node:http or Express. Try it with a client of your own or with nc, not with a browser.",
    id: "Yang kembali adalah ucapan server web: HTTP/1.1 dan status, atau sebuah halaman. HTTP adalah bahasa tersendiri yang dipakai di atas TCP; servernya mengharapkan request dengan header, dan menganggap pesan biasa sebagai request yang salah. Server echo TCP tidak mengenal bahasa apa pun: ia mengirim balik byte apa adanya. Karena itu server dibuat dengan socket atau socketserver di Python, dengan node:net di Node, bukan dengan http.server, Flask, node:http, atau Express. Coba dengan klien buatan sendiri atau nc, bukan dengan browser.",
  },
  lookUp: {
    en: '"TCP → SOCK_STREAM" on the lecture\'s slides; Python docs, socket; Node docs, net, which is what http is built on; RFC 862: "any data received is sent back".',
    id: '"TCP → SOCK_STREAM" pada slide kuliah; dokumentasi Python, socket; dokumentasi Node, net, yang menjadi dasar http; RFC 862: "any data received is sent back".',
  },
  wrong: {
    python: `from http.server import HTTPServer, BaseHTTPRequestHandler
server = HTTPServer(("127.0.0.1", 5000), BaseHTTPRequestHandler)`,
    typescript: `import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.pipe(response);
});`,
  },
  repair: {
    python: `client_sock, client_addr = s.accept()
data = client_sock.recv(65535)
client_sock.sendall(data)     # the bytes alone, no headers`,
    typescript: `import { createServer } from "node:net";

const server = createServer((socket) => socket.pipe(socket));`,
  },
  fault: sends,
  diagnose: (symptoms) => suspect(0.98, showing(symptoms, anyExchange(isHttp))),
};
