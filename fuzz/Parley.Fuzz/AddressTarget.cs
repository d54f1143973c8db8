using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Server.Api;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterAddress() => All["address"] = AddressTarget.Run;
}

internal static class AddressTarget
{
    private static readonly HostString Own = new("meet.example.org");

    /// <summary>Links that are passed on, the servers that a server names, and the origin of a page.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        try
        {
            var link = MeetingLink.Parse(text);
            Check(link.Server.Scheme is "http" or "https" && link.Server.AbsolutePath == "/" && MeetingLink.Parse(link.ToString()) == link);
        }
        catch (ParleyException refused)
        {
            Check(refused.Error == ParleyError.Invalid);
        }

        if (IceServerUrls.Read(text) is { } server) Check(server.Port is > 0 and <= ushort.MaxValue && Uri.CheckHostName(server.Host) != UriHostNameType.Unknown);
        if (IceServerUrls.ReadStream(text) is { } stream) Check(stream.Port is > 0 and <= ushort.MaxValue && Uri.CheckHostName(stream.Host) != UriHostNameType.Unknown);
        if (OriginCheck.IsOwn(text, Own)) Check(new Uri(text) is { Scheme: "http" or "https", IdnHost: "meet.example.org" });
    }
}
