import type {
  IceServer,
  Limits,
  MeetingCreated,
  MeetingRecord,
  MeetingRecordSummary,
  MeetingSummary,
  SessionDescription,
} from './protocol';
import { Refusal, unreachable } from './refusal';

/** Longest wait for an answer, in milliseconds. */
const patience = 15_000;

async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { Accept: 'application/json', ...init.headers },
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Refusal(unreachable, '');
  }
  if (!response.ok) {
    throw await refusalOf(response);
  }
  if (response.status === 204) {
    return undefined as T;
  }
  try {
    return (await response.json()) as T;
  } catch {
    throw new Refusal(unreachable, '');
  }
}

/** An RFC 9457 problem becomes a `Refusal`; anything else (a proxy's page) counts as unreachable. */
async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const problem = (await response.json()) as { code?: unknown; detail?: unknown; title?: unknown };
    if (typeof problem.code === 'string') {
      const message = typeof problem.detail === 'string' ? problem.detail : String(problem.title ?? '');
      return new Refusal(problem.code, message);
    }
  } catch {
    // Not JSON: falls through.
  }
  if (response.status === 404) {
    return new Refusal('meetingUnknown', '');
  }
  return new Refusal(response.status === 429 ? 'rateLimited' : unreachable, '');
}

const meeting = (id: string) => `/api/meetings/${encodeURIComponent(id)}`;

export const rest = {
  limits: () => request<Limits>('/api/limits'),
  meetings: () => request<MeetingSummary[]>('/api/meetings'),
  create: (title: string, createdBy: string) =>
    request<MeetingCreated>('/api/meetings', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ title, createdBy }),
    }),
  meeting: (id: string) => request<MeetingSummary>(meeting(id)),
  cancel: (id: string, creatorSecret: string) =>
    request<void>(meeting(id), { method: 'DELETE', headers: { Authorization: `Bearer ${creatorSecret}` } }),
  record: (id: string) => request<MeetingRecord>(`${meeting(id)}/record`),
  checkServers: () => request<IceServer[]>('/api/check/servers'),
  checkOffer: (sdp: string, transport: 'udp' | 'tcp') =>
    request<SessionDescription>('/api/check/offer', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sdp, transport }),
    }),
  records: (before?: string, limit = 50) => {
    const query = new URLSearchParams({ limit: String(limit) });
    if (before) {
      query.set('before', before);
    }
    return request<MeetingRecordSummary[]>(`/api/records?${query}`);
  },
};
