using Parley.Client.Media;
using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Tests.Media;

public sealed class SlotFramesTests : IVideoSink
{
    private const VideoSourceKind Camera = VideoSourceKind.Camera;

    private readonly List<string> _given = [];
    private readonly SlotFrames _slot;
    private long _timestamp;

    public SlotFramesTests() => _slot = new SlotFrames(this);

    [Fact]
    public void Gives_nothing_before_the_server_has_said_whose_it_is()
    {
        _slot.OnRequested("ada", Camera);
        Key(1);
        Delta(2);
        Assert.Empty(_given);

        _slot.OnShown("ada", Camera);
        Delta(3);
        Assert.Equal(["ada K1", "ada D2", "ada D3"], _given);
    }

    [Fact]
    public void Waits_for_a_keyframe_when_the_news_comes_before_the_pictures()
    {
        Show("ada");
        Key(1);
        _slot.OnRequested("ben", Camera);
        _slot.OnShown("ben", Camera);
        Delta(2);
        Key(3);
        Delta(4);
        Assert.Equal(["ada K1", "ben K3", "ben D4"], _given);
    }

    [Fact]
    public void Gives_the_pictures_after_a_switch_to_whom_the_news_names()
    {
        Show("ada");
        Key(1);
        _slot.OnRequested("ben", Camera);
        Delta(2);
        Key(3);
        Delta(4);
        Assert.Equal(["ada K1", "ada D2"], _given);

        _slot.OnShown("ben", Camera);
        Assert.Equal(["ada K1", "ada D2", "ben K3", "ben D4"], _given);
    }

    [Fact]
    public void Believes_only_the_last_keyframe_while_it_waits()
    {
        // The first keyframe is one that somebody else asked the old participant for.
        Show("ada");
        Key(1);
        _slot.OnRequested("ben", Camera);
        Key(2);
        Delta(3);
        Key(4);
        _slot.OnShown("ben", Camera);
        Assert.Equal(["ada K1", "ben K4"], _given);
    }

    [Fact]
    public void Continues_what_was_shown_when_the_wish_is_taken_back()
    {
        Show("ada");
        Key(1);
        _slot.OnRequested("ben", Camera);
        Key(2);
        Delta(3);
        _slot.OnRequested("ada", Camera);
        Delta(4);
        Assert.Equal(["ada K1", "ada K2", "ada D3", "ada D4"], _given);
    }

    [Fact]
    public void Goes_on_when_the_same_news_is_told_again()
    {
        Show("ada");
        Key(1);
        _slot.OnShown("ada", Camera);
        Delta(2);
        Assert.Equal(["ada K1", "ada D2"], _given);
    }

    [Fact]
    public void Gives_nothing_of_a_paused_slot()
    {
        Show("ada");
        Key(1);
        _slot.OnRequested(null, Camera);
        _slot.OnShown(null, Camera);
        Key(2);
        Delta(3);
        Assert.Equal(["ada K1"], _given);
    }

    [Fact]
    public void Begins_anew_at_a_keyframe_when_the_news_is_too_late()
    {
        Show("ada");
        Key(1);
        _slot.OnRequested("ben", Camera);
        Key(2);
        for (var i = 3; i < 100; i++) Delta(i);
        _slot.OnShown("ben", Camera);
        Delta(100);
        Key(101);
        Delta(102);
        Assert.Equal(["ada K1", "ben K101", "ben D102"], _given);
    }

    void IVideoSink.OnFrame(in VideoFrameInfo info, ReadOnlySpan<byte> frame) =>
        _given.Add($"{info.ParticipantId} {(info.IsKeyframe ? 'K' : 'D')}{frame[0]}");

    private void Show(string participant)
    {
        _slot.OnRequested(participant, Camera);
        _slot.OnShown(participant, Camera);
    }

    private void Key(int number) => _slot.OnFrame([(byte)number], _timestamp += 3_000, isKeyframe: true);

    private void Delta(int number) => _slot.OnFrame([(byte)number], _timestamp += 3_000, isKeyframe: false);
}
