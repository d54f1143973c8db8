import type { OpenApi } from './apiDocument';
import type {
  CreateMeeting,
  IceServer,
  Limits,
  MeetingCreated,
  MeetingRecord,
  MeetingRecordSummary,
  MeetingStatistics,
  MeetingSummary,
  SessionDescription,
} from './protocol';
import { Refusal, unreachable } from './refusal';

/** Longest wait for an answer, in milliseconds. */
const patience = 15_000;

export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
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
  if (response.status === 204 || response.status === 202) {
    return undefined as T;
  }
  try {
    return (await response.json()) as T;
  } catch {
    throw new Refusal(unreachable, '');
  }
}

/** An RFC 9457 problem becomes a `Refusal`; anything else (a proxy's page) counts as unreachable. */
export async function refusalOf(response: Response): Promise<Refusal> {
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
  /** Whose pages may show a meeting in a frame. */
  embedding: () => request<{ origins: string[] }>('/api/embedding'),
  limits: () => request<Limits>('/api/limits'),
  apiDocument: () => request<OpenApi>('/api/openapi.json'),
  meetings: () => request<MeetingSummary[]>('/api/meetings'),
  create: (meeting: CreateMeeting) =>
    request<MeetingCreated>('/api/meetings', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(meeting),
    }),
  /** Title and creator of a closed meeting are told only with a token of it. */
  meeting: (id: string, token?: string) =>
    request<MeetingSummary>(meeting(id), token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
  cancel: (id: string, creatorSecret: string) =>
    request<void>(meeting(id), { method: 'DELETE', headers: { Authorization: `Bearer ${creatorSecret}` } }),
  /** With a creator secret or resume token also what is told only to who belongs to the meeting. */
  record: (id: string, token?: string) =>
    request<MeetingRecord>(`${meeting(id)}/record`, token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
  /** With a resume token one's own figures and those of the meeting, with the creator secret or a host's token all. */
  statistics: (id: string, token: string) =>
    request<MeetingStatistics>(`${meeting(id)}/statistics`, { headers: { Authorization: `Bearer ${token}` } }),
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
