namespace Parley.Media.Forwarding;

/// <summary>What the way down needs of the connection it belongs to.</summary>
internal interface IDownlinkOwner
{
    /// <summary>Whether there is an address to send to.</summary>
    bool CanSend { get; }

    /// <summary>Bytes of UDP and IP around each datagram to the viewer.</summary>
    int DatagramOverhead { get; }

    /// <summary>How much of quality this machine gives up to keep up: 0 nothing, then step by step.</summary>
    int Shedding { get; }

    /// <summary>Room for one datagram; see <see cref="IDatagramBatch.Reserve"/>.</summary>
    Span<byte> Reserve(int maxLength);

    /// <summary>Sends what was written into the room; see <see cref="IDatagramBatch.Commit"/>.</summary>
    void Commit(int length);

    /// <summary>Asks for the memory that <see cref="Commit"/> will need; see <see cref="Slot.Prefetch"/>.</summary>
    /// <param name="step">0 or 1.</param>
    void Prefetch(int step);

    /// <summary>Whether this source is of who speaks now.</summary>
    bool IsSpeaking(VideoSource source);

    /// <summary>The slot's stream is this source from now on (null: nobody).</summary>
    void OnSlotShown(Slot slot, VideoSource? source);

    /// <summary>How what a slot shows compares from now on with what its tile could use.</summary>
    void OnSlotQuality(Slot slot, SlotLevel level, SlotLimit limit);

    /// <summary>Counts what has happened.</summary>
    void OnOccurred(Occurrence occurrence);

    /// <summary>Something is due at once.</summary>
    void OnDownlinkDue();
}
