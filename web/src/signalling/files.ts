import type { ChatMessage } from './protocol';
import { Refusal, unreachable } from './refusal';
import { refusalOf } from './rest';

export interface FileToSend {
  meetingId: string;
  token: string;
  clientId: string;
  name: string;
  content: Blob;
  /** Only to this participant. */
  to: string | null;
}

const files = (meetingId: string) => `/api/meetings/${encodeURIComponent(meetingId)}/files`;

/** Sends a file (protocol.md §8). `onProgress` hears how much of it is out, 0–1. Rejects with a `Refusal`. */
export function sendFile(
  file: FileToSend,
  onProgress: (done: number) => void,
  stop: AbortSignal,
): Promise<ChatMessage> {
  const query = new URLSearchParams({ name: file.name, clientId: file.clientId });
  if (file.to) {
    query.set('to', file.to);
  }
  return new Promise((resolve, reject) => {
    // fetch does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const failed = () => reject(new Refusal(unreachable, ''));
    request.open('POST', `${files(file.meetingId)}?${query}`);
    request.setRequestHeader('Authorization', `Bearer ${file.token}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'text';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = failed;
    request.onabort = failed;
    request.onload = () => {
      if (request.status === 201) {
        resolve(JSON.parse(request.responseText) as ChatMessage);
      } else {
        void refusalOf(new Response(request.responseText, { status: request.status })).then(reject);
      }
    };
    stop.addEventListener('abort', () => request.abort());
    request.send(file.content);
  });
}

/** A file of the chat. Rejects with a `Refusal`. */
export async function getFile(meetingId: string, fileId: string, secret: string): Promise<Blob> {
  try {
    const response = await fetch(`${files(meetingId)}/${encodeURIComponent(fileId)}`, {
      headers: { Authorization: `Bearer ${secret}` },
    });
    if (!response.ok) {
      throw await refusalOf(response);
    }
    return await response.blob();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(unreachable, '');
  }
}
