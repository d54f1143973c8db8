namespace Parley.Media.Sdp;

/// <summary>An m= line we want: offered as it stands here, or matched with a line of the other side's offer.</summary>
/// <param name="Kind">Audio or video.</param>
/// <param name="Mid">
/// Our name for the line, the same in all descriptions: 1–<see cref="SdpLimits.MidLength"/> characters of an RFC 8866 token, unique among
/// our lines. It is the mid where we offer the line first; where the other side does, its mid is in <see cref="NegotiatedMedia.Mid"/> and
/// this name in <see cref="NegotiatedMedia.Line"/>.
/// </param>
/// <param name="Direction">What we want at most, seen by us.</param>
public sealed record SdpLine(MediaKind Kind, string Mid, MediaDirection Direction)
{
    /// <summary>
    /// The MediaStream and track we name when we send; null makes a stream for this line alone. Lines that name the same stream are
    /// played in step by browsers. Kept from the first description that names it.
    /// </summary>
    public MediaStreamId? Msid { get; init; }

    internal void Check()
    {
        if (Kind is not (MediaKind.Audio or MediaKind.Video)) throw new ArgumentException("Our lines are audio or video.");
        if (!SdpGrammar.IsToken(Mid, SdpLimits.MidLength)) throw new ArgumentException("A mid of ours is no short word.");
        if (Msid is not null && !(SdpGrammar.IsVisible(Msid.Stream) && (Msid.Track is null || SdpGrammar.IsVisible(Msid.Track))))
        {
            throw new ArgumentException("A stream or track id of ours is no word.");
        }
    }
}
