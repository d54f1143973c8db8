import type {
  MeetingRecordSummary,
  MeetingSummary,
  ModeState,
  Participant,
  PathReport,
  RtpStatistics,
  TransportStatistics,
} from './protocol';
import { request } from './rest';

// What who administers the server asks of it (protocol.md §3). The session is in a cookie that the page cannot read.

export interface WorkerFigures {
  number: number;
  udpPort: number;
  tcpPort?: number | null;
  busy: number;
  meetings: number;
  connections: number;
}

export interface ServerFigures {
  version: string;
  startedAt: string;
  at: string;
  processors: number;
  processorSeconds: number;
  memory: number;
  meetings: number;
  participants: number;
  retentionDays: number;
  workers: WorkerFigures[];
}

export interface LiveParticipant {
  participant: Participant;
  report?: PathReport | null;
  transport?: TransportStatistics | null;
}

export interface LiveMeeting {
  meeting: MeetingSummary;
  mode: ModeState;
  rtp: RtpStatistics;
  participants: LiveParticipant[];
}

export interface LiveView {
  server: ServerFigures;
  meetings: LiveMeeting[];
}

export const scopes = [
  'meetings:read',
  'meetings:write',
  'records:read',
  'records:write',
  'chat:write',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  createdAt: string;
  expiresAt?: string | null;
  lastUsedAt?: string | null;
}

export const webhookEvents = [
  'meeting.started',
  'meeting.ended',
  'participant.joined',
  'participant.left',
  'mode.changed',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  disabled: boolean;
  createdAt: string;
  waiting: number;
}

export type DeliveryState = 'waiting' | 'delivered' | 'givenUp';

export interface WebhookDelivery {
  eventId: string;
  type: string;
  meetingId?: string | null;
  at: string;
  state: DeliveryState;
  attempts: number;
  attemptedAt?: string | null;
  status?: number | null;
  problem?: string | null;
}

/** Which records are looked for; what is empty does not matter. */
export interface RecordSearch {
  text?: string;
  from?: string | null;
  before?: string | null;
}

const id = encodeURIComponent;
const webhook = (one: string) => `/api/admin/webhooks/${id(one)}`;
const send = (method: 'POST' | 'PUT' | 'PATCH', body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export const admin = {
  session: () => request<{ endsAt?: string | null }>('/api/admin/session'),
  signIn: (password: string) => request<{ endsAt?: string | null }>('/api/admin/session', send('POST', { password })),
  signOut: () => request<void>('/api/admin/session', { method: 'DELETE' }),
  changePassword: (current: string, password: string) =>
    request<void>('/api/admin/password', send('PUT', { current, password })),
  live: () => request<LiveView>('/api/admin/live'),
  endMeeting: (meeting: string) => request<void>(`/api/meetings/${id(meeting)}`, { method: 'DELETE' }),
  remove: (meeting: string, participant: string) =>
    request<void>(`/api/meetings/${id(meeting)}/participants/${id(participant)}?mayReturn=true`, { method: 'DELETE' }),
  records: ({ text, from, before }: RecordSearch, limit: number) => {
    const query = new URLSearchParams({ limit: String(limit) });
    for (const [name, value] of Object.entries({ search: text, from, before })) {
      if (value) {
        query.set(name, value);
      }
    }
    return request<MeetingRecordSummary[]>(`/api/admin/records?${query}`);
  },
  deleteRecord: (meeting: string) => request<void>(`/api/records/${id(meeting)}`, { method: 'DELETE' }),
  keys: () => request<ApiKey[]>('/api/admin/keys'),
  createKey: (name: string, scopes: readonly Scope[], expiresAt: string | null) =>
    request<{ key: string; apiKey: ApiKey }>('/api/admin/keys', send('POST', { name, scopes, expiresAt })),
  webhooks: () => request<Webhook[]>('/api/admin/webhooks'),
  createWebhook: (url: string, events: readonly WebhookEvent[]) =>
    request<{ secret: string; webhook: Webhook }>('/api/admin/webhooks', send('POST', { url, events })),
  disableWebhook: (one: string, disabled: boolean) => request<void>(webhook(one), send('PATCH', { disabled })),
  deleteWebhook: (one: string) => request<void>(webhook(one), { method: 'DELETE' }),
  testWebhook: (one: string) => request<void>(`${webhook(one)}/test`, { method: 'POST' }),
  deliveries: (one: string) => request<WebhookDelivery[]>(`${webhook(one)}/deliveries`),
  revokeKey: (key: string) => request<void>(`/api/admin/keys/${id(key)}`, { method: 'DELETE' }),
};
