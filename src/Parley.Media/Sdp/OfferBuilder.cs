namespace Parley.Media.Sdp;

/// <summary>Writes an offer of ours. Numbers that were settled before keep their meaning (RFC 8829 §5.2.2).</summary>
internal sealed class OfferBuilder(
    SdpPolicy policy,
    IReadOnlyDictionary<byte, string> settledPayloadTypes,
    IReadOnlyDictionary<byte, string> settledExtensionIds)
{
    private const byte FirstDynamicPayloadType = 96;
    private const byte LastPayloadType = 127;
    private const byte LargestExtensionId = 14; // RFC 8285 §4.2: of the one-byte form

    private readonly byte[] _payloadTypes = Number(
        policy.Codecs,
        settledPayloadTypes,
        codec => codec.Key,
        (codec, _) => codec.PayloadType,
        FirstDynamicPayloadType,
        LastPayloadType);

    private readonly byte[] _extensionIds = Number(
        policy.Extensions,
        settledExtensionIds,
        extension => extension.Uri,
        (_, index) => (byte)(index + 1),
        1,
        LargestExtensionId);

    /// <summary>The offer.</summary>
    /// <param name="places">Each m= line: what we want there, or null when it is out of use.</param>
    /// <param name="before">Our last description's lines; may be fewer.</param>
    /// <param name="settled">What they came to.</param>
    /// <param name="sources">Our streams by mid.</param>
    /// <param name="local">Our transport.</param>
    /// <param name="origin">The o= line.</param>
    public SessionDescription Build(
        IReadOnlyList<SdpLine?> places,
        IReadOnlyList<MediaDescription> before,
        IReadOnlyList<NegotiatedMedia> settled,
        IReadOnlyDictionary<string, MediaSource> sources,
        LocalTransport local,
        SessionOrigin origin)
    {
        var tagged = places.Index().First(place => place.Item is not null).Index;
        var media = new MediaDescription[places.Count];
        for (var i = 0; i < media.Length; i++)
        {
            media[i] = places[i] is { } line
                ? Line(line, i == tagged, local, sources, isSettled: i < settled.Count && !settled[i].Rejected)
                : RejectedLine.Of(before[i]);
        }

        return local.Describe(origin, places.OfType<SdpLine>().Select(line => line.Mid), media);
    }

    private MediaDescription Line(
        SdpLine line,
        bool isTagged,
        LocalTransport local,
        IReadOnlyDictionary<string, MediaSource> sources,
        bool isSettled)
    {
        var codecs = policy.Codecs.Index().Where(codec => codec.Item.Kind == line.Kind)
            .Select(codec => codec.Item.ToCodec(_payloadTypes[codec.Index])).ToList();
        var source = line.Direction.Sends() ? sources[line.Mid] : null;
        // RFC 9143 §7.2.2, §7.5.1: a line that is not in the group yet has no address of its own but the group's.
        var bundleOnly = !isTagged && !isSettled;
        return local.Describe(isTagged) with
        {
            Media = line.Kind == MediaKind.Audio ? "audio" : "video",
            Port = bundleOnly ? 0 : LocalTransport.DiscardPort,
            BundleOnly = bundleOnly,
            Protocol = RejectedLine.Protocol,
            Formats = [.. codecs.Select(codec => PayloadTypes.ToText(codec.PayloadType))],
            Mid = line.Mid,
            Direction = line.Direction,
            RtcpRsize = true,
            Codecs = codecs,
            Extensions = Extensions(line),
            Ssrcs = source is null ? [] : [new SsrcDescription(source.Ssrc, source.Cname, null)],
            Msids = source is null ? [] : [source.Msid],
        };
    }

    private List<RtpExtension> Extensions(SdpLine line)
    {
        var extensions = new List<RtpExtension>();
        foreach (var (index, extension) in policy.Extensions.Index())
        {
            if (extension.Kind is { } kind && kind != line.Kind) continue;
            var direction = extension.WeSend ? line.Direction : line.Direction.And(MediaDirection.RecvOnly);
            if (direction == MediaDirection.Inactive) continue;
            extensions.Add(new RtpExtension(_extensionIds[index], direction == line.Direction ? null : direction, extension.Uri));
        }

        return extensions;
    }

    /// <summary>A number for each entry: the settled one, else the wished one, else the first that is free.</summary>
    private static byte[] Number<T>(
        IReadOnlyList<T> entries,
        IReadOnlyDictionary<byte, string> settled,
        Func<T, string> name,
        Func<T, int, byte> wish,
        byte first,
        byte last)
    {
        // One number for each name, so that there is always a free one: the other side may have used several.
        var before = settled.Where(entry => entry.Key <= last).DistinctBy(entry => entry.Value).ToDictionary(entry => entry.Value, entry => entry.Key);
        var taken = before.ToDictionary(entry => entry.Value, entry => entry.Key);
        var numbers = new byte[entries.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!before.TryGetValue(name(entries[i]), out var number)) number = wish(entries[i], i);
            if (number == 0 || taken.TryGetValue(number, out var other) && other != name(entries[i]))
            {
                number = first;
                while (taken.ContainsKey(number)) number++;
            }

            taken[number] = name(entries[i]);
            numbers[i] = number;
        }

        return numbers;
    }
}
