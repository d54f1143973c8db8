import type { ProtocolError } from '../signalling/protocol';
import { t } from '../strings';

/** A sentence of the server, or our own. The server's know more, but are in English only. */
export function serverSentence(message: string | undefined, own: string): string {
  return (t.language === 'en' && message) || own;
}

/** What a refusal says to a person. */
export function refusalText({ code, message }: ProtocolError): string {
  return serverSentence(message, t.refusals[code] ?? (message || t.refused));
}
