using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Parley.Client.Meetings;

/// <summary>
/// SignalR's JSON protocol for one connection, with a bound on what one message may hold, and an eye on the server's farewell: a
/// call that fails because of it was not refused.
/// </summary>
internal sealed class BoundedHubProtocol : IHubProtocol
{
    /// <summary>A snapshot with 500 lines of 5,000 characters, each escaped, fits.</summary>
    private const int LargestMessage = 32 * 1024 * 1024;

    private readonly JsonHubProtocol _json = new(Options.Create(CreateOptions()));
    private volatile bool _isClosing;

    /// <summary>The server has said that it closes the connection.</summary>
    public bool IsClosing => _isClosing;

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (!TryParse(ref input, binder, out message))
        {
            if (input.Length > LargestMessage) throw new InvalidDataException("The server sends a message without end.");
            return false;
        }

        if (message is CloseMessage) _isClosing = true;
        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    private bool TryParse(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        try
        {
            return _json.TryParseMessage(ref input, binder, out message);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException { InnerException: DecoderFallbackException })
        {
            throw new InvalidDataException("The server sends what is no message.", e);
        }
    }

    private static JsonHubProtocolOptions CreateOptions()
    {
        var options = new JsonHubProtocolOptions();
        ClientJson.Configure(options.PayloadSerializerOptions);
        return options;
    }
}
