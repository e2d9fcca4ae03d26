// Formulas: the part of TeX that chats use, drawn as MathML. What is not understood to the last sign is not drawn at all: the caller
// then shows the source. Every node is made here from the tables of texsigns.js; nothing of the source is parsed as HTML or run.

import { ACCENTS, DELIMITERS, ENVIRONMENTS, FUNCTIONS, GAPS, KINDS, SIZES, SPACES, kindOfSign, lettersIn, named } from "./texsigns.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SOURCE_LIMIT = 4_000;
const DEPTH_LIMIT = 24;
const UNBROKEN_LIMIT = 16; // signs; a longer formula among words may go on in the next line, after a relation or an operator
const TALL = "mfrac, mtable, munder, mover, munderover";
const DISPLAY = 0;
const INLINE = 1;
const SCRIPT = 2;
const GROUP_ENDS = new Set(["}"]);
const CELL_ENDS = new Set(["&", "\\\\", "\\end"]);

class Unknown extends Error {}

/**
 * Draw a formula as MathML: one <math> for a block, one or more among words; null where any of it is not understood.
 * `tall` says whether brackets can grow here; it is asked only where one has to.
 */
export function renderTex(source, { block = false, tall = canStretch } = {}) {
  if (source.length > SOURCE_LIMIT || source.trim() === "") return null;
  try {
    const parser = new Parser(source, block ? DISPLAY : INLINE);
    const atoms = parser.row(new Set([""]));
    if (parser.stretches && !tall()) return null;
    const row = spaced(atoms, parser.level);
    const parts = block || parser.signs <= UNBROKEN_LIMIT ? [row] : broken(row);
    return parts.map((nodes) => math("math", block ? { display: "block" } : {}, ...nodes.map(({ node }) => node)));
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

function math(tag, attributes = {}, ...children) {
  const node = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

// An atom is a node with what kind of sign it is to its neighbours: one of KINDS, or "space", which neighbours look through.
const atom = (node, kind = "ord", more = {}) => ({ node, kind, ...more });
const space = (width) => atom(math("mspace", { width: `${width}em` }), "space");
const sign = (text, attributes = {}) => math("mo", { lspace: 0, rspace: 0, stretchy: false, ...attributes }, text);

/** A + after another operator, or before a relation, is no operation but a sign: TeX's own rule. */
function settled(atoms) {
  const seen = atoms.filter(({ kind }) => kind !== "space");
  seen.forEach((one, index) => {
    const before = seen[index - 1]?.kind ?? "open";
    const after = seen[index + 1]?.kind ?? "close";
    const alone = ["bin", "op", "rel", "open", "punct"].includes(before) || ["rel", "close", "punct"].includes(after);
    if (one.kind === "bin" && alone) one.kind = "ord";
  });
  return atoms;
}

/** Put between atoms the room that TeX leaves there; within exponents only names of functions keep theirs. */
function spaced(atoms, level) {
  const result = [];
  let before = null;
  for (const one of settled(atoms)) {
    if (one.kind !== "space" && before) {
      const gap = Number(GAPS[before][KINDS.indexOf(one.kind)]);
      const kept = level < SCRIPT || (gap === 1 && [before, one.kind].includes("op") && before !== "punct" && one.kind !== "inner");
      if (gap > 0 && kept) result.push(space((gap + 2) / 18));
    }
    if (one.kind !== "space") before = one.kind;
    result.push(one);
  }
  return result;
}

/** Cut a row after its relations and operators, each part with the room that follows it; within brackets only where a part grows long. */
function broken(atoms) {
  const parts = [[]];
  let depth = 0;
  atoms.forEach((one, index) => {
    parts.at(-1).push(one);
    depth = Math.max(0, depth + (one.kind === "open") - (one.kind === "close"));
    const opens = atoms[index - 1]?.kind === "rel" || atoms[index - 1]?.kind === "bin";
    const here = depth === 0 || parts.at(-1).length > UNBROKEN_LIMIT;
    if (one.kind === "space" && opens && here && index < atoms.length - 1) parts.push([]);
  });
  return parts;
}

let stretching = null;

/** Whether a font with extensible brackets is here; without one, tall formulas would be drawn with brackets of one line. */
function canStretch() {
  if (stretching !== null) return stretching;
  const bracket = sign("(", { stretchy: true });
  const probe = document.createElement("span");
  probe.className = "math math-probe";
  probe.append(math("math", {}, math("mrow", {}, bracket, math("mspace", { height: "5em", width: "1em" }))));
  document.body.append(probe);
  stretching = bracket.getBoundingClientRect().height > 3.5 * Number.parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return stretching;
}

class Parser {
  constructor(source, level) {
    Object.assign(this, { source, level, position: 0, depth: 0, signs: 0, face: "", stretches: false, fences: 0 });
  }

  token() {
    const pattern = /\s*(\\(?:[a-zA-Z]+|[\s\S])|[\s\S]|$)/uy;
    pattern.lastIndex = this.position;
    const [whole, token] = pattern.exec(this.source);
    return { token, end: this.position + whole.length };
  }

  peek() {
    return this.token().token;
  }

  take(expected = null) {
    const { token, end } = this.token();
    if (expected !== null && token !== expected) throw new Unknown(token);
    this.position = end;
    return token;
  }

  takes(expected) {
    return this.peek() === expected && this.take() === expected;
  }

  /** Take what a pattern finds right here, spaces skipped; null where it finds nothing. */
  match(pattern) {
    const found = pattern.exec(this.source.slice(this.position));
    if (found?.index === 0) this.position += found[0].length;
    return found?.index === 0 ? found : null;
  }

  /** Parse atoms up to one of the ends, which is left to the caller. */
  row(ends) {
    if ((this.depth += 1) > DEPTH_LIMIT) throw new Unknown("depth");
    const atoms = [];
    while (!ends.has(this.peek())) {
      const styled = { "\\displaystyle": DISPLAY, "\\textstyle": INLINE }[this.peek()];
      if (styled === undefined) atoms.push(this.scripted());
      else if (this.take()) atoms.push(atom(this.styled(styled, ends)));
    }
    this.depth -= 1;
    return atoms;
  }

  styled(level, ends) {
    return math("mstyle", { displaystyle: level === DISPLAY, scriptlevel: 0 }, this.at(level, () => this.joined(ends)));
  }

  /** Parse a row into one node. */
  joined(ends) {
    const atoms = spaced(this.row(ends), this.level);
    return atoms.length === 1 ? atoms[0].node : math("mrow", {}, ...atoms.map(({ node }) => node));
  }

  /** Do something at another level of size, or in another face, and come back. */
  at(level, work) {
    const before = this.level;
    this.level = Math.min(level, SCRIPT);
    const result = work();
    this.level = before;
    return result;
  }

  inFace(face, work) {
    const before = this.face;
    this.face = face;
    const result = work();
    this.face = before;
    return result;
  }

  group() {
    this.take("{");
    const node = this.joined(GROUP_ENDS);
    this.take("}");
    return node;
  }

  /** The argument of a command: a group, or the one sign that follows. */
  argument(level = this.level) {
    return this.at(level, () => (this.peek() === "{" ? this.group() : this.atom({ single: true }).node));
  }

  /** Words in braces, as they stand. */
  words() {
    const found = this.match(/^\s*\{((?:[^{}\\$%]|\\[%$#&_{}])*)\}/);
    if (!found) throw new Unknown("words");
    return found[1].replace(/\\(.)/g, "$1").replace(/[\s~]/g, "\u00a0");
  }

  scripted() {
    const base = ["^", "_", "'"].includes(this.peek()) ? atom(math("mrow")) : this.atom();
    if (base.kind === "space") return base;
    if (this.takes("\\limits")) base.limits = "always";
    else if (this.takes("\\nolimits")) base.limits = null;
    let [above, below, primes] = [null, null, 0];
    for (;;) {
      if (!above && this.takes("'")) primes += 1;
      else if (!above && this.takes("^")) above = this.argument(SCRIPT);
      else if (!below && this.takes("_")) below = this.argument(SCRIPT);
      else break;
    }
    if (["^", "_", "'"].includes(this.peek())) throw new Unknown("a second exponent");
    if (primes > 0 && base.limits) throw new Unknown("a prime where limits stand");
    const node = primes > 0 ? math("mrow", {}, base.node, sign("′".repeat(primes))) : base.node;
    return { ...base, node: attached({ ...base, node }, above, below, this.level) };
  }

  atom({ single = false } = {}) {
    const number = single ? null : this.match(/^\s*(\d+(?:\.\d+)*)/);
    const token = number ? number[1] : this.peek();
    this.signs += 1;
    if (number) return this.letters(token, "mn");
    if (token === "{") return atom(this.group());
    this.take();
    if (token.startsWith("\\")) return this.command(token.slice(1));
    if (token === "~") return space(1 / 3);
    if (/^[\p{L}\p{N}]$/u.test(token)) return this.letters(token, /\p{N}/u.test(token) ? "mn" : "mi");
    return known(kindOfSign(token));
  }

  /** Letters or digits in the face of the moment. */
  letters(text, tag) {
    if (this.face === "" || (this.face === "rm" && tag === "mn")) return atom(math(tag, {}, text));
    const drawn = lettersIn(this.face, text);
    if (drawn === null) throw new Unknown(text);
    return atom(math(tag, tag === "mi" ? { mathvariant: "normal" } : {}, drawn));
  }

  command(name) {
    const spaceWidth = SPACES.get(name);
    if (spaceWidth !== undefined) return space(spaceWidth);
    if (FUNCTIONS.has(name)) return func(FUNCTIONS.get(name), /^(?:lim|max|min|sup|inf|det|gcd|Pr)/.test(name));
    if (ACCENTS.has(name)) return this.accent(ACCENTS.get(name));
    if (SIZES.has(name)) return this.sized(SIZES.get(name));
    const found = named(name);
    if (found) return known(found);
    const special = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null;
    if (!special) throw new Unknown(name);
    return special(this, name);
  }

  accent({ text, wide, under }) {
    const base = this.argument();
    const grows = wide !== null && (text === "" || base.childElementCount > 1);
    if (grows) this.stretches = true;
    const mark = sign(grows ? wide : text, { stretchy: grows });
    const node = under ? math("munder", { accentunder: true }, base, mark) : math("mover", { accent: true }, base, mark);
    return atom(node, "ord", { limits: text === "" ? "always" : null });
  }

  sized({ size, kind }) {
    this.stretches = true;
    return atom(this.delimiter({ minsize: `${size}em`, maxsize: `${size}em` }), kind);
  }

  delimiter(attributes = {}) {
    const token = this.take();
    if (!DELIMITERS.has(token)) throw new Unknown(token);
    return sign(DELIMITERS.get(token), { stretchy: true, symmetric: true, ...attributes });
  }

  fenced() {
    const open = this.delimiter({ form: "prefix" });
    this.fences += 1;
    const inside = spaced(this.row(new Set(["\\right"])), this.level).map(({ node }) => node);
    this.fences -= 1;
    this.take("\\right");
    return this.between(open, inside, this.delimiter({ form: "postfix" }));
  }

  /** Brackets around nodes; an invisible bracket leaves nothing. */
  between(open, inside, close) {
    const node = math("mrow", {}, ...[open, ...inside, close].filter((one) => one.localName !== "mo" || one.textContent !== ""));
    if (node.querySelector(TALL)) this.stretches = true;
    return atom(node, "inner");
  }

  fraction(displaystyle, bare = false) {
    const level = displaystyle === null ? this.level : displaystyle ? DISPLAY : INLINE;
    const attributes = { ...(displaystyle === null ? {} : { displaystyle }), ...(bare ? { linethickness: 0 } : {}) };
    return math("mfrac", attributes, this.argument(level + 1), this.argument(level + 1));
  }

  root() {
    const index = this.takes("[") ? this.at(SCRIPT, () => this.joined(new Set(["]"]))) : null;
    if (index) this.take("]");
    const radicand = math("mrow", { class: "radicand" }, this.argument());
    if (radicand.querySelector(TALL)) this.stretches = true;
    return atom(index ? math("mroot", {}, radicand, index) : math("msqrt", {}, radicand));
  }

  environment() {
    const name = this.words();
    const found = ENVIRONMENTS.get(name);
    if (!found) throw new Unknown(name);
    const columns = name === "array" ? this.words() : found.columns;
    if (!/^[lcr]+$/.test(columns)) throw new Unknown(columns);
    const rows = this.at(found.display ? DISPLAY : INLINE, () => this.rows(found, columns));
    if (this.words() !== name) throw new Unknown(name);
    const table = math("mtable", { displaystyle: found.display, class: found.display ? "math-lines" : "math-cells" }, ...rows);
    const [open, close] = [found.open, found.close].map((text) => sign(text, { stretchy: true, symmetric: true }));
    return this.between(open, [table], close);
  }

  rows(found, columns) {
    const rows = [];
    do {
      rows.push([]);
      do rows.at(-1).push(this.cell(columns, rows.at(-1).length, found));
      while (this.takes("&"));
    } while (this.takes("\\\\") && (this.match(/^\[-?[\d.]+(?:pt|em|ex|mm)\]/), true));
    this.take("\\end");
    const last = rows.at(-1);
    if (rows.length > 1 && last.length === 1 && last[0].childNodes.length === 0) rows.pop();
    return rows.map((cells) => math("mtr", {}, ...cells));
  }

  cell(columns, index, { repeats, display }) {
    if (index >= columns.length && !repeats) throw new Unknown("columns");
    const side = columns[index % columns.length];
    const atoms = this.row(CELL_ENDS);
    if (display && index % 2 === 1) atoms.unshift(atom(math("mrow")));
    return math("mtd", { class: `cell-${side}` }, ...spaced(atoms, this.level).map(({ node }) => node));
  }
}

function known(found) {
  if (!found) throw new Unknown("sign");
  const { text, kind, letter, big } = found;
  if (letter) return atom(math("mi", letter === "upright" ? { mathvariant: "normal" } : {}, text));
  if (!big) return atom(sign(text), kind);
  return atom(sign(text, { form: "prefix", movablelimits: false }), "op", { limits: big === "limits" ? "display" : null });
}

/** The name of a function, upright even where it has one letter. */
function func(text, limits) {
  return atom(math("mi", { mathvariant: "normal" }, text), "op", { limits: limits ? "display" : null });
}

/** A base with what stands at its upper and lower corners, or straight above and below it. */
function attached({ node, limits }, above, below, level) {
  if (!above && !below) return node;
  const straight = limits === "always" || (limits === "display" && level === DISPLAY);
  const [under, over, both] = straight ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
  if (above && below) return math(both, {}, node, below, above);
  return math(above ? over : under, {}, node, above ?? below);
}

const words = (attributes) => (parser) => atom(math("mtext", attributes, parser.words()));
const face = (name) => (parser) => atom(parser.inFace(name, () => parser.argument()));

// The commands that take arguments, or change how what follows is read.
const COMMANDS = {
  frac: (parser) => atom(parser.fraction(null), "inner"),
  dfrac: (parser) => atom(parser.fraction(true), "inner"),
  tfrac: (parser) => atom(parser.fraction(false), "inner"),
  binom: (parser) => parser.between(sign("(", { stretchy: true }), [parser.fraction(null, true)], sign(")", { stretchy: true })),
  sqrt: (parser) => parser.root(),
  left: (parser) => parser.fenced(),
  middle: (parser) => {
    if (parser.fences === 0) throw new Unknown("middle");
    return atom(parser.delimiter(), "rel");
  },
  begin: (parser) => parser.environment(),
  text: words({}), textrm: words({}), mbox: words({}), textbf: words({ class: "bold" }), textit: words({ class: "italic" }),
  mathrm: face("rm"), mathbf: face("bf"), mathbb: face("bb"), mathcal: face("cal"),
  operatorname: (parser) => {
    const limits = parser.takes("*");
    return func(parser.words(), limits);
  },
  overline: (parser) => atom(math("mrow", { class: "overlined" }, parser.argument())),
  underline: (parser) => atom(math("mrow", { class: "underlined" }, parser.argument())),
  boxed: (parser) => atom(math("mrow", { class: "boxed" }, parser.group())),
  overset: (parser) => stacked(parser, "mover"),
  underset: (parser) => stacked(parser, "munder"),
  pmod: (parser) => atom(math("mrow", {}, space(1).node, sign("("), math("mi", {}, "mod"), space(1 / 3).node, parser.argument(), sign(")"))),
};

function stacked(parser, tag) {
  const mark = parser.argument(SCRIPT);
  const before = parser.position;
  const base = parser.argument();
  const written = parser.source.slice(before, parser.position).replace(/[{}\s]/g, "");
  const found = written.startsWith("\\") ? named(written.slice(1)) : kindOfSign(written);
  return atom(math(tag, {}, base, mark), ["rel", "bin"].includes(found?.kind) ? found.kind : "ord");
}
