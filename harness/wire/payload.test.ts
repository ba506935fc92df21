import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Payload, sha256 } from "./payload.ts";

describe("a payload", () => {
  const draw = (seed: number, label: string) => {
    const payload = new Payload(seed, label);
    return [payload.bytes(100), payload.nonce(), payload.bytes(7)].map((bytes) => bytes.toString("hex"));
  };

  test("is the same for the same seed and label, and different otherwise", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.nat(), fc.string(), (seed, label, otherSeed, otherLabel) => {
        expect(draw(seed, label)).toEqual(draw(seed, label));
        fc.pre(`${seed}/${label}` !== `${otherSeed}/${otherLabel}`);
        expect(draw(seed, label)).not.toEqual(draw(otherSeed, otherLabel));
      }),
      { numRuns: 50 },
    );
  });

  test("is the same for ever", () => {
    // A stored seed must give the stored conversation: change these and every `--seed` means something else.
    expect(new Payload(1, "tcp-server/echoes-a-message").nonce().toString()).toMatchInlineSnapshot(`"pp5FGZsK5crC"`);
    expect(sha256(new Payload(42, "a").bytes(1_000_000))).toMatchInlineSnapshot(
      `"c61229a5c88a71128fc189f43545ec7e54cbda3527687595325f946b9c618545"`,
    );
  });

  test("is as long as asked, and no two are alike", () => {
    const payload = new Payload(7, "check");
    for (const length of [0, 1, 15, 16, 17, 100_000]) expect(payload.bytes(length)).toHaveLength(length);
    const nonces = Array.from({ length: 200 }, () => payload.nonce().toString());
    expect(new Set(nonces).size).toBe(200);
  });

  test("of random bytes holds every byte", () => {
    expect(new Set(new Payload(7, "check").bytes(10_000)).size).toBe(256);
  });

  test("a nonce holds letters and digits of which no word is made, and none that eyes take for another", () => {
    const text = new Payload(7, "check").nonce(50_000).toString("latin1");
    expect(text).toMatch(/^[a-zA-Z0-9]+$/);
    expect(text).not.toMatch(/[aeiouyAEIOUY]|[qQlL01]/);
    expect(new Set(text).size).toBe(44);
    expect(new Payload(7, "check").nonce()).toHaveLength(12);
  });
});

test("SHA-256 is that of FIPS 180-4", () => {
  expect(sha256(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
