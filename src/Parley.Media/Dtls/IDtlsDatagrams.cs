namespace Parley.Media.Dtls;

/// <summary>
/// What a host lends to one DTLS association: datagrams in, datagrams out, and the one place where a handshake may
/// block. The engine itself has no thread and no clock, so whoever runs a handshake lends both.
/// </summary>
public interface IDtlsDatagrams
{
    /// <summary>
    /// Waits for the peer's next datagram, at most <paramref name="wait"/> (at least 1 ms).
    /// Called only during the handshake.
    /// </summary>
    /// <param name="buffer">At least <see cref="DtlsRecord.MaxDatagramLength"/> bytes.</param>
    /// <param name="wait">How long to wait.</param>
    /// <returns>The datagram's length; 0 when nothing came in time; negative when the host gives the handshake up.</returns>
    int Receive(Span<byte> buffer, TimeSpan wait);

    /// <summary>
    /// Sends one datagram to the peer; also called after the handshake, from <see cref="DtlsConnection"/>.
    /// The bytes belong to the caller again when this returns.
    /// </summary>
    void Send(ReadOnlySpan<byte> datagram);
}
