import { crc32, deflateRawSync } from "node:zlib";

/** An entry as it is to stand in the archive, true or not. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: string | Uint8Array;
  /** Unix mode; 0 says nothing. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Lies: what the headers say. */
  readonly size?: number;
  readonly crc?: number;
}

/** A ZIP archive, written field by field (APPNOTE.TXT 4.3), so that a test can say in it what no program would. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data = "", mode = 0, flags = 0, method = 8, size, crc } of entries) {
    const bytes = Buffer.from(data as Uint8Array);
    const stored = method === 8 ? deflateRawSync(bytes) : bytes;
    const nameBytes = Buffer.from(name as Uint8Array);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc ?? crc32(bytes), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(size ?? bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, nameBytes, stored]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, rest, nameBytes]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

export interface TarEntry {
  readonly name: string;
  readonly data?: string | Uint8Array;
  readonly mode?: number;
  /** `0` a file, `1` a hard link, `2` a link, `3` and `4` devices, `5` a folder, `6` a FIFO, `x` an extended header. */
  readonly type?: string;
  readonly link?: string;
  /** A lie: what the header says. */
  readonly size?: number;
}

/** A tar archive in the ustar format of pax(1), without its end unless it is asked for. */
export function tarOf(entries: readonly TarEntry[], end = true): Buffer {
  const blocks = entries.flatMap(({ name, data = "", mode = 0o644, type = "0", link = "", size }) => {
    const bytes = Buffer.from(data as Uint8Array);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(octal(mode, 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(size ?? bytes.length, 11), 124);
    header.write(octal(0, 11), 136);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write("ustar\x0000", 257, "latin1");
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(end ? 1024 : 0)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
