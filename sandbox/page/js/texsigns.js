// The signs of TeX's mathematics: which character each name stands for, what kind it is to its neighbours, and the room between kinds
// (The TeXbook, chapter 18 and appendix F). Tables only; nothing is drawn here.

export const KINDS = ["ord", "op", "bin", "rel", "open", "close", "punct", "inner"];

/** The room after a kind, before each of KINDS: 1 is thin (3/18 em), 2 medium, 3 thick. */
export const GAPS = {
  ord: "01230001", op: "11030001", bin: "22002002", rel: "33003003", open: "00000000", close: "01230001", punct: "11011111", inner: "11231011",
};

const pairs = (text) => {
  const parts = text.trim().split(/\s+/);
  return parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1]]] : []));
};

const SMALL_GREEK = `alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
  nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω ell ℓ imath ı jmath ȷ`;
const UPRIGHT = `Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ hbar ℏ
  aleph ℵ Re ℜ Im ℑ emptyset ∅ varnothing ∅ degree °`;
const ORDINARY = `forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ angle ∠ triangle △ square □ blacksquare ■ Box □ checkmark ✓ top ⊤ bot ⊥ prime ′
  % % $ $ # # & & _ _ | ‖ Vert ‖ vert | backslash \\ therefore ∴ because ∵`;
const RELATIONS = `le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ lt < gt > ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ mid ∣
  nmid ∤ parallel ∥ perp ⊥ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ ll ≪ gg ≫ prec ≺ succ ≻ asymp ≍ doteq ≐
  models ⊨ vdash ⊢ to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸
  iff ⟺ longrightarrow ⟶ mapsto ↦ uparrow ↑ downarrow ↓ rightleftharpoons ⇌`;
const OPERATORS = `times × cdot ⋅ div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ cup ∪ cap ∩ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ oplus ⊕
  ominus ⊖ otimes ⊗`;
const WITH_LIMITS = "sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀";
const INTEGRALS = "int ∫ iint ∬ iiint ∭ oint ∮";
const DOTS = "dots … ldots … cdots ⋯ dotsb ⋯ dotsc … vdots ⋮ ddots ⋱";

const NAMED = new Map([
  ...pairs(SMALL_GREEK).map(([name, text]) => [name, { text, kind: "ord", letter: "italic" }]),
  ...pairs(UPRIGHT).map(([name, text]) => [name, { text, kind: "ord", letter: "upright" }]),
  ...pairs(ORDINARY).map(([name, text]) => [name, { text, kind: "ord" }]),
  ...pairs(RELATIONS).map(([name, text]) => [name, { text, kind: "rel" }]),
  ...pairs(OPERATORS).map(([name, text]) => [name, { text, kind: "bin" }]),
  ...pairs(WITH_LIMITS).map(([name, text]) => [name, { text, kind: "op", big: "limits" }]),
  ...pairs(INTEGRALS).map(([name, text]) => [name, { text, kind: "op", big: "beside" }]),
  ...pairs(DOTS).map(([name, text]) => [name, { text, kind: "inner" }]),
  ...pairs("{ { lbrace { langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖").map(([name, text]) => [name, { text, kind: "open" }]),
  ...pairs("} } rbrace } rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖").map(([name, text]) => [name, { text, kind: "close" }]),
  ["colon", { text: ":", kind: "punct" }],
]);

const PLAIN = new Map([
  ...pairs("+ + - − * ∗ − − · ⋅").map(([sign, text]) => [sign, { text, kind: "bin" }]),
  ...pairs("= = < < > > : :").map(([sign, text]) => [sign, { text, kind: "rel" }]),
  ...pairs("( ( [ [").map(([sign, text]) => [sign, { text, kind: "open" }]),
  ...pairs(") ) ] ] ! ! ? ?").map(([sign, text]) => [sign, { text, kind: "close" }]),
  ...pairs(", , ; ;").map(([sign, text]) => [sign, { text, kind: "punct" }]),
  ...pairs("/ / | | . . € € £ £ ¥ ¥ ′ ′").map(([sign, text]) => [sign, { text, kind: "ord" }]),
]);

// Signs that are typed as themselves, such as × and ≤, are what their names are.
for (const found of NAMED.values()) {
  if (!PLAIN.has(found.text) && !/[\x00-\x7f]/.test(found.text)) PLAIN.set(found.text, found);
}

/** What a command without arguments stands for: {text, kind, letter?, big?}; null where it is not one of them. */
export const named = (name) => NAMED.get(name) ?? null;

/** What a character that is no letter or digit stands for; null where it means something else in TeX, or nothing. */
export const kindOfSign = (character) => PLAIN.get(character) ?? null;

/** The widths of spaces, in em. The negative one cannot be drawn, and only tightens. */
export const SPACES = new Map([[",", 3 / 18], [":", 4 / 18], [">", 4 / 18], [";", 5 / 18], ["!", 0], [" ", 1 / 3], ["quad", 1], ["qquad", 2]]);

const PLAIN_FUNCTIONS = `sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp log ln lg lim max min sup inf det gcd deg dim
  ker hom arg Pr`;

/** The names of functions, which are set upright, as they are read. */
export const FUNCTIONS = new Map([
  ...PLAIN_FUNCTIONS.split(/\s+/).map((name) => [name, name]), ["limsup", "lim sup"], ["liminf", "lim inf"], ["bmod", "mod"],
]);

const accent = (text, wide = null, under = false) => ({ text, wide, under });

/** What is put over or under an argument: over one letter, and over more, where it grows with them. A brace always grows. */
export const ACCENTS = new Map(Object.entries({
  hat: accent("ˆ"), bar: accent("¯"), vec: accent("→"), dot: accent("˙"), ddot: accent("¨"), tilde: accent("˜"), check: accent("ˇ"),
  widehat: accent("ˆ", "\u0302"), widetilde: accent("˜", "\u0303"), overrightarrow: accent("→", "→"),
  overbrace: accent("", "⏞"), underbrace: accent("", "⏟", true),
}));

/** Brackets that \left, \right and their like accept; the dot stands for none. */
export const DELIMITERS = new Map([
  ...["(", ")", "[", "]", "|", "/"].map((sign) => [sign, sign]), [".", ""], ["<", "⟨"], [">", "⟩"], ["\\{", "{"], ["\\}", "}"],
  ...["|", "vert", "Vert", "lvert", "rvert", "lVert", "rVert", "lbrace", "rbrace", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil"]
    .map((name) => [`\\${name}`, NAMED.get(name).text]),
]);

const HEIGHTS = Object.entries({ big: 1.2, Big: 1.8, bigg: 2.4, Bigg: 3 });

/** Brackets of a given height in em: \big( is a letter among its neighbours, \bigl( opens, \bigr) closes, \bigm| relates. */
export const SIZES = new Map(HEIGHTS.flatMap(([name, size]) =>
  Object.entries({ "": "ord", l: "open", r: "close", m: "rel" }).map(([side, kind]) => [name + side, { size, kind }])));

const table = (open, close, columns, { display = false, repeats = true } = {}) => ({ open, close, columns, display, repeats });
const LINES = table("", "", "rl", { display: true });

/** Tables: their brackets, and the side to which each column keeps. */
export const ENVIRONMENTS = new Map(Object.entries({
  matrix: table("", "", "c"), pmatrix: table("(", ")", "c"), bmatrix: table("[", "]", "c"), Bmatrix: table("{", "}", "c"),
  vmatrix: table("|", "|", "c"), Vmatrix: table("‖", "‖", "c"), array: table("", "", "", { repeats: false }),
  cases: table("{", "", "ll", { repeats: false }),
  aligned: LINES, align: LINES, "align*": LINES, split: LINES, gathered: table("", "", "c", { display: true, repeats: false }),
}));

// Where the alphabets of Unicode's mathematics begin, and the letters that had a place elsewhere before.
const ALPHABETS = {
  bf: { capital: 0x1d400, small: 0x1d41a, digit: 0x1d7ce },
  bb: { capital: 0x1d538, small: 0x1d552, digit: 0x1d7d8, elsewhere: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" } },
  cal: { capital: 0x1d49c, elsewhere: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ" } },
};

/** Letters and digits in another face: rm (upright), bf (bold), bb (double-struck) or cal (script); null where one has no such form. */
export function lettersIn(face, text) {
  if (face === "rm") return text;
  const { capital, small, digit, elsewhere = {} } = ALPHABETS[face];
  const drawn = Array.from(text, (one) => {
    if (Object.hasOwn(elsewhere, one)) return elsewhere[one];
    const [first, start] = /[A-Z]/.test(one) ? ["A", capital] : /[a-z]/.test(one) ? ["a", small] : /[0-9]/.test(one) ? ["0", digit] : ["", null];
    if (one === "." && face === "bf") return one;
    return start ? String.fromCodePoint(start + one.charCodeAt(0) - first.charCodeAt(0)) : null;
  });
  return drawn.includes(null) ? null : drawn.join("");
}
