using System.Buffers;
using System.Runtime.CompilerServices;
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

    [Fact]
    public void Writes_what_the_plain_protocol_does_and_an_event_for_many_only_once()
    {
        var options = Options.Create(new JsonHubProtocolOptions());
        var (plain, protocol) = (new JsonHubProtocol(options), new ReplyOrderingProtocol(options, new ReplyGate()));
        var read = 0;
        var shared = new Counted(() => ++read);
        // More than are remembered, some under two names, some without an argument or with two.
        object?[][] arguments = [[shared], .. Enumerable.Range(0, 500).Select(i => (object?[])[new { i }]), [], ["x", 2], [null], [shared], [shared]];
        foreach (var target in (string[])["chatAdded", "chatAdded", "modeChanged"])
        {
            foreach (var argument in arguments)
            {
                var (ours, theirs) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
                protocol.WriteMessage(new InvocationMessage(target, argument), ours);
                if (argument is not [Counted]) plain.WriteMessage(new InvocationMessage(target, argument), theirs);
                else theirs.Write(System.Text.Encoding.UTF8.GetBytes($$"""{"type":1,"target":"{{target}}","arguments":[{"value":{{read}}}]}{{'\u001e'}}"""));
                Assert.Equal(theirs.WrittenSpan, ours.WrittenSpan);
            }
        }

        var once = read;
        foreach (var _ in Enumerable.Range(0, 100)) protocol.WriteMessage(new InvocationMessage("modeChanged", [shared]), new ArrayBufferWriter<byte>());
        Assert.Equal(once, read);
    }

    /// <summary>A message that is deleted is not to linger here until sixty others have come.</summary>
    [Fact]
    public void What_was_written_is_not_held_when_nobody_else_needs_it()
    {
        var protocol = new ReplyOrderingProtocol(Options.Create(new JsonHubProtocolOptions()), new ReplyGate());
        var said = Say(protocol);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        Assert.False(said.IsAlive);
        GC.KeepAlive(protocol);
    }

    /// <summary>Apart, so that no register holds what it made.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Say(ReplyOrderingProtocol protocol)
    {
        var message = new ChatMessage("1", "a", "Ada", "a secret", DateTimeOffset.UnixEpoch);
        protocol.WriteMessage(new InvocationMessage("chatAdded", [message]), new ArrayBufferWriter<byte>());
        return new WeakReference(message);
    }

    private sealed class Counted(Func<int> read)
    {
        public int Value => read();
    }
}
