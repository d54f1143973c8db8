import { type Signal, signal } from '@preact/signals';
import { rtcIceServers } from '../../media/iceServers';
import { type CheckResult, checkMedia, relaysByScheme, type Verdict } from '../../media/mediaCheck';
import { connectHub } from '../../signalling/hubConnection';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { refusalText } from '../refusalText';

export type CheckName = 'signalling' | 'udp' | 'tcp' | 'relay';

export interface CheckState {
  verdict: Verdict | 'running';
  took: number | null;
  /** Why the way could not even be tried, in the server's words or ours. */
  refusal: string | null;
  /** For relays: how each way to one came out. */
  ways: readonly { scheme: string; verdict: Verdict; took: number }[];
}

export const checkNames: readonly CheckName[] = ['signalling', 'udp', 'tcp', 'relay'];

const running: CheckState = { verdict: 'running', took: null, refusal: null, ways: [] };
const hubPatience = 8_000;

/** One run of all checks, one after the other, so that none slows another. */
export class CheckRun {
  readonly states: Readonly<Record<CheckName, Signal<CheckState>>> = {
    signalling: signal(running),
    udp: signal(running),
    tcp: signal(running),
    relay: signal(running),
  };
  readonly done = signal(false);

  async run(): Promise<void> {
    this.done.value = false;
    for (const name of checkNames) {
      this.states[name].value = running;
    }
    this.#set('signalling', await checkHub());
    for (const transport of ['udp', 'tcp'] as const) {
      this.#set(transport, await checkMedia({ negotiate: (sdp) => negotiate(sdp, transport) }));
    }
    this.states.relay.value = await checkRelays();
    this.done.value = true;
  }

  #set(name: CheckName, { verdict, took, error }: CheckResult): void {
    this.states[name].value = { verdict, took, refusal: textOf(error), ways: [] };
  }
}

async function checkHub(): Promise<CheckResult> {
  const from = performance.now();
  const hub = connectHub({ event: () => {}, closed: () => {} });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), hubPatience);
  });
  let verdict: Verdict = 'ok';
  try {
    await Promise.race([hub.open(), late]);
  } catch {
    verdict = 'failed';
  }
  clearTimeout(timer);
  void hub.close().catch(() => {});
  return { verdict, took: Math.round(performance.now() - from) };
}

async function negotiate(sdp: string, transport: 'udp' | 'tcp'): Promise<string | null> {
  try {
    return (await rest.checkOffer(sdp, transport)).sdp;
  } catch (error) {
    // An older server has no such check.
    if (error instanceof Refusal && error.code === 'meetingUnknown') {
      return null;
    }
    throw error;
  }
}

async function checkRelays(): Promise<CheckState> {
  let relays: ReturnType<typeof relaysByScheme>;
  try {
    relays = relaysByScheme(rtcIceServers(await rest.checkServers()));
  } catch (error) {
    return { verdict: 'failed', took: null, refusal: textOf(error), ways: [] };
  }
  const ways: CheckState['ways'][number][] = [];
  for (const [scheme, relay] of relays) {
    ways.push({ scheme, ...(await checkMedia({ relay, negotiate: (sdp) => negotiate(sdp, 'udp') })) });
  }
  const first = ways.find((way) => way.verdict === 'ok');
  const verdict = first ? 'ok' : ways.some((way) => way.verdict === 'failed') ? 'failed' : 'notOffered';
  return { verdict, took: first?.took ?? null, refusal: null, ways };
}

function textOf(error: unknown): string | null {
  return error instanceof Refusal ? refusalText(error) : null;
}
