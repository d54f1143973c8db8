/** A piece of a message: text, or text that leads somewhere. */
export interface Piece {
  text: string;
  href?: string;
}

/**
 * What may begin a link, up to white space, quotes, brackets of markup, and characters that are not drawn or turn the direction of
 * reading: those could show another address than the one it leads to.
 */
const candidates = /(?<![\p{L}\p{N}_@/.:-])(?:https?:\/\/|mailto:|www\.)[^\s<>"'`\p{C}]+/giu;

/** Ends a sentence rather than an address. */
const closing = /[.,;:!?*_~…。，、；：！？”’»）】》」』)\]}]$/u;

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

const address = /^mailto:[^\s?&@]+@[^\s?&@]+$/iu;

/** Finds links in what people wrote. Only what the browser's own parser takes for http, https or a plain mail address is one. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(candidates)) {
    const shown = withoutClosing(match[0]);
    const href = hrefOf(shown);
    if (href) {
      found.push({ text: text.slice(at, match.index) }, { text: shownAs(shown, href), href });
      at = match.index + shown.length;
    }
  }
  found.push({ text: text.slice(at) });
  return found.filter((piece) => piece.text !== '');
}

/** A bracket stays when it was opened within the link. */
function withoutClosing(candidate: string): string {
  let link = candidate;
  for (let last = closing.exec(link)?.[0]; last; last = closing.exec(link)?.[0]) {
    const opening = pairs[last];
    if (opening && link.split(opening).length >= link.split(last).length) {
      break;
    }
    link = link.slice(0, -last.length);
  }
  return link;
}

function hrefOf(link: string): string | null {
  if (/^mailto:/iu.test(link)) {
    return address.test(link) ? link : null;
  }
  let url: URL;
  try {
    url = new URL(/^www\./iu.test(link) ? `https://${link}` : link);
  } catch {
    return null;
  }
  // A name before the host is there to be taken for it: https://bank.example@evil.example
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password;
  return plain ? url.href : null;
}

/** A host in letters that look like others is shown in the form that does not (punycode). */
function shownAs(link: string, href: string): string {
  return /^https?:\/\/[^/]*xn--/u.test(href) ? href : link;
}
