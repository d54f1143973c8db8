using Microsoft.Extensions.Time.Testing;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

/// <summary>On a clock of the test: the thread looks at it at least every 20 ms.</summary>
public sealed class MixerThreadTests : IDisposable
{
    /// <summary>20 ms of the RTP clock.</summary>
    private const uint Frame = 960;

    private readonly FakeTimeProvider _time = new();
    private readonly Conditions _conditions = new();
    private readonly List<Exception> _faults = [];
    private readonly MediaClock _clock;
    private readonly MixerThread _mixer;

    public MixerThreadTests()
    {
        _clock = new MediaClock(_time);
        _mixer = new MixerThread(1, null, _clock, fault => _conditions.Change(() => _faults.Add(fault)));
        _mixer.Start();
    }

    public void Dispose() => _mixer.Dispose();

    [Fact]
    public void Ticks_every_room_once_every_20_ms()
    {
        var rooms = Enumerable.Range(0, 3).Select(_ => Add()).ToList();
        Begin(rooms);
        for (var i = 0; i < 5; i++) Step(rooms);
        foreach (var room in rooms) AssertNoGap(room);
    }

    [Fact]
    public void Ticks_that_were_late_are_made_up_for()
    {
        var room = Add();
        Begin([room]);
        Step([room], frames: 5);
        AssertNoGap(room);
    }

    [Fact]
    public void A_long_stop_is_not_made_up_for()
    {
        var room = Add();
        Begin([room]);
        var (first, count) = _conditions.Look(() => (room.Ticks[^1], room.Ticks.Count));
        _time.Advance(TimeSpan.FromSeconds(10));
        _conditions.Wait(() => room.Ticks[^1] - first >= 490 * Frame, "a tick after the stop");
        Assert.InRange(_conditions.Look(() => room.Ticks.Count) - count, 1, 12);
        Assert.Equal(0u, _conditions.Look(() => room.Ticks[^1] - first) % Frame);
    }

    [Fact]
    public void A_room_that_fails_is_reported_and_does_not_stop_the_next()
    {
        var broken = Add(throws: true);
        var good = Add();
        Begin([broken, good]);
        for (var i = 0; i < 3; i++) Step([broken, good]);
        _conditions.Wait(() => _faults.Count >= 4, "a report of each fault");
        Assert.All(_conditions.Look(_faults.ToList), fault => Assert.Equal("this room is broken", fault.Message));
        AssertNoGap(good);
    }

    [Fact]
    public void A_room_that_was_removed_is_not_ticked_any_more()
    {
        var (gone, left) = (Add(), Add());
        Begin([gone, left]);
        _mixer.Remove(gone.Room.Audio);
        Assert.Equal(1, _mixer.Rooms);

        // One round may have begun before.
        Step([left]);
        Step([left]);
        var ticks = _conditions.Look(() => gone.Ticks.Count);
        Step([left]);
        Step([left]);
        Assert.Equal(ticks, _conditions.Look(() => gone.Ticks.Count));
        Assert.Empty(_faults);
    }

    [Fact]
    public void The_thread_sleeps_while_nobody_is_heard_until_somebody_is()
    {
        var rooms = Enumerable.Range(0, 2).Select(_ => Add()).ToList();
        Begin(rooms);
        LetPass(() => _mixer.Sleeps, TimeSpan.FromMilliseconds(3), "never asleep");

        var (spoken, silent) = (_conditions.Look(() => rooms[0].Ticks.Count), _conditions.Look(() => rooms[1].Ticks.Count));
        rooms[0].Speak(_clock.Now);
        Begin([rooms[0]], spoken);
        Assert.Equal(silent, _conditions.Look(() => rooms[1].Ticks.Count));

        // Sleeping, it hears of rooms that come and go as well.
        LetPass(() => _mixer.Sleeps, TimeSpan.FromMilliseconds(3), "never asleep again");

        Begin([Add()]);
        Assert.Empty(_faults);
    }

    /// <summary>The server stops: the last meetings close when the mixers have already ended.</summary>
    [Fact]
    public void Rooms_may_come_and_go_after_the_end()
    {
        var room = Add();
        _mixer.Dispose();
        _mixer.Remove(room.Room.Audio);
        var late = Add();
        _mixer.Remove(late.Room.Audio);
        _mixer.Dispose();
        Assert.Empty(_faults);
    }

    private AudioRoom Add(bool throws = false)
    {
        var room = new AudioRoom(_conditions, throws);
        _mixer.Add(room.Room.Audio);
        return room;
    }

    /// <summary>Lets time pass until all are ticked: from then on the thread owes a tick for every 20 ms.</summary>
    /// <param name="rooms">Which.</param>
    /// <param name="before">How often they were ticked before.</param>
    private void Begin(List<AudioRoom> rooms, int before = 0) =>
        LetPass(() => rooms.All(room => _conditions.Look(() => room.Ticks.Count) > before), TimeSpan.FromSeconds(2), "never ticked");

    /// <summary>
    /// Lets two ticks' time pass again and again, so that one is due whenever the thread began to count, and gives it this much real time for
    /// them: a thread that is left behind leaves ticks out.
    /// </summary>
    private void LetPass(Func<bool> until, TimeSpan patience, string otherwise)
    {
        for (var i = 0; !until(); i++)
        {
            Assert.True(i < 500, otherwise);
            _time.Advance(TimeSpan.FromMilliseconds(40));
            SpinWait.SpinUntil(until, patience);
        }
    }

    private void Step(List<AudioRoom> rooms, int frames = 1)
    {
        var counts = rooms.Select(room => _conditions.Look(() => room.Ticks.Count)).ToList();
        _time.Advance(frames * TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < rooms.Count; i++)
        {
            var (room, count) = (rooms[i], counts[i]);
            _conditions.Wait(() => room.Ticks.Count >= count + frames, $"{frames} more ticks");
        }
    }

    private void AssertNoGap(AudioRoom room)
    {
        var ticks = _conditions.Look(() => room.Ticks.ToList());
        for (var i = 1; i < ticks.Count; i++) Assert.Equal(Frame, ticks[i] - ticks[i - 1]);
    }
}
