/** A STUN or TURN server as the protocol tells it: what is absent may be null. */
export interface ToldIceServer {
  urls: readonly string[];
  username?: string | null;
  credential?: string | null;
}

/** As RTCPeerConnection takes them: a null would become the text "null" there. */
export function rtcIceServers(told: readonly ToldIceServer[]): RTCIceServer[] {
  return told.map(({ urls, username, credential }) => ({
    urls: [...urls],
    ...(username != null && { username }),
    ...(credential != null && { credential }),
  }));
}

/** The relays among them, RFC 7065 schemes. */
export function relaysOf(servers: readonly RTCIceServer[]): RTCIceServer[] {
  return servers
    .map((server) => ({ ...server, urls: [server.urls].flat().filter((url) => /^turns?:/i.test(url)) }))
    .filter((server) => server.urls.length > 0);
}
