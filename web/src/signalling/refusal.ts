/** Codes the client itself gives, next to those of protocol.md §2. */
export const unreachable = 'unreachable';

/** A call that the server refused, or that never reached it (`code` is then `unreachable`). */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
