import { createServer, type Server } from "node:net";
import { type Program, type Protocol, protocolOf } from "../assignment/assignment.ts";
import { givenToServer } from "../assignment/passing.ts";
import type { ServerCheck, ServerScene } from "../checks/check.ts";
import { type Address, destinationOf, includes } from "../kernel/address.ts";
import { waitUntilListening } from "../launch/ready.ts";
import type { Subject } from "../launch/subject.ts";
import type { Runnable } from "../submission/build.ts";
import { Conversation, probeName } from "../wire/conversation.ts";
import type { Patience } from "../wire/patience.ts";
import type { Recorder } from "../wire/recorder.ts";
import type { ListeningSocket, Transcript } from "../wire/transcript.ts";
import { anotherHostOf, type Bench, type Circumstances, LAUNCH, Starter } from "./bench.ts";

/** A server that runs, and what was seen of its start. */
interface Live {
  readonly subject: Subject | undefined;
  /** Where it was told to listen. */
  readonly asked: Address;
  /** Where it does listen; `undefined` when it does not. */
  readonly address: Address | undefined;
  readonly transcript: Transcript;
}

/** One process serves many checks, until one of them fails or ends it. */
export class ServerBench implements Bench {
  readonly #circumstances: Circumstances;
  readonly #program: Program;
  readonly #protocol: Protocol;
  readonly #checks: ReadonlyMap<string, ServerCheck>;
  readonly #starter: Starter;
  #live: Live | undefined;
  /** Clients of the server that runs. */
  #met = 0;
  #mostMet = 0;
  /** By stimulus. */
  readonly #found = new Map<string, unknown>();

  /** @param checks by name */
  constructor(
    circumstances: Circumstances,
    program: Program,
    runnable: Runnable,
    checks: ReadonlyMap<string, ServerCheck>,
  ) {
    this.#circumstances = circumstances;
    this.#program = program;
    this.#protocol = protocolOf(program);
    this.#checks = checks;
    this.#starter = new Starter(circumstances, runnable, "server");
  }

  get launches(): number {
    return this.#starter.launches;
  }

  get timeIsUp(): boolean {
    return this.#circumstances.patience.isOver;
  }

  async attempt(stimulus: string, alone: boolean): Promise<Transcript> {
    if (alone) await this.discard();
    if (stimulus === LAUNCH) return (await this.#running()).transcript;
    const check = this.#checks.get(stimulus);
    if (typeof check?.stimulate !== "function") throw new Error(`${stimulus} has no stimulus`);
    if (check.process === "own") return this.#run(check.stimulate, stimulus, await this.#nobody(), alone);
    return this.#meet(check.stimulate, stimulus, await this.#subjectFor(check), alone);
  }

  async #meet(
    stimulate: (scene: ServerScene) => Promise<void>,
    stimulus: string,
    live: Live,
    alone: boolean,
  ): Promise<Transcript> {
    if (!live.subject || !live.address)
      return [...live.transcript, { atMs: 0, type: "not-achieved", why: "not-delivered" }];
    return this.#run(stimulate, stimulus, live, alone);
  }

  async #subjectFor(check: ServerCheck): Promise<Live> {
    if (check.process === "restarts" && this.#live) return this.#live;
    return this.#running();
  }

  /** For a check that launches by itself. */
  async #nobody(): Promise<Live> {
    await this.discard();
    const asked = await this.#starter.address(this.#protocol);
    const address = { ...asked, host: destinationOf(asked.host) };
    return { subject: undefined, asked, address, transcript: [] };
  }

  /** The server that runs, or a fresh one. */
  async #running(): Promise<Live> {
    if (this.#live?.subject && this.#live.subject.exit === undefined && this.#live.address) return this.#live;
    await this.discard();
    const address = await this.#starter.address(this.#protocol);
    const recorder = this.#starter.recorder();
    this.#live = await this.#launch(address, recorder);
    return this.#live;
  }

  async #launch(asked: Address, recorder: Recorder): Promise<Live> {
    const { contract, limits } = this.#circumstances.assignment;
    recorder.add({ type: "asked", address: asked });
    const subject = await this.#starter.start(givenToServer(contract, this.#starter.told(asked)), recorder);
    if (!subject) return { subject, asked, address: undefined, transcript: recorder.finish() };
    const readiness = await waitUntilListening(subject, asked, limits.startSeconds * 1000, this.#protocol);
    recorder.add(readiness);
    const address = readiness.type === "listening" ? reachable(readiness.sockets, asked, this.#protocol) : undefined;
    return { subject, asked, address, transcript: recorder.finish() };
  }

  async #run(
    stimulate: (scene: ServerScene) => Promise<void>,
    stimulus: string,
    live: Live,
    alone: boolean,
  ): Promise<Transcript> {
    const { subject, asked, address = asked } = live;
    const fromAfar = { host: asked.host, port: address.port };
    const conversation = this.#conversation(this.#patience(alone));
    conversation.recorder.add({ type: "asked", address: asked });
    if (subject) conversation.attach(subject);
    try {
      await stimulate({
        contract: this.#circumstances.assignment.contract,
        limits: this.#circumstances.assignment.limits,
        payload: this.#starter.payload(`${this.#program}/${stimulus}`),
        conversation,
        address,
        mostMet: this.#mostMet,
        connect: (host) => {
          this.#countClient();
          const at = this.#live?.address ?? address;
          return conversation.connect(probeName(conversation.probes.length), { ...at, host: host ?? at.host });
        },
        connectFromAnotherHost: () =>
          conversation.connectFrom(anotherHostOf(this.#circumstances), probeName(conversation.probes.length), fromAfar),
        open: () => conversation.open(address),
        openFromAnotherHost: () => conversation.openFrom(anotherHostOf(this.#circumstances), fromAfar),
        launch: (where) => this.#relaunch(where, asked, conversation),
        occupying: (action) => this.#occupying(asked, conversation, action),
        apart: async (act, server) => {
          if (server === "fresh") await this.discard();
          return this.#meet(act, stimulus, await this.#running(), alone);
        },
        found: (find) => this.#findOnce(stimulus, find),
      });
      conversation.close();
      await conversation.rest();
      return conversation.recorder.finish();
    } finally {
      conversation.close();
    }
  }

  #countClient(): void {
    if (this.#live) this.#mostMet = Math.max(this.#mostMet, ++this.#met);
  }

  #conversation(patience: Patience): Conversation {
    return new Conversation(this.#starter.recorder(), patience);
  }

  #patience(alone: boolean): Patience {
    const { patience } = this.#circumstances;
    return alone ? patience.longer() : patience;
  }

  async #findOnce<T>(stimulus: string, find: () => Promise<T>): Promise<T> {
    if (!this.#found.has(stimulus)) this.#found.set(stimulus, await find());
    return this.#found.get(stimulus) as T;
  }

  async #relaunch(
    where: Parameters<ServerScene["launch"]>[0],
    asked: Address,
    conversation: Conversation,
  ): Promise<void> {
    await this.discard();
    const address = await {
      "same-address": () => asked,
      "other-address": () => this.#starter.otherAddress(this.#protocol),
      afresh: () => this.#starter.address(this.#protocol),
    }[where]();
    this.#live = await this.#launch(address, conversation.recorder);
    if (this.#live.subject) conversation.attach(this.#live.subject);
  }

  async #occupying({ port }: Address, conversation: Conversation, action: () => Promise<void>): Promise<void> {
    await this.discard();
    const occupiers = await Promise.all(this.#starter.hosts().map((host) => occupy({ host, port })));
    try {
      if (occupiers.includes(undefined)) conversation.recorder.add({ type: "not-achieved", why: "port-not-free" });
      else await action();
    } finally {
      await this.discard();
      for (const occupier of occupiers) if (occupier) await new Promise((resolve) => occupier.close(resolve));
    }
  }

  async discard(): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    this.#met = 0;
    await live?.subject?.stop();
  }
}

/** `undefined` when the address is not to be had. */
function occupy(address: Address): Promise<Server | undefined> {
  // Whoever comes is sent away: a connection that stays would keep it from closing.
  const occupier = createServer((socket) => void socket.destroy());
  return new Promise((resolve) => {
    occupier.once("error", () => resolve(undefined));
    occupier.listen({ ...address, exclusive: true }, () => resolve(occupier));
  });
}

/** Of the sockets of its protocol the one at the port that was asked for, else the first: what else it can do is still of interest. */
function reachable(sockets: readonly ListeningSocket[], asked: Address, wanted: Protocol): Address | undefined {
  const own = sockets.filter(({ protocol }) => protocol === wanted);
  const chosen = own.find(({ port }) => port === asked.port) ?? own[0];
  if (!chosen) return undefined;
  const host = includes(chosen.host, asked.host) ? asked.host : chosen.host;
  return { host: destinationOf(host), port: chosen.port };
}
