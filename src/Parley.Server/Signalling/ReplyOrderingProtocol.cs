using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Parley.Server.Signalling;

/// <summary>
/// SignalR's JSON protocol, which also tells the <see cref="ReplyGate"/> of each reply it has written. Writing happens under the
/// connection's write lock, so what is sent from then on comes after the reply: the snapshot of a join and the events after it
/// have no gap.
/// </summary>
internal sealed class ReplyOrderingProtocol(IOptions<JsonHubProtocolOptions> options, ReplyGate gate) : IHubProtocol
{
    private readonly JsonHubProtocol _json = new(options);

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
        _json.TryParseMessage(ref input, binder, out message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        _json.WriteMessage(message, output);
        Tell(message);
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        var bytes = _json.GetMessageBytes(message);
        Tell(message);
        return bytes;
    }

    private void Tell(HubMessage message)
    {
        if (message is CompletionMessage { Result: { } reply }) gate.Written(reply);
    }
}
