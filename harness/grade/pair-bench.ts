import { type Pair, type Protocol, protocolOf } from "../assignment/assignment.ts";
import { givenToClient, givenToServer } from "../assignment/passing.ts";
import type { PairCheck } from "../checks/check.ts";
import { type Address, destinationOf } from "../kernel/address.ts";
import { contactsSoFar } from "../kernel/contacts.ts";
import { freeWayTo } from "../launch/port.ts";
import { waitUntilListening } from "../launch/ready.ts";
import type { Subject } from "../launch/subject.ts";
import type { Runnable } from "../submission/build.ts";
import { Conversation } from "../wire/conversation.ts";
import type { Payload } from "../wire/payload.ts";
import type { Transcript } from "../wire/transcript.ts";
import { typeOnceItSpeaks } from "../wire/typing.ts";
import { type Bench, type Circumstances, Starter } from "./bench.ts";

/** The student's server runs, and the student's clients meet it. */
export class PairBench implements Bench {
  readonly #circumstances: Circumstances;
  readonly #pair: Pair;
  readonly #protocol: Protocol;
  readonly #checks: ReadonlyMap<string, PairCheck>;
  readonly #server: Starter;
  readonly #client: Starter;

  /** @param checks by name */
  constructor(
    circumstances: Circumstances,
    pair: Pair,
    runnables: { readonly server: Runnable; readonly client: Runnable },
    checks: ReadonlyMap<string, PairCheck>,
  ) {
    this.#circumstances = circumstances;
    this.#pair = pair;
    this.#protocol = protocolOf(pair);
    this.#checks = checks;
    this.#server = new Starter(circumstances, runnables.server, "server", "client");
    this.#client = new Starter(circumstances, runnables.client, "client");
  }

  get launches(): number {
    return this.#server.launches + this.#client.launches;
  }

  get timeIsUp(): boolean {
    return this.#circumstances.patience.isOver;
  }

  async discard(): Promise<void> {}

  async attempt(stimulus: string, alone: boolean): Promise<Transcript> {
    const stimulate = this.#checks.get(stimulus)?.stimulate;
    if (typeof stimulate !== "function") throw new Error(`${stimulus} has no stimulus`);
    const { assignment, patience } = this.#circumstances;
    const conversation = new Conversation(this.#client.recorder(), alone ? patience.longer() : patience);
    const payload = this.#client.payload(`${this.#pair}/${stimulus}`);
    const asked = await this.#server.address(this.#protocol);
    const address = { ...asked, host: destinationOf(asked.host) };
    await freeWayTo(address);
    const server = await this.#startServer(asked);
    if (server) conversation.watch(server);
    const clients: Subject[] = [];
    try {
      await stimulate({
        contract: assignment.contract,
        payload,
        conversation,
        address,
        runClients: async (count) => {
          const before = contactsSoFar(this.#protocol);
          for (let i = 0; i < count; i++) await this.#startClient(address, payload, conversation, clients);
          const atLeastMs = assignment.limits.startSeconds * 1000;
          const ended = (): boolean => clients.every(({ exit }) => exit !== undefined);
          const outcome = await conversation.until(ended, { atLeastMs });
          if (outcome !== "met" && assignment.contract.client.message.by === "stdin") {
            // Whoever types has finished: a server that serves one client at a time goes on with the next.
            conversation.recorder.add({ type: "input-ended" });
            for (const client of clients) client.endInput();
            await conversation.until(ended, { atLeastMs });
          }
          const after = contactsSoFar(this.#protocol);
          if (before === undefined || after === undefined) return;
          conversation.recorder.add({ type: "measured", what: "contacts-made", value: after - before });
        },
      });
      return conversation.recorder.finish();
    } finally {
      for (const subject of clients) await subject.stop();
      await server?.stop();
    }
  }

  async #startServer(address: Address): Promise<Subject | undefined> {
    const { contract, limits } = this.#circumstances.assignment;
    const given = givenToServer(contract, this.#server.told(address));
    const server = await this.#server.start(given, this.#server.recorder());
    if (server) await waitUntilListening(server, address, limits.startSeconds * 1000, this.#protocol);
    return server;
  }

  async #startClient(
    address: Address,
    payload: Payload,
    conversation: Conversation,
    clients: Subject[],
  ): Promise<void> {
    const { contract } = this.#circumstances.assignment;
    const message = payload.nonce().toString("latin1");
    const given = givenToClient(contract, { ...this.#client.told(address), message });
    const subject = await this.#client.start(given, conversation.recorder);
    if (!subject) return;
    clients.push(subject);
    conversation.attachAmongOthers(subject);
    await typeOnceItSpeaks(subject, given.laterLines, conversation.recorder);
  }
}
