namespace Parley.Media.Forwarding;

/// <summary>What a slot needs of the way down to its viewer.</summary>
internal interface ISlotOwner
{
    /// <summary>Whether packets can be protected: the handshake has given keys.</summary>
    bool IsOpen { get; }

    /// <summary>A packet of the slot's stream has its number and can be sent.</summary>
    /// <param name="slot">Whose it is.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="payloadLength">Bytes of payload and padding.</param>
    /// <param name="now">The present.</param>
    void Send(Slot slot, long sequence, int payloadLength, TimeSpan now);

    /// <summary>Asks for the memory that <see cref="Send"/> will need; see <see cref="Slot.Prefetch"/>.</summary>
    /// <param name="step">0 to 2.</param>
    void Prefetch(int step);

    /// <summary>The slot's stream is this source from now on (null: nobody).</summary>
    void OnSlotShown(Slot slot, VideoSource? source);

    /// <summary>Counts what has happened.</summary>
    void OnOccurred(Occurrence occurrence);

    /// <summary>What the slots want, or what their sources offer, is not what it was.</summary>
    void OnDemandChanged();
}
