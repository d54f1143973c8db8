using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Parley.Server.Signalling;

/// <summary>
/// SignalR's JSON protocol, which also tells the <see cref="ReplyGate"/> of each reply it has written. Writing happens under the
/// connection's write lock, so what is sent from then on comes after the reply: the snapshot of a join and the events after it
/// have no gap. An event that goes to many is written as JSON once.
/// </summary>
internal sealed class ReplyOrderingProtocol(IOptions<JsonHubProtocolOptions> options, ReplyGate gate) : IHubProtocol
{
    private readonly JsonHubProtocol _json = new(options);

    /// <summary>
    /// The latest events, by the hash of their argument: one goes to all of a meeting, from many threads, at about one time. Held weakly: what
    /// was said is not kept here beyond that, whatever becomes of it.
    /// </summary>
    private readonly WeakReference<WrittenEvent>?[] _written = new WeakReference<WrittenEvent>?[64];

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
        _json.TryParseMessage(ref input, binder, out message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        if (message is InvocationMessage { InvocationId: null, Headers: null, StreamIds: null, Arguments: [{ } argument] } told) output.Write(Written(told, argument));
        else _json.WriteMessage(message, output);
        Tell(message);
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        var bytes = _json.GetMessageBytes(message);
        Tell(message);
        return bytes;
    }

    private byte[] Written(InvocationMessage told, object argument)
    {
        ref var recent = ref _written[(uint)RuntimeHelpers.GetHashCode(argument) % (uint)_written.Length];
        if (Volatile.Read(ref recent)?.TryGetTarget(out var known) == true && ReferenceEquals(known.Argument, argument) && known.Target == told.Target)
            return known.Json;
        var json = _json.GetMessageBytes(told).ToArray();
        Volatile.Write(ref recent, new WeakReference<WrittenEvent>(new WrittenEvent(told.Target, argument, json)));
        return json;
    }

    private void Tell(HubMessage message)
    {
        if (message is CompletionMessage { Result: { } reply }) gate.Written(reply);
    }

    private sealed record WrittenEvent(string Target, object Argument, byte[] Json);
}
