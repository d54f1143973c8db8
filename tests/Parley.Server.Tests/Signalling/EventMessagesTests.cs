using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Parley.Protocol;
using Parley.Server.Signalling;

namespace Parley.Server.Tests.Signalling;

public sealed class EventMessagesTests
{
    private readonly JsonHubProtocol _protocol = new(Options.Create(new JsonHubProtocolOptions()));
    private readonly EventMessages _events = new();

    [Fact]
    public void Is_what_SignalR_writes_and_an_event_for_many_is_written_only_once()
    {
        var read = 0;
        var shared = new Counted(() => ++read);
        // More than are remembered, some under two names, some without an argument.
        object?[] arguments = [shared, .. Enumerable.Range(0, 500).Select(i => new { i }), null, "x", shared, shared];
        foreach (var name in (string[])["chatAdded", "chatAdded", "modeChanged"])
        {
            foreach (var argument in arguments)
            {
                var ours = _events.Get(name, argument).GetSerializedMessage(_protocol).ToArray();
                var theirs = argument is Counted
                    ? System.Text.Encoding.UTF8.GetBytes($$"""{"type":1,"target":"{{name}}","arguments":[{"value":{{read}}}]}{{'\u001e'}}""")
                    : _protocol.GetMessageBytes(new InvocationMessage(name, argument is null ? [] : [argument])).ToArray();
                Assert.Equal(theirs, ours);
            }
        }

        var once = read;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _events.Get("modeChanged", shared).GetSerializedMessage(_protocol);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal((once, 0), (read, allocated));
    }

    /// <summary>A message that is deleted is not to linger here until sixty others have come.</summary>
    [Fact]
    public void What_was_written_is_not_held_when_nobody_else_needs_it()
    {
        var said = Say();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        Assert.False(said.IsAlive);
    }

    /// <summary>Apart, so that no register holds what it made.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Say()
    {
        var message = new ChatMessage("1", "a", "Ada", "a secret", DateTimeOffset.UnixEpoch);
        _events.Get("chatAdded", message).GetSerializedMessage(_protocol);
        return new WeakReference(message);
    }

    private sealed class Counted(Func<int> read)
    {
        public int Value => read();
    }
}
