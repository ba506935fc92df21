/**
 * System calls that no homework needs, by number: those that reach other processes, the kernel or the machine's set-up,
 * and those that hold memory which no limit counts. Names and numbers: arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h.
 */
const DENIED: Readonly<Record<string, { readonly x64?: number; readonly arm64?: number }>> = {
  ptrace: { x64: 101, arm64: 117 },
  process_vm_readv: { x64: 310, arm64: 270 },
  process_vm_writev: { x64: 311, arm64: 271 },
  pidfd_getfd: { x64: 438, arm64: 438 },
  process_madvise: { x64: 440, arm64: 440 },
  kcmp: { x64: 312, arm64: 272 },
  perf_event_open: { x64: 298, arm64: 241 },
  bpf: { x64: 321, arm64: 280 },
  userfaultfd: { x64: 323, arm64: 282 },
  io_uring_setup: { x64: 425, arm64: 425 },
  io_uring_enter: { x64: 426, arm64: 426 },
  io_uring_register: { x64: 427, arm64: 427 },
  add_key: { x64: 248, arm64: 217 },
  request_key: { x64: 249, arm64: 218 },
  keyctl: { x64: 250, arm64: 219 },
  memfd_create: { x64: 319, arm64: 279 },
  memfd_secret: { x64: 447, arm64: 447 },
  shmget: { x64: 29, arm64: 194 },
  msgget: { x64: 68, arm64: 186 },
  unshare: { x64: 272, arm64: 97 },
  setns: { x64: 308, arm64: 268 },
  mount: { x64: 165, arm64: 40 },
  umount2: { x64: 166, arm64: 39 },
  pivot_root: { x64: 155, arm64: 41 },
  chroot: { x64: 161, arm64: 51 },
  open_tree: { x64: 428, arm64: 428 },
  move_mount: { x64: 429, arm64: 429 },
  fsopen: { x64: 430, arm64: 430 },
  fsconfig: { x64: 431, arm64: 431 },
  fsmount: { x64: 432, arm64: 432 },
  fspick: { x64: 433, arm64: 433 },
  mount_setattr: { x64: 442, arm64: 442 },
  name_to_handle_at: { x64: 303, arm64: 264 },
  open_by_handle_at: { x64: 304, arm64: 265 },
  fanotify_init: { x64: 300, arm64: 262 },
  quotactl: { x64: 179, arm64: 60 },
  acct: { x64: 163, arm64: 89 },
  swapon: { x64: 167, arm64: 224 },
  swapoff: { x64: 168, arm64: 225 },
  reboot: { x64: 169, arm64: 142 },
  kexec_load: { x64: 246, arm64: 104 },
  kexec_file_load: { x64: 320, arm64: 294 },
  init_module: { x64: 175, arm64: 105 },
  finit_module: { x64: 313, arm64: 273 },
  delete_module: { x64: 176, arm64: 106 },
  syslog: { x64: 103, arm64: 116 },
  personality: { x64: 135, arm64: 92 },
  iopl: { x64: 172 },
  ioperm: { x64: 173 },
  modify_ldt: { x64: 154 },
};

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64, include/uapi/linux/audit.h. */
const ARCHITECTURES: Readonly<Record<string, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };
/** Calls from here on belong to the x32 interface, which has numbers of its own. */
const X32 = 0x4000_0000;

/** Instructions of classic BPF and answers of a filter: include/uapi/linux/{bpf_common,seccomp}.h. */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const EPERM = 0x0005_0001;
/** Offsets in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;

/**
 * A seccomp filter (seccomp(2)) that answers EPERM to the calls above and to those of a foreign architecture, and lets
 * all others pass. `undefined` for a processor whose numbers are not known here.
 */
export function seccompFilter(architecture: string = process.arch): Buffer | undefined {
  const name = ARCHITECTURES[architecture];
  if (name === undefined) return undefined;
  const numbers = Object.values(DENIED).flatMap((known) => known[architecture as "x64" | "arm64"] ?? []);
  // The last two instructions are "allow" and "deny"; a jump counts the instructions that it leaps over.
  const toDeny = (left: number): number => left + 1;
  const program = [
    instruction(LOAD, ARCHITECTURE),
    instruction(JUMP_IF_EQUAL, name, 0, toDeny(numbers.length + 2)),
    instruction(LOAD, NUMBER),
    instruction(JUMP_IF_AT_LEAST, X32, toDeny(numbers.length), 0),
    ...numbers.map((number, at) => instruction(JUMP_IF_EQUAL, number, toDeny(numbers.length - 1 - at), 0)),
    instruction(RETURN, ALLOW),
    instruction(RETURN, EPERM),
  ];
  return Buffer.concat(program);
}

/** `struct sock_filter`: a 16-bit code, two 8-bit jumps, a 32-bit operand. */
function instruction(code: number, operand: number, ifTrue = 0, ifFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
