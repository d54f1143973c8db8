namespace Parley.Media.Dtls;

/// <summary>A side of a DTLS association: in SDP the active one is the client, the passive one the server (RFC 8842 §5).</summary>
public enum DtlsRole
{
    /// <summary>Sends the ClientHello.</summary>
    Client,

    /// <summary>Waits for it.</summary>
    Server,
}
