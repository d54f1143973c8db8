using Parley.Media.Video;
using Parley.SideBySide;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.SideBySide;

public sealed class ScenarioTests
{
    [Fact]
    public void One_camera_is_156_packets_a_second_in_frames_of_five_or_six()
    {
        var options = Scenario.OneToMany(400, 10).Options;
        options.Check();
        var camera = new SyntheticVp8(options.VideoBitrate, options.FramesPerSecond, seed: 1, options.Variation);
        var counts = Enumerable.Range(0, 3_000)
            .Select(number => new Vp8Packetizer(camera.Next(false, default), (ushort)number, options.MaxVideoPayload).PacketCount).ToList();
        Assert.All(counts, count => Assert.InRange(count, 5, 6));
        Assert.InRange(counts.Average() * options.FramesPerSecond, 155, 158);
    }

    [Fact]
    public void Three_of_each_meeting_talk_and_nobody_shows_anything()
    {
        var options = Scenario.Listening(5, 100, 10, "speech.wav").Options;
        options.Check();
        var plan = LoadPlan.Of(options);
        Assert.Equal((500, 300), (plan.Count, plan.Count(place => place.Talks)));
        Assert.All(plan, place => Assert.Equal((false, 0, true), (place.HasCamera, place.Sees, place.Hears)));
    }

    [Fact]
    public void In_the_meetings_everyone_sees_everyone_and_two_of_each_decrypt()
    {
        var options = Scenario.Meetings(10, 10).Options;
        options.Check();
        var plan = LoadPlan.Of(options);
        Assert.All(plan, place => Assert.Equal((true, 9), (place.HasCamera, place.Sees)));
        Assert.Equal(20, plan.Count(place => place.Decrypts));
    }
}
