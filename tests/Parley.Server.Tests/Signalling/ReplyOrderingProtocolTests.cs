using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Parley.Protocol;
using Parley.Server.Signalling;

namespace Parley.Server.Tests.Signalling;

public sealed class ReplyOrderingProtocolTests
{
    [Fact]
    public void Tells_once_and_only_when_that_very_reply_is_in_the_output()
    {
        var gate = new ReplyGate();
        var protocol = new ReplyOrderingProtocol(Options.Create(new JsonHubProtocolOptions()), gate);
        var output = new ArrayBufferWriter<byte>();
        var (mine, equal) = (new Reply<bool>(true, null), new Reply<bool>(true, null));
        var writtenAt = new List<int>();
        gate.WhenWritten(mine, () => writtenAt.Add(output.WrittenCount));

        protocol.WriteMessage(new InvocationMessage("chatAdded", ["x"]), output);
        protocol.WriteMessage(CompletionMessage.WithResult("1", equal), output);
        Assert.Empty(writtenAt);
        protocol.WriteMessage(CompletionMessage.WithResult("2", mine), output);
        Assert.Equal([output.WrittenCount], writtenAt);
        protocol.WriteMessage(CompletionMessage.WithResult("2", mine), output);
        Assert.Single(writtenAt);
    }
}
