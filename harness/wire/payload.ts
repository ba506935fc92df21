import { createCipheriv, createHash } from "node:crypto";

/** No word can be spelled with these, so that no program meets its farewell in them by chance. */
const ALPHABET = Buffer.from("bcdfghjkmnprstvwxzBCDFGHJKMNPRSTVWXZ23456789");
/** The letter for each value of a byte. */
const LETTERS = Buffer.from(Array.from({ length: 256 }, (_, byte) => ALPHABET[byte % ALPHABET.length] ?? 0));

/** Bytes that nobody can guess without the seed: the same seed and label give the same bytes for ever. */
export class Payload {
  readonly #seed: number;
  readonly #label: string;
  #count = 0;

  /** @param label keeps the payloads of different checks apart */
  constructor(seed: number, label: string) {
    this.#seed = seed;
    this.#label = label;
  }

  /** Random bytes. */
  bytes(length: number): Buffer {
    const key = createHash("sha256")
      .update(`${this.#seed}/${this.#label}/${this.#count++}`)
      .digest();
    const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16, 32));
    return cipher.update(Buffer.alloc(length));
  }

  /** Random ASCII consonants and digits, without spaces and line ends, and without `q` and `l`. */
  nonce(length = 12): Buffer {
    const bytes = this.bytes(length);
    for (let at = 0; at < length; at++) bytes[at] = LETTERS[bytes[at] ?? 0] ?? 0;
    return bytes;
  }
}

/** In hexadecimal; of text, of its UTF-8. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
