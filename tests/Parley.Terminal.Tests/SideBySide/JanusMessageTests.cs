using System.Text;
using CsCheck;
using Parley.SideBySide.Janus;

namespace Parley.Terminal.Tests.SideBySide;

public sealed class JanusMessageTests
{
    [Fact]
    public void Reads_what_a_plugin_says_with_its_offer()
    {
        var message = Parse(
            """
            {"janus":"event","session_id":1,"transaction":"7","sender":42,"plugindata":{"plugin":"janus.plugin.videoroom",
             "data":{"videoroom":"joined","room":1,"id":8120535667080747}},"jsep":{"type":"offer","sdp":"v=0"}}
            """);
        Assert.Equal(("event", "7", 42, "v=0", null), (message.Kind, message.Transaction, message.Sender, message.Sdp, message.Error));
        Assert.Equal(8_120_535_667_080_747, message.PluginNumber("id"));
        Assert.Equal(0, message.PluginNumber("feed"));
    }

    [Fact]
    public void Reads_the_id_of_a_success_and_tells_an_ack_from_an_answer()
    {
        Assert.Equal(5, Parse("""{"janus":"success","transaction":"1","data":{"id":5}}""").Id);
        Assert.True(Parse("""{"janus":"ack","transaction":"1"}""").IsAck);
    }

    [Theory]
    [InlineData("""{"janus":"error","transaction":"1","error":{"code":458,"reason":"No such session"}}""", "No such session")]
    [InlineData("""{"janus":"event","plugindata":{"data":{"videoroom":"event","error_code":428,"error":"No such feed"}}}""", "No such feed")]
    public void Reads_the_error_of_Janus_and_of_a_plugin(string json, string error) => Assert.Equal(error, Parse(json).Error);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"janus":3}""")]
    public void What_is_none_is_not_taken(string json) => Assert.False(JanusMessage.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [InlineData("""{"janus":"event","plugindata":[],"data":"x","jsep":7,"sender":"a","error":1,"transaction":2}""")]
    [InlineData("""{"janus":"event","plugindata":{"data":[1]},"data":{"id":1e300},"jsep":{"sdp":null}}""")]
    public void Members_of_other_kinds_are_as_if_they_were_not_there(string json)
    {
        var message = Parse(json);
        Assert.Equal((null, 0, 0, null, null), (message.Transaction, message.Sender, message.Id, message.Sdp, message.Error));
        Assert.Equal(0, message.PluginNumber("id"));
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array[0, 60].Sample(bytes => Assert.Equal(JanusMessage.TryParse(bytes, out var message), message is not null));

    private static JanusMessage Parse(string json) => JanusMessage.TryParse(Encoding.UTF8.GetBytes(json), out var message) ? message : throw new InvalidOperationException("It is none.");
}
