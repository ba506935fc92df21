import { has, measured, printed } from "../../checks/reading.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { exchanges } from "../exchange.ts";
import { crashed, exited } from "./process.ts";
import { anyOf, both, not, type Sign } from "./sign.ts";

/** The program wrote such words to stderr: an exception's name, usually. */
export const complains =
  (words: RegExp): Sign =>
  (transcript) =>
    words.test(printed(transcript, "stderr"));

/** The program wrote such words to its user, on stdout or stderr. */
export const says =
  (words: RegExp): Sign =>
  (transcript) =>
    words.test(printed(transcript, "stderr")) || words.test(printed(transcript, "stdout"));

/** The program sent such words. */
const sends =
  (words: RegExp): Sign =>
  (transcript) =>
    exchanges(transcript).some(({ received }) => words.test(received.toString("latin1")));

const saysOrSends = (words: RegExp): Sign => anyOf(says(words), sends(words));

/** What Node says of a value that is no text either, as a rule a variable that holds nothing. */
const NO_TEXT = String.raw`Received (undefined|null|type number|an instance of (Object|Array)\b)`;

/** It gave text, or what it took for text, where bytes are needed, whether it caught the error or not. */
export const givesTextToSend: Sign = says(
  new RegExp(
    [
      "a bytes-like object is required, not '(str|int)'",
      String.raw`\[ERR_INVALID_ARG_TYPE\](?!.*${NO_TEXT})`,
      "encoding without a string argument",
      "string argument without an encoding",
      "can't concat (str|bytes)",
      String.raw`can only concatenate str \(not "bytes"`,
    ].join("|"),
  ),
);

/** It came to a line that can never be carried out. */
export const slips: Sign = complains(
  /^(NameError|UnboundLocalError|AttributeError|ReferenceError): |^TypeError: .*(a bytes-like object is required, not '(?!str|int)\w+'|is not a function|positional argument|argument after \*|is not callable|object is not iterable|cannot unpack|can only concatenate str \(not "(?!bytes)|unsupported operand type)/m,
);

/** It came to a line that cannot be carried out with such a value. */
export const meetsBadValue: Sign = complains(
  /^(KeyError|IndexError|ValueError|ZeroDivisionError|RecursionError|RangeError)\b|^TypeError: Cannot (read|set) properties of|^TypeError \[ERR_STREAM_NULL_VALUES\]|^SyntaxError: .*JSON/m,
);

/** Node was given nothing, or no text, to send. */
export const sendsNothing: Sign = complains(new RegExp(String.raw`\[ERR_INVALID_ARG_TYPE\].*${NO_TEXT}`));

/** What stands for a function itself: the brackets are missing that would call it. */
const A_FUNCTION =
  /<(built-in|bound) method |<function \w+ at |\[Function: \w+\]|function toString\(|\{ \[native code\] \}/;

/** It sends a function instead of what that gives. */
export const sendsAFunction: Sign = sends(A_FUNCTION);

/** It shows or sends a function instead of what that gives. */
export const showsAFunction: Sign = saysOrSends(A_FUNCTION);

/** A send that does not wait found no room, and the program says so. */
export const meetsFullBuffer: Sign = says(/BlockingIOError|Resource temporarily unavailable/);

/** It used a socket that it had closed itself, whether it caught the error or not. */
export const usesAClosedSocket: Sign = both(
  says(/\[Errno 9\]|Bad file descriptor|ERR_SOCKET_DGRAM_NOT_RUNNING/),
  not(complains(/self\._accept\(\)/)),
);

export const saysTimeIsUp: Sign = says(/timed? ?out|batas waktu|waktu habis/i);

/** What has to be waited for was sent, printed or worked with as if it were the result. */
const usesUnawaited: Sign = saysOrSends(
  /'coroutine'|<coroutine |coroutine object|instance of Promise|Promise \{|\[object Promise\]/,
);

/** It did nothing, or ended, and Python says what never ran, and not because of another error before. Nobody misses a drain. */
const neverRan: Sign = (transcript) =>
  !complains(/^Traceback/m)(transcript) &&
  complains(/coroutine '(?!.*(drain|sleep|wait_closed)')[^']+' was never awaited/)(transcript) &&
  (exited(transcript) || exchanges(transcript).every(({ receivedBytes }) => receivedBytes === 0));

/** An `await` is missing. */
export const forgetsAwait: Sign = anyOf(usesUnawaited, neverRan);

/** It could not make text of bytes, or bytes of text, whether it caught that or not. */
export const failsToDecode: Sign = says(
  /Unicode(De|En)codeError|codec can't (de|en)code|ERR_ENCODING_INVALID|encoded data was not valid/,
);

/** It showed the UTF-8 bytes of `é` as if each were a letter. */
export const showsBytesAsLetters: Sign = says(/Ã©/);

/** How interpreters and people report that nobody listens at an address. */
const SAYS_REFUSED = /ECONNREFUSED|ConnectionRefused|connection refused|actively refused/i;

/** It went to an address where nobody listens: it says so, or the kernel has counted it. */
export const isTurnedAway: Sign = (transcript) =>
  says(SAYS_REFUSED)(transcript) || (measured(transcript, "knocks-in-vain") ?? 0) > 0;

/** An import found nothing, and not for a file of the student's own: those begin with a dot or a slash. */
export const lacksPackage: Sign = complains(
  /ModuleNotFoundError: No module named|Cannot find (package|module) '(?![./])/,
);

/** ENOTCONN and EPIPE, recv(2) and send(2): its socket is connected to nobody. Where bytes came back, it was. */
export const talksToNobody: Sign = (transcript) =>
  complains(/\[Errno (32|107)\]/)(transcript) &&
  exchanges(transcript).every(({ receivedBytes }) => receivedBytes === 0);

/** What Python 3 and Node say of names, words and arguments that only older versions had. */
export const isOutdated: Sign = complains(
  new RegExp(
    [
      "Missing parentheses in call to '(print|exec)'",
      "multiple exception types must be parenthesized",
      "No module named '(SocketServer|Queue|thread|urllib2|urlparse|ConfigParser|StringIO|cStringIO|cPickle|Tkinter|BaseHTTPServer|SimpleHTTPServer|asyncore|asynchat)'",
      "name '(raw_input|unicode|xrange|unichr|long|reload|execfile)' is not defined",
      "got an unexpected keyword argument 'loop'",
      "module 'asyncio' has no attribute '(async|coroutine|JoinableQueue)'",
      "'dict' object has no attribute '(has_key|iteritems|itervalues|iterkeys)'",
      "(util|sys)\\.(print|puts|debug|error) is not a function",
      "Cannot find module '(tcp|sys)'",
    ].join("|"),
  ),
);

/** Imports and names that only Deno or Bun knows, in the words of Node. */
export const isForAnotherRuntime: Sign = complains(
  /(Deno|Bun) is not defined|Received protocol '(https?|jsr|npm|bun):'|Cannot find (module|package) '((https?|jsr|npm|bun):|bun')/,
);

const WINDOWS_COMMANDS = String.raw`(cls|cmd|powershell|title|color|chcp|mode|ipconfig|taskkill)(\.exe)?`;

/** What Python and Node say of modules, names, commands and paths that there are on Windows only. */
export const isForWindows: Sign = complains(
  new RegExp(
    [
      "No module named '(msvcrt|_?winreg|winsound|_winapi|win32\\w*|pywintypes|wmi)'",
      "^ImportError: win32 only",
      "(module 'socket' has no attribute|cannot import name) '(SO_EXCLUSIVEADDRUSE|SIO_\\w+|RCVALL_\\w+)'",
      "'socket' object has no attribute 'ioctl'",
      "(module 'asyncio' has no attribute|cannot import name) '(Windows\\w+Policy|ProactorEventLoop)'",
      "(module 'ctypes' has no attribute|cannot import name) '(windll|oledll|WinDLL|WinError|GetLastError)'",
      "(module 'signal' has no attribute|cannot import name) '(CTRL_C_EVENT|CTRL_BREAK_EVENT|SIGBREAK)'",
      "module 'os' has no attribute '(startfile|add_dll_directory)'",
      "module 'subprocess' has no attribute '(STARTUPINFO|STARTF_USESHOWWINDOW|SW_HIDE|CREATE_NEW_CONSOLE|CREATE_NO_WINDOW|DETACHED_PROCESS)'",
      "module 'sys' has no attribute '(getwindowsversion|winver)'",
      String.raw`No such file or directory: '(${WINDOWS_COMMANDS}'|[A-Za-z]:\\)`,
      String.raw`\bspawn(Sync)? ${WINDOWS_COMMANDS} ENOENT`,
      String.raw`Command failed: ${WINDOWS_COMMANDS}\b`,
      String.raw`ENOENT: no such file or directory, \w+ '[A-Za-z]:\\`,
    ].join("|"),
    "m",
  ),
);

/** It draws a window, and has no screen, or not what draws it. */
export const needsWindow: Sign = complains(
  /no display name and no \$DISPLAY|couldn't connect to display|could not connect to display|No available video device|No module named '_?(tkinter|customtkinter|PyQt\d|PySide\d|wx|pygame|kivy|dearpygui|PySimpleGUI|turtle)'|Cannot find (module|package) 'electron'/,
);

/** It crashed because its input and output are no terminal. */
export const needsTerminal: Sign = (transcript) =>
  crashed(transcript) &&
  complains(
    /Inappropriate ioctl|ENOTTY|'\/dev\/tty'|os\.getlogin\(\)|termios\.error|(clearLine|clearScreenDown|cursorTo|moveCursor|getWindowSize|setRawMode) is not a function/,
  )(transcript);

/** The line of the program at which Python's last exception arose, as its traceback shows it. */
function lineOfError(transcript: Transcript): string | undefined {
  const lines = [
    ...printed(transcript, "stderr").matchAll(/^ {4}(\S.*)\n(?: +[~^]+ *\n)?[A-Z]\w*(?:Error|Exception)\b/gm),
  ];
  return lines.at(-1)?.[1];
}

/** What Python and Node say of names that came with a later version than the one that runs it. */
const namesNewerThings: Sign = complains(
  new RegExp(
    [
      "cannot import name '(override|batched|deprecated|TypeAliasType|TypeIs|ReadOnly|Self|Never|StrEnum|TaskGroup|QueueShutDown)'",
      "module '(asyncio|itertools|typing)' has no attribute '(TaskGroup|timeout|timeout_at|Runner|Barrier|QueueShutDown|batched|pairwise|override|Self)'",
      "'Server' object has no attribute '(close_clients|abort_clients)'",
      "'Queue' object has no attribute 'shutdown'",
      "(Promise\\.(withResolvers|try)|Array\\.fromAsync|(Object|Map)\\.groupBy|Iterator\\.from|RegExp\\.escape|process\\.getBuiltinModule) is not a function",
      "No such built-in module: node:(sqlite|sea)\\b",
    ].join("|"),
  ),
);

/** Python 3.12 has type parameters, and f-strings with the quotes inside that are around them. */
const TYPE_PARAMETERS = /^(type \w+(\[.*\])? = |(async )?def \w+\[|class \w+\[)/;
const SAME_QUOTES_INSIDE = /\bf(["'])((?!\1).)*\{((?!\1)[^{}])*\1[^{}]*\1[^{}]*\}/;
const LINE_AT_MOST = 300;

/** Python, or Node, does not understand a line that a later version does. */
const usesNewerSyntax: Sign = (transcript) => {
  if (complains(/^SyntaxError: f-string expression part cannot include /m)(transcript)) return true;
  if (complains(/^ *(await )?using \w+ = .*\n *\^+\n\nSyntaxError: /m)(transcript)) return true;
  const line = lineOfError(transcript)?.slice(0, LINE_AT_MOST) ?? "";
  if (complains(/^SyntaxError: f-string: /m)(transcript)) return SAME_QUOTES_INSIDE.test(line);
  return complains(/^SyntaxError: /m)(transcript) && TYPE_PARAMETERS.test(line);
};

const ASKS_FOR_A_VERSION =
  /\b(needs?|requires?|butuh|membutuhkan|memerlukan|perlu|minimal|minimum)\b.{0,30}\b(python|node(\.js)?)\b.{0,15}\d|\b(python|node(\.js)?)\b.{0,5}\d[\d.]*.{0,5}\b(is required|or (later|newer|higher|above)|atau lebih baru|ke atas)\b/i;

/** It looks at the version that runs it, and its last words are that it needs a later one. */
const asksForALaterVersion: Sign = (transcript) => {
  if (!exited(transcript) || has(transcript, "connected")) return false;
  if (/^assert\b.*\bversion_info\b/.test(lineOfError(transcript) ?? "")) return true;
  const lastWords = printed(transcript, "stdout").trimEnd().split("\n").at(-1) ?? "";
  return ASKS_FOR_A_VERSION.test(lastWords) || complains(ASKS_FOR_A_VERSION)(transcript);
};

/** It needs a later version of Python or Node than the one that runs it. */
export const isTooNew: Sign = anyOf(namesNewerThings, usesNewerSyntax, asksForALaterVersion);

/** Python could not make one thing of str and bytes, and not in a send, which says that it takes bytes only. */
export const mixesTextAndBytes: Sign = (transcript) => {
  const line = lineOfError(transcript);
  const isSend = line !== undefined && /\b(send|sendall|sendto|sendmsg|write)\s*\(/.test(line);
  const joins = says(/can only concatenate str \(not "bytes"\)|can't concat str to bytes|first arg must be bytes/);
  const wantsBytes = complains(/TypeError: a bytes-like object is required, not 'str'/);
  return !isSend && (joins(transcript) || (line !== undefined && wantsBytes(transcript)));
};

/** What stops it has a name of its own, which tells more than that it stopped. */
export const stopsForAKnownReason: Sign = anyOf(
  forgetsAwait,
  isForAnotherRuntime,
  isForWindows,
  isOutdated,
  isTooNew,
  needsTerminal,
  needsWindow,
);
