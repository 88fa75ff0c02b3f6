// Terminal output as styled text: colours and weights of ECMA-48 SGR sequences are kept, other sequences are dropped,
// other control characters become visible.

const SEQUENCE = /\x1b(?:\[([0-9;:]*)([ -/]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;
const COLOURS = ["", "red", "green", "yellow", "blue", "magenta", "cyan", ""];
const PLAIN = Object.freeze({ colour: "", bold: false, italic: false, underline: false });

/** @typedef {{text: string, classes: string}} Segment */

/** @returns {Segment[][]} the segments of each line; lines end at line feeds, as the findings count them */
export function parseTerminal(output) {
  let style = PLAIN;
  return output.split("\n").map((line) => {
    const segments = [];
    let at = 0;
    const bare = line.replace(/\r$/, "");
    for (const match of bare.matchAll(SEQUENCE)) {
      push(segments, bare.slice(at, match.index), style);
      at = match.index + match[0].length;
      if (match[3] === "m" && !match[2]) style = restyle(style, match[1]);
    }
    push(segments, bare.slice(at), style);
    return segments;
  });
}

/** The text alone, as a person would copy it. */
export function plainText(output) {
  return output.replace(SEQUENCE, "").replace(/\r\n/g, "\n");
}

function push(segments, text, style) {
  if (text) segments.push({ text: text.replace(CONTROL, picture), classes: classesOf(style) });
}

function picture(character) {
  return character === "\x7f" ? "␡" : String.fromCharCode(0x2400 + character.charCodeAt(0));
}

function classesOf({ colour, bold, italic, underline }) {
  const names = [colour && `ansi-${colour}`, bold && "ansi-bold", italic && "ansi-italic", underline && "ansi-underline"];
  return names.filter(Boolean).join(" ");
}

function restyle(style, parameters) {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i += 1) {
    if (codes[i] === 38 || codes[i] === 48) i += codes[i + 1] === 2 ? 4 : 2;
    else next = apply(next, codes[i]);
  }
  return next;
}

function apply(style, code) {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, colour: "" };
  if (code >= 30 && code <= 37) return { ...style, colour: COLOURS[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: COLOURS[code - 90] };
  return style;
}
