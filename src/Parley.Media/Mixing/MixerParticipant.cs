namespace Parley.Media.Mixing;

/// <summary>One participant of an <see cref="AudioMixer"/>: a voice and a listener. Used by the mixer thread only.</summary>
public sealed class MixerParticipant
{
    internal MixerParticipant(AudioSource source, AudioListener listener, object? tag) => (Source, Listener, Tag) = (source, listener, tag);

    /// <summary>The host's own reference, so that a sink need not look it up.</summary>
    public object? Tag { get; }

    /// <summary>Whether the server keeps this voice out of the mix, whatever the client sends. Faded within 5 ms.</summary>
    public bool Muted { get; set; }

    /// <summary>The voice's smoothed level, −127 (silence) … 0 dBov (RFC 6464 §3); not that of the mix.</summary>
    public float Level => Source.Meter.Level;

    /// <summary>Whether somebody speaks: an onset of 40 ms, a hold of 400 ms, and hysteresis in between.</summary>
    public bool IsSpeaking => Source.Meter.IsSpeaking;

    /// <summary>Packets of this voice decoded so far.</summary>
    public long FramesDecoded => Source.FramesDecoded;

    /// <summary>What was counted so far.</summary>
    public MixerStatistics Statistics => new()
    {
        FramesDecoded = Source.FramesDecoded,
        FramesRecovered = Source.FramesRecovered,
        FramesConcealed = Source.FramesConcealed,
        FramesCorrupt = Source.FramesCorrupt,
        InboxOverflows = Source.Inbox.Overflows,
        Jitter = Source.Jitter.Statistics,
        TargetDelay = Source.Jitter.TargetDelay,
        HeldAudio = Source.Jitter.Held,
        FramesNotSent = Listener.FramesNotSent,
    };

    /// <summary>Takes what this participant reports to have lost of the mix, 0 … 100: how much FEC they get.</summary>
    public void ReportLoss(int percent) => Listener.ReportLoss(percent);

    /// <summary>Whether the voice is among those that are decoded.</summary>
    public bool IsChosen { get; internal set; }

    internal AudioSource Source { get; }

    /// <summary>Whether they speak, for who has the floor.</summary>
    internal SpeechActivity Activity { get; } = new();

    internal AudioListener Listener { get; }

    /// <summary>Removed: its voice fades out in the next tick, it hears nothing any more.</summary>
    internal bool IsLeaving { get; set; }
}
