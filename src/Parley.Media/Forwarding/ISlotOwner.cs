namespace Parley.Media.Forwarding;

/// <summary>What a slot needs of the connection it belongs to.</summary>
internal interface ISlotOwner
{
    /// <summary>Where packets are built; valid until the next send.</summary>
    Span<byte> SendBuffer { get; }

    /// <summary>Sends a protected packet to the viewer.</summary>
    void Send(ReadOnlySpan<byte> datagram);

    /// <summary>The slot's stream is this source from now on (null: nobody).</summary>
    void OnSlotShown(Slot slot, VideoSource? source);
}
