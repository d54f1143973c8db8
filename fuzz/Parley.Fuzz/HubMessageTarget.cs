using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Parley.Client.Meetings;
using Parley.Protocol;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterHubMessage() => All["hub-message"] = HubMessageTarget.Run;
}

internal static class HubMessageTarget
{
    /// <summary>What a server sends to the C# client: a message, a message whose contents do not fit, which the connection tells of, or no message at all.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var protocol = new BoundedHubProtocol();
        var rest = new ReadOnlySequence<byte>(input.ToArray());
        try
        {
            var before = rest.Length;
            while (protocol.TryParseMessage(ref rest, Binder.Instance, out _))
            {
                Check(rest.Length < before);
                before = rest.Length;
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // SignalR ends the connection.
        }
    }

    private sealed class Binder : IInvocationBinder
    {
        public static readonly Binder Instance = new();

        public Type GetReturnType(string invocationId) => typeof(Joined);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName == "chat" ? [typeof(ChatMessage)] : [typeof(MeetingSnapshot)];

        public Type GetStreamItemType(string streamId) => typeof(ChatPage);
    }
}
