using Parley.Media;

namespace Parley.Client.Transport;

/// <summary>
/// What a <see cref="MediaLoop"/> drives: one connection's sockets and timers. Everything here is called on the loop's
/// thread, one call at a time, and must not block: every other client of the loop waits. What throws ends this client, and
/// no other.
/// </summary>
internal interface IMediaLoopClient
{
    /// <summary>
    /// When <see cref="OnTimer"/> is wanted, in the loop's time; <see cref="TimeSpan.MaxValue"/> for never. Read after every
    /// batch, timer and posted action of this client, and after <see cref="MediaLoopRegistration.Arm"/>.
    /// </summary>
    TimeSpan NextDeadline { get; }

    /// <summary>A datagram has come.</summary>
    /// <param name="local">The local base it came to, 0–15.</param>
    /// <param name="from">Who sent it, or says so.</param>
    /// <param name="datagram">0–2,048 bytes: the loop's own buffer, lent for the call. It may be written to.</param>
    /// <param name="now">When the batch was received; with <see cref="MediaLoopOptions.Coalesces"/> when the datagram came.</param>
    void OnDatagram(int local, TransportAddress from, Span<byte> datagram, TimeSpan now);

    /// <summary>The datagrams that were there have all been handed over: the moment to send what they led to.</summary>
    void OnBatchEnd(TimeSpan now);

    /// <summary><see cref="NextDeadline"/> has passed.</summary>
    void OnTimer(TimeSpan now);

    /// <summary>The last call: one of the above threw, and the sockets are closed. An exception here is dropped.</summary>
    void OnFault(Exception fault);
}
