namespace Parley.Media.Forwarding;

/// <summary>What a video source needs of the connection that sends it.</summary>
internal interface ISourceOwner
{
    /// <summary>Calls <see cref="VideoSource.Forward"/> for this encoding when the batch is over.</summary>
    void AwaitForward(VideoEncoding encoding);

    /// <summary><see cref="VideoSource.HandleTimeout"/> is due at once.</summary>
    void OnSourceDue();

    /// <summary>
    /// The instant, by the sender's clock, of which the voice is that is mixed now: a picture of it belongs to now. Null when that is
    /// not known. Counted from the engine's origin.
    /// </summary>
    TimeSpan? CapturedAt(TimeSpan now);

    /// <summary>From now on this many encodings are of use to anybody, from the smallest on.</summary>
    void OnLayersWanted(VideoSource source, int layers);
}
