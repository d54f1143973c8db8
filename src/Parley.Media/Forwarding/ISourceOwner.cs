namespace Parley.Media.Forwarding;

/// <summary>What a video source needs of the connection that sends it.</summary>
internal interface ISourceOwner
{
    /// <summary>Calls <see cref="VideoSource.Forward"/> for this encoding when the batch is over.</summary>
    void AwaitForward(VideoEncoding encoding);

    /// <summary><see cref="VideoSource.HandleTimeout"/> is due at once.</summary>
    void OnSourceDue();

    /// <summary>From now on this many encodings are of use to anybody, from the smallest on.</summary>
    void OnLayersWanted(VideoSource source, int layers);
}
