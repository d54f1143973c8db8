using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Parley.Media;
using Parley.Sockets;

namespace Parley.Server.Tests.MediaHost;

/// <summary>How datagrams become messages, and what becomes of them when the system refuses: the test is the system.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class SegmentedBatchTests : IMessageSocket, IDisposable
{
    private const int Eperm = 1, Eintr = 4, Eio = 5, Eagain = 11, Einval = 22, Emsgsize = 90, Ehostunreach = 113;

    private static readonly TransportAddress Ada = TransportAddress.FromIPv4(0x0A000001, 1_000);
    private static readonly TransportAddress Ben = TransportAddress.FromIPv4(0x0A000002, 2_000);

    private readonly ReachedAddresses _reached = new(isIPv6: false);
    private readonly SendCounters _sent = new();
    private readonly List<string> _ended = [];
    private readonly SegmentedBatch _batch;

    /// <summary>What was sent: to which port, of what length, cut at what length (0: not at all).</summary>
    private readonly List<(int Port, int Length, int Segment)> _messages = [];
    private readonly List<string> _from = [];
    private Func<(int Port, int Length, int Segment), int> _refuse = _ => 0;
    private int _mostAtOnce = int.MaxValue;
    private int _waits;

    public SegmentedBatchTests() => _batch = new SegmentedBatch(this, isIPv6: false, _reached, _sent, _ended.Add);

    public void Dispose() => _batch.Dispose();

    int IMessageSocket.Send(LinuxSockets.MessageVector* messages, int count, out int error)
    {
        error = 0;
        for (var i = 0; i < Math.Min(count, _mostAtOnce); i++)
        {
            ref var message = ref messages[i].Message;
            var port = SockAddr.Read(new ReadOnlySpan<byte>(message.Name, SockAddr.IPv4Length), isIPv6: false).Port;
            var reader = new ControlMessageReader(new ReadOnlySpan<byte>(message.Control, (int)message.ControlLength));
            var (segment, from) = (0, "");
            while (reader.TryRead(out var level, out var type, out var data))
            {
                if ((level, type, data.Length) == (17, 103, 2)) segment = MemoryMarshal.Read<ushort>(data);
                else if ((level, type, data.Length) == (0, 8, 12)) from = new IPAddress(data.Slice(4, 4)).ToString();
                else Assert.Fail($"control message {level} {type} of {data.Length}");
            }

            var described = ((int)port, (int)message.Buffers->Length, segment);
            _from.Add(from);
            error = _refuse(described);
            if (error != 0) return i > 0 ? i : -1;
            _messages.Add(described);
        }

        return Math.Min(count, _mostAtOnce);
    }

    void IMessageSocket.WaitUntilWritable(TimeSpan time) => _waits++;

    [Fact]
    public void A_run_is_one_message_and_its_last_may_be_shorter()
    {
        Commit(Ada, 1_200, 1_200, 700);
        Commit(Ada, 700);
        Commit(Ben, 500, 501, 501, 400, 400, 401);
        Commit(Ada, 10);
        _batch.Flush();
        Assert.Equal(
            [(1_000, 3_100, 1_200), (1_000, 700, 0), (2_000, 500, 0), (2_000, 1_402, 501), (2_000, 400, 0), (2_000, 401, 0), (1_000, 10, 0)],
            _messages);
        Assert.Equal((11, 3_100 + 700 + 500 + 1_402 + 400 + 401 + 10, 1, 0), (_sent.Datagrams, _sent.Bytes, _sent.Calls, _sent.Failures));
    }

    [Fact]
    public void No_message_is_longer_than_the_system_takes()
    {
        Commit(Ada, [.. Enumerable.Repeat(100, 65)]);
        Commit(Ben, [.. Enumerable.Repeat(1_400, 47)]);
        _batch.Flush();
        Assert.Equal([(1_000, 6_400, 100), (1_000, 100, 0), (2_000, 46 * 1_400, 1_400), (2_000, 1_400, 0)], _messages);
    }

    [Fact]
    public void What_is_reserved_and_not_committed_was_never_there()
    {
        Commit(Ada, 100);
        _batch.Reserve(1_200).Fill(9);
        Commit(Ada, 100);
        _batch.Reserve(1_200).Fill(9);
        _batch.Flush();
        _batch.Flush();
        Assert.Equal([(1_000, 200, 100)], _messages);
    }

    [Fact]
    public void When_arena_or_messages_are_full_it_flushes_by_itself()
    {
        for (var i = 0; i < SegmentedBatch.MaxMessages + 1; i++) Commit(i % 2 == 0 ? Ada : Ben, 100);
        Assert.Equal(SegmentedBatch.MaxMessages, _messages.Count);
        _batch.Flush();
        Assert.Equal(SegmentedBatch.MaxMessages + 1, _messages.Count);

        _messages.Clear();
        for (var i = 0; i < SegmentedBatch.ArenaLength / 1_000; i++) Commit(Ada, 1_000);
        Assert.NotEmpty(_messages);
        _batch.Flush();
        Assert.Equal(SegmentedBatch.ArenaLength / 1_000 * 1_000, _messages.Sum(message => message.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _batch.Reserve(SegmentedBatch.ArenaLength + 1); });
    }

    [Fact]
    public void What_the_system_took_only_in_part_goes_on_where_it_stopped()
    {
        _mostAtOnce = 2;
        for (var i = 0; i < 5; i++) Commit(i % 2 == 0 ? Ada : Ben, 10 + i);
        _batch.Flush();
        Assert.Equal([10, 11, 12, 13, 14], _messages.Select(message => message.Length));
        Assert.Equal((5, 3), (_sent.Datagrams, _sent.Calls));
    }

    [Theory]
    [InlineData(Ehostunreach, "Unreachable")]
    [InlineData(Eperm, "Forbidden")]
    [InlineData(Eagain, "BufferFull")]
    public void Who_cannot_be_reached_costs_nobody_elses_packets(int error, string reason)
    {
        _refuse = message => message.Port == 1_000 ? error : 0;
        for (var i = 0; i < 4; i++)
        {
            Commit(Ada, 800, 800, 800);
            Commit(Ben, 800, 800, 800);
        }

        _batch.Flush();
        Assert.Equal(Enumerable.Repeat((2_000, 2_400, 800), 4), _messages);
        Assert.Equal((12, 12), (_sent.Failed(Enum.Parse<SendFailure>(reason)), _sent.Failures));
        Assert.True(_batch.IsSegmenting);

        // A full buffer is waited for once in a flush and no more.
        Assert.Equal(error == Eagain ? 1 : 0, _waits);
    }

    [Fact]
    public void Room_that_comes_while_it_waits_is_used_and_an_interrupted_call_repeated()
    {
        _refuse = _ => _waits == 0 ? Eagain : 0;
        Commit(Ada, 100);
        _batch.Flush();
        var calls = 0;
        _refuse = _ => calls++ == 0 ? Eintr : 0;
        Commit(Ben, 200);
        _batch.Flush();
        Assert.Equal([(1_000, 100, 0), (2_000, 200, 0)], _messages);
        Assert.Equal(0, _sent.Failures);
    }

    [Fact]
    public void A_refused_run_goes_one_by_one_and_a_system_that_refuses_all_is_asked_no_more()
    {
        _refuse = message => message.Segment > 0 ? Eio : 0;
        var expected = new List<(int, int, int)>();
        for (var i = 0; i < SegmentedBatch.RefusalsToEnd; i++)
        {
            Assert.True(_batch.IsSegmenting);
            Commit(Ada, 900, 900, 50);
            _batch.Flush();
            expected.AddRange([(1_000, 900, 0), (1_000, 900, 0), (1_000, 50, 0)]);
        }

        Assert.False(_batch.IsSegmenting);
        Assert.Single(_ended);
        _refuse = message => message.Segment > 0 ? throw new InvalidOperationException("asked again") : 0;
        Commit(Ada, 900, 900, 50);
        _batch.Flush();
        expected.AddRange([(1_000, 900, 0), (1_000, 900, 0), (1_000, 50, 0)]);
        Assert.Equal(expected, _messages);
        Assert.Equal(0, _sent.Failures);
        Assert.Single(_ended);
    }

    [Theory]
    [InlineData(Einval)]
    [InlineData(Emsgsize)]
    public void One_path_that_refuses_does_not_end_it_for_the_others(int error)
    {
        _refuse = message => message is { Port: 1_000, Segment: > 0 } ? error : 0;
        for (var i = 0; i < 3 * SegmentedBatch.RefusalsToEnd; i++)
        {
            Commit(Ada, 900, 900);
            Commit(Ben, 900, 900);
        }

        _batch.Flush();
        Assert.True(_batch.IsSegmenting);
        Assert.Equal((48, 24), (_messages.Count(message => message == (1_000, 900, 0)), _messages.Count(message => message == (2_000, 1_800, 900))));
        Assert.Empty(_ended);
    }

    [Fact]
    public void Each_leaves_from_the_address_that_its_receiver_knows()
    {
        var (first, second) = (Reach("192.0.2.1"), Reach("192.0.2.2"));
        Commit(Ada with { Local = second }, 900, 900);
        Commit(Ada with { Local = first }, 900);
        Commit(Ada, 900, 900);
        Commit(Ben with { Local = Reach("192.0.2.1") }, 30);
        _batch.Flush();
        Assert.Equal([(1_000, 1_800, 900), (1_000, 900, 0), (1_000, 1_800, 900), (2_000, 30, 0)], _messages);
        Assert.Equal(["192.0.2.2", "192.0.2.1", "", "192.0.2.1"], _from);
    }

    [Fact]
    public void An_address_that_this_machine_has_no_more_does_not_end_runs()
    {
        _refuse = message => message.Port == 1_000 ? Einval : 0;
        var gone = Ada with { Local = Reach("192.0.2.1") };
        for (var i = 0; i < 2 * SegmentedBatch.RefusalsToEnd; i++) Commit(gone, i, i, i);
        _batch.Flush();
        Assert.True(_batch.IsSegmenting);
        Assert.Empty(_messages);
        Assert.All(_from, from => Assert.Equal("192.0.2.1", from));
    }

    [Fact]
    public void Of_more_addresses_than_it_can_tell_apart_the_system_chooses()
    {
        for (var i = 0; i < ReachedAddresses.MaxCount; i++) Assert.Equal(i + 1, Reach($"10.0.{i / 256}.{i % 256}"));
        Assert.Equal(0, Reach("192.0.2.1"));
        Assert.Equal(7, Reach("10.0.0.6"));
    }

    /// <summary>When segments are too long for a path, so may be a single one; the others of the run are not lost for it.</summary>
    [Fact]
    public void Of_a_refused_run_what_is_refused_again_is_lost_alone()
    {
        _refuse = message => message.Length > 800 ? Emsgsize : 0;
        Commit(Ada, 900, 900, 50);
        _batch.Flush();
        Assert.Equal([(1_000, 50, 0)], _messages);
        Assert.Equal((1, 2), (_sent.Datagrams, _sent.Failed(SendFailure.TooLong)));
    }

    [Fact]
    public void An_address_the_socket_cannot_reach_is_counted()
    {
        Commit(new TransportAddress(UInt128.One, 5), 100);
        Commit(Ada, 100);
        _batch.Flush();
        Assert.Equal([(1_000, 100, 0)], _messages);
        Assert.Equal(1, _sent.Failed(SendFailure.Unreachable));
    }

    /// <summary>As a datagram does that came to the address.</summary>
    private ushort Reach(string address)
    {
        var data = new byte[12];
        IPAddress.Parse(address).GetAddressBytes().CopyTo(data, 4);
        return _reached.Read(LinuxSockets.SolIPv4, LinuxSockets.PacketInfo, data);
    }

    private void Commit(TransportAddress to, params ReadOnlySpan<int> lengths)
    {
        foreach (var length in lengths)
        {
            _batch.Reserve(1_500)[..length].Fill((byte)length);
            _batch.Commit(to, length);
        }
    }
}
