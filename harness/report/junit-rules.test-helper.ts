import { XMLParser, XMLValidator } from "fast-xml-parser";

/**
 * The rules of the JUnit dialect that Jenkins' xUnit plugin describes (junit-10.xsd: which elements and attributes, which
 * of them required), narrowed to what our readers need, and widened by three attributes that they read or ignore:
 * `file` and `line` on a test case, `skipped` on the root.
 */

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** In the order in which they may stand. */
  readonly children: readonly string[];
  /** Of these there may be several. */
  readonly many?: readonly string[];
}

const OUTCOME = { required: ["message", "type"], optional: [], children: [] };
const TEXT = { required: [], optional: [], children: [] };

const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: ["tests", "failures", "errors"],
    optional: ["name", "time", "skipped"],
    children: ["testsuite"],
    many: ["testsuite"],
  },
  testsuite: {
    required: ["name", "time", "timestamp", "tests", "failures", "errors"],
    optional: ["skipped", "hostname", "id", "package"],
    children: ["properties", "testcase", "system-out", "system-err"],
    many: ["testcase"],
  },
  properties: { required: [], optional: [], children: ["property"], many: ["property"] },
  property: { required: ["name", "value"], optional: [], children: [] },
  testcase: {
    required: ["name", "classname", "time"],
    optional: ["file", "line"],
    children: ["skipped", "error", "failure", "flakyFailure", "rerunFailure", "system-out", "system-err"],
    many: ["flakyFailure", "rerunFailure"],
  },
  failure: OUTCOME,
  error: OUTCOME,
  flakyFailure: OUTCOME,
  rerunFailure: OUTCOME,
  skipped: { required: ["message"], optional: ["type"], children: [] },
  "system-out": TEXT,
  "system-err": TEXT,
};

/** GitLab reads no larger file. */
const MOST_BYTES = 30 * 1024 * 1024;

/** Every breach of the rules in a JUnit file, in words; empty when it is in order. */
export function junitBreaches(xml: string): string[] {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return [`not well-formed: ${valid.err.msg} at line ${valid.err.line}`];
  const root = parseJunit(xml);
  return [
    ...(root.name === "testsuites" ? [] : [`the root is <${root.name}>`]),
    ...(Buffer.byteLength(xml) > MOST_BYTES ? ["larger than 30 MB"] : []),
    ...forbiddenCharacters(xml),
    ...elementBreaches(root),
    ...root.children.flatMap(suiteBreaches),
    ...countBreaches(root, root.children.flatMap(casesOf)),
    ...duplicates(
      "suite",
      root.children.map(({ attributes }) => attributes.name),
    ),
    ...duplicates(
      "case",
      root.children.flatMap(casesOf).map(({ attributes }) => `${attributes.classname} ${attributes.name}`),
    ),
  ];
}

/** The root element of a JUnit file. */
export function parseJunit(xml: string): Element {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
  });
  const nodes: unknown = parser.parse(xml);
  const [root, ...more] = elementsIn(nodes);
  if (root === undefined || more.length > 0) throw new Error("a document has one root");
  return root;
}

export function casesOf(suite: Element): Element[] {
  return suite.children.filter(({ name }) => name === "testcase");
}

export function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

function elementsIn(nodes: unknown): Element[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Record<string, unknown>) => {
    const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
    if (name === undefined) return [];
    const attributes = (node[":@"] ?? {}) as Record<string, string>;
    return [{ name, attributes, children: elementsIn(node[name]), text: textIn(node[name]) }];
  });
}

function textIn(nodes: unknown): string {
  if (!Array.isArray(nodes)) return "";
  return nodes
    .map((node: Record<string, unknown>) => (typeof node["#text"] === "string" ? node["#text"] : ""))
    .join("");
}

function forbiddenCharacters(xml: string): string[] {
  // XML 1.0, production 2, names what is allowed.
  const raw = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml);
  const references = [...xml.matchAll(/&#(x?)([0-9a-f]+);/gi)].map(([, x, digits]) =>
    Number.parseInt(digits ?? "", x ? 16 : 10),
  );
  const bad = references.some(
    (code) => (code < 0x20 && ![9, 10, 13].includes(code)) || (code >= 0xd800 && code < 0xe000),
  );
  return raw || bad ? ["a character that XML 1.0 forbids"] : [];
}

function elementBreaches(element: Element): string[] {
  const rule = RULES[element.name];
  if (rule === undefined) return [`<${element.name}> is unknown`];
  const names = Object.keys(element.attributes);
  const missing = rule.required.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !rule.required.includes(name) && !rule.optional.includes(name));
  return [
    ...missing.map((name) => `<${element.name}> has no ${name}`),
    ...unknown.map((name) => `<${element.name}> may not have ${name}`),
    ...childBreaches(element, rule),
    ...element.children.flatMap(elementBreaches),
  ];
}

function childBreaches({ name, children }: Element, rule: Rule): string[] {
  const order = children.map((child) => rule.children.indexOf(child.name));
  const foreign = children.filter((child) => !rule.children.includes(child.name));
  const sorted = order.every((position, i) => i === 0 || position >= (order[i - 1] ?? 0));
  const repeated = rule.children.filter(
    (child) => !rule.many?.includes(child) && children.filter((other) => other.name === child).length > 1,
  );
  return [
    ...foreign.map((child) => `<${child.name}> may not stand in <${name}>`),
    ...(sorted ? [] : [`the children of <${name}> are out of order`]),
    ...repeated.map((child) => `<${name}> has <${child}> twice`),
  ];
}

function suiteBreaches(suite: Element): string[] {
  const { name, time, timestamp } = suite.attributes;
  const properties = childOf(suite, "properties")?.children ?? [];
  return [
    ...(name === "" ? ["a suite has no name"] : []),
    ...timeBreaches(time),
    ...(Number.isNaN(Date.parse(timestamp ?? "")) ? [`timestamp ${timestamp} is no time`] : []),
    ...duplicates(
      "property",
      properties.map(({ attributes }) => attributes.name),
    ),
    ...countBreaches(suite, casesOf(suite)),
    ...casesOf(suite).flatMap(caseBreaches),
  ];
}

function caseBreaches(element: Element): string[] {
  const { name, classname, time, file, line } = element.attributes;
  const outcomes = element.children.filter((child) => ["failure", "error", "skipped"].includes(child.name));
  return [
    ...(name === "" ? ["a case has no name"] : []),
    ...(/^gema\.[a-z-]+$/.test(classname ?? "") ? [] : [`classname ${classname} is not gema.<program>`]),
    ...timeBreaches(time),
    ...((file === undefined) === (line === undefined) ? [] : [`${name}: file and line go together`]),
    ...(file === undefined || /^(?!\/|[A-Za-z]:|.*\\(?!x|u\{)).+$/.test(file) ? [] : [`file ${file} is not relative`]),
    ...(line === undefined || /^[1-9]\d*$/.test(line) ? [] : [`line ${line} is no line`]),
    ...(outcomes.length > 1 ? [`${name} has two outcomes`] : []),
    ...element.children.filter(({ attributes }) => "message" in attributes).flatMap(messageBreaches),
  ];
}

/** Some readers hide the body, some the message: each must do alone, and the body must begin with the message. */
function messageBreaches({ name, attributes, text }: Element): string[] {
  const message = attributes.message ?? "";
  return [
    ...(message.trim() === "" ? [`<${name}> has an empty message`] : []),
    ...(/[\r\n]/.test(message) ? [`the message of <${name}> has several lines`] : []),
    ...(attributes.type === "" ? [`<${name}> has an empty type`] : []),
    ...(plain(text).startsWith(plain(message)) ? [] : [`the body of <${name}> does not begin with its message`]),
  ];
}

/** The escape that keeps a body inside its CDATA section is no difference; the parser leaves entities as they are. */
function plain(text: string): string {
  const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" } as const;
  return text
    .replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity as keyof typeof entities])
    .replaceAll("]]\\x3e", "]]>");
}

function timeBreaches(time: string | undefined): string[] {
  return /^\d+(\.\d{1,3})?$/.test(time ?? "") ? [] : [`time ${time} is not in seconds`];
}

function countBreaches(group: Element, cases: readonly Element[]): string[] {
  const having = (child: string) => cases.filter((one) => childOf(one, child)).length;
  const counts = {
    tests: cases.length,
    failures: having("failure"),
    errors: having("error"),
    skipped: having("skipped"),
  };
  return Object.entries(counts)
    .filter(([name, count]) => group.attributes[name] !== undefined && group.attributes[name] !== String(count))
    .map(([name, count]) => `<${group.name}> says ${group.attributes[name]} ${name}, there are ${count}`);
}

function duplicates(what: string, names: readonly (string | undefined)[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i).map((name) => `two of the name ${name} (${what})`);
}
