using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class LoudestVoicesTests
{
    [Fact]
    public void Of_fifty_who_send_the_twelve_loudest_are_decoded()
    {
        using var meeting = new MixerHarness();
        for (var i = 0; i < 50; i++) Join(meeting, 200 + (60 * i), level: (byte)(20 + (i * 17 % 50)));
        meeting.Run(20);
        Assert.Equal(12, meeting.Mixer.Voices);
        var before = meeting.Clients.ConvertAll(client => client.Participant.FramesDecoded);

        meeting.Run(100);

        Assert.Equal(12, meeting.Mixer.Voices);
        foreach (var (client, decoded) in meeting.Clients.Zip(before))
        {
            // As many as there are ticks, and one more or less where a voice was stretched.
            var frames = client.Participant.FramesDecoded - decoded;
            if (client.Level < 32) Assert.InRange(frames, 99, 101);
            else Assert.Equal(0, frames);
        }

        Assert.All(meeting.Clients, client => Assert.Equal(0, client.Participant.Statistics.InboxOverflows));
    }

    [Fact]
    public void Who_becomes_loud_is_heard_at_once_and_without_a_click()
    {
        using var meeting = new MixerHarness(new AudioMixerOptions { MostVoices = 2 });
        var (first, second, third) = (Join(meeting, 300, 40), Join(meeting, 400, 30), Join(meeting, 500, 60));
        var listener = meeting.Join(_ => new float[960]);
        listener.IsSending = false;
        meeting.Run(150);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 300), -21, -19);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 500), -300, -50);

        third.Level = 20;
        meeting.Run(3);
        Assert.True(third.Participant.IsChosen);
        Assert.False(first.Participant.IsChosen);
        Assert.True(second.Participant.IsChosen);
        meeting.Run(50);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 500), -21, -19);
        Assert.InRange(Tones.LevelDb(listener.LastSeconds(0.5), 300), -300, -50);

        // The steepest of the three tones together; a voice that is cut off makes a step of a tenth.
        Assert.InRange(Tones.MaxStep(listener.LastSeconds(1.5)), 0, 1.2f * 0.1f * MathF.Tau * 1_200 / 48_000);
    }

    [Fact]
    public void Two_alike_do_not_take_turns()
    {
        using var meeting = new MixerHarness(new AudioMixerOptions { MostVoices = 1 });
        var (first, second) = (Join(meeting, 300, 30), Join(meeting, 500, 33));
        meeting.Run(20);
        Assert.True(first.Participant.IsChosen);
        for (var i = 0; i < 20; i++)
        {
            (first.Level, second.Level) = (second.Level, first.Level);
            meeting.Run(10);
            Assert.True(first.Participant.IsChosen);
            Assert.False(second.Participant.IsChosen);
        }

        (first.Level, second.Level) = (40, 30);
        meeting.Run(60);
        Assert.True(second.Participant.IsChosen);
    }

    [Fact]
    public void Who_tells_no_level_is_decoded_where_there_is_room_and_counts_by_what_was_heard()
    {
        using var meeting = new MixerHarness(new AudioMixerOptions { MostVoices = 1 });
        var (silent, unknown) = (Join(meeting, 300, 80), Join(meeting, 500, null));
        meeting.Run(60);
        Assert.True(unknown.Participant.IsChosen);
        Assert.False(silent.Participant.IsChosen);

        // Its tone is of −23 dBov.
        silent.Level = 40;
        meeting.Run(60);
        Assert.True(unknown.Participant.IsChosen);
        silent.Level = 10;
        meeting.Run(60);
        Assert.True(silent.Participant.IsChosen);
        Assert.False(unknown.Participant.IsChosen);
    }

    [Fact]
    public void Who_is_muted_or_does_not_send_takes_no_place()
    {
        using var meeting = new MixerHarness(new AudioMixerOptions { MostVoices = 1 });
        var (muted, gone, quiet) = (Join(meeting, 300, 10), Join(meeting, 400, 20), Join(meeting, 500, 60));
        meeting.Run(20);
        muted.Participant.Muted = true;
        gone.IsSending = false;
        meeting.Run(30);
        Assert.True(quiet.Participant.IsChosen);
        Assert.Equal(1, meeting.Mixer.Voices);
    }

    private static MixerHarness.Client Join(MixerHarness meeting, double frequency, byte? level)
    {
        var client = meeting.Join(tick => Tones.Sine(frequency, 0.1, 960, tick * 960));
        client.Level = level;
        return client;
    }
}
