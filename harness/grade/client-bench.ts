import type { Program } from "../assignment/assignment.ts";
import { givenToClient } from "../assignment/passing.ts";
import type { ClientCheck } from "../checks/check.ts";
import { type Address, destinationOf } from "../kernel/address.ts";
import { knocksInVain } from "../kernel/contacts.ts";
import { freeWayTo } from "../launch/port.ts";
import type { Subject } from "../launch/subject.ts";
import type { Runnable } from "../submission/build.ts";
import { Conversation } from "../wire/conversation.ts";
import type { Recorder } from "../wire/recorder.ts";
import type { Transcript } from "../wire/transcript.ts";
import { anotherHostOf, type Bench, type Circumstances, Starter } from "./bench.ts";

/** Every attempt runs the client anew, and is its server. */
export class ClientBench implements Bench {
  readonly #circumstances: Circumstances;
  readonly #program: Program;
  readonly #checks: ReadonlyMap<string, ClientCheck>;
  readonly #starter: Starter;

  /** @param checks by name */
  constructor(
    circumstances: Circumstances,
    program: Program,
    runnable: Runnable,
    checks: ReadonlyMap<string, ClientCheck>,
  ) {
    this.#circumstances = circumstances;
    this.#program = program;
    this.#checks = checks;
    this.#starter = new Starter(circumstances, runnable, "client");
  }

  get launches(): number {
    return this.#starter.launches;
  }

  get timeIsUp(): boolean {
    return this.#circumstances.patience.isOver;
  }

  async discard(): Promise<void> {}

  async attempt(stimulus: string, alone: boolean): Promise<Transcript> {
    const stimulate = this.#checks.get(stimulus)?.stimulate;
    if (typeof stimulate !== "function") throw new Error(`${stimulus} has no stimulus`);
    const { assignment, patience } = this.#circumstances;
    const conversation = new Conversation(this.#starter.recorder(), alone ? patience.longer() : patience);
    const payload = this.#starter.payload(`${this.#program}/${stimulus}`);
    const message = assignment.contract.client.message.by === "fixed" ? undefined : payload.nonce();
    // The client may come with the other socket type, and is heard then, too.
    const asked = await this.#starter.address("tcp", "udp");
    let address = metAt(asked);
    await freeWayTo(address);
    conversation.recorder.add({ type: "asked", address });
    const subjects: Subject[] = [];
    const knocksBefore = knocksInVain();
    try {
      await stimulate({
        contract: assignment.contract,
        payload,
        conversation,
        message,
        serve: async (serve) => {
          for (const host of this.#starter.hosts()) await conversation.listen(metAt({ ...address, host }), serve);
        },
        serveElsewhere: async (where, serve) => {
          address =
            where === "other-address"
              ? await conversation.listen(metAt(await this.#starter.otherAddress("tcp")), serve)
              : await conversation.listenOn(anotherHostOf(this.#circumstances), address, serve);
          conversation.recorder.add({ type: "asked", address });
        },
        serveDatagrams: async (serve) => {
          for (const host of this.#starter.hosts())
            await conversation.listenForDatagrams(metAt({ ...address, host }), serve);
        },
        serveDatagramsOnAnotherHost: async (serve) => {
          address = await conversation.listenForDatagramsOn(anotherHostOf(this.#circumstances), address, serve);
          conversation.recorder.add({ type: "asked", address });
        },
        refuse: async () => {},
        run: async (other) => {
          const subject = await this.#start(address, other ?? message, conversation);
          if (subject) subjects.push(subject);
        },
      });
      if (subjects.length > 0) await conversation.rest();
      noteKnocks(knocksBefore, conversation.recorder);
      return conversation.recorder.finish();
    } finally {
      for (const subject of subjects) await subject.stop();
      conversation.close();
      await this.#circumstances.anotherHost?.stopListening();
    }
  }

  async #start(
    address: Address,
    message: Buffer | undefined,
    conversation: Conversation,
  ): Promise<Subject | undefined> {
    const given = givenToClient(this.#circumstances.assignment.contract, {
      ...this.#starter.told(address),
      ...(message && { message: message.toString("utf8") }),
    });
    const subject = await this.#starter.start(given, conversation.recorder);
    if (!subject) return undefined;
    conversation.attach(subject);
    conversation.typeLater(given.laterLines);
    return subject;
  }
}

/** Where a client that came to nobody has been instead: the kernel counts who is turned away. */
function noteKnocks(before: number | undefined, recorder: Recorder): void {
  if (before === undefined || recorder.events.some(({ type }) => type === "connected")) return;
  const value = (knocksInVain() ?? before) - before;
  if (value > 0) recorder.add({ type: "measured", what: "knocks-in-vain", value });
}

/** Where a client on this host meets who listens there. */
function metAt({ host, port }: Address): Address {
  return { host: destinationOf(host), port };
}
