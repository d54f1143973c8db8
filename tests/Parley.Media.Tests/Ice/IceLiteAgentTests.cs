using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

public sealed class IceLiteAgentTests
{
    private readonly IceTestPeer _peer = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answers_a_check_with_the_address_it_came_from(bool ipv4)
    {
        var from = ipv4 ? IceTestPeer.Home : TransportAddress.FromIPv6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 9);
        Assert.Equal(IceRequestResult.Success, _peer.Send(_peer.Check(), from));

        var answer = ReadAnswer();
        Assert.Equal(StunClass.SuccessResponse, answer.Class);
        Assert.Equal(StunMethod.Binding, answer.Method);
        Assert.Equal(from, answer.XorMappedAddress);
        Assert.True(answer.HasFingerprint);
        Assert.True(_peer.Agent.IsValidated(from));
    }

    [Fact]
    public void A_check_alone_selects_nothing_and_a_nomination_does()
    {
        _peer.Send(_peer.Check());
        Assert.Null(_peer.Agent.Selected);
        Assert.Equal(IceState.New, _peer.Agent.State);

        _peer.Send(_peer.Check(nominate: true));
        Assert.Equal(IceTestPeer.Home, _peer.Agent.Selected);
        Assert.Equal(IceState.Connected, _peer.Agent.State);
        Assert.Equal(IceStateReason.Nominated, _peer.Agent.StateReason);
    }

    [Fact]
    public void The_latest_nomination_wins()
    {
        _peer.Send(_peer.Check(nominate: true));
        _peer.Send(_peer.Check(nominate: true), IceTestPeer.Elsewhere);
        _peer.Send(_peer.Check());
        Assert.Equal(IceTestPeer.Elsewhere, _peer.Agent.Selected);
        Assert.True(_peer.Agent.IsValidated(IceTestPeer.Home));
    }

    [Fact]
    public void A_check_with_the_wrong_password_is_dropped_silently_and_counted()
    {
        var check = _peer.Request(
            (ref StunWriter writer) =>
            {
                writer.WriteUsername(_peer.Username);
                writer.WriteUseCandidate();
            },
            _peer.Credentials.Password);

        Assert.Equal(IceRequestResult.WrongIntegrity, _peer.Send(check));
        AssertNothingHappened();
        Assert.Equal(1, _peer.Agent.CountOf(IceRequestResult.WrongIntegrity));
        Assert.Empty(_peer.Response);
    }

    [Fact]
    public void A_check_for_somebody_else_gets_401_and_no_integrity()
    {
        foreach (var name in new[] { "nobody:at", $"{_peer.Agent.Local.Ufrag}:other", $"{_peer.Agent.Local.Ufrag}" })
        {
            var check = _peer.Request((ref StunWriter writer) =>
            {
                writer.WriteUsername(System.Text.Encoding.UTF8.GetBytes(name));
                writer.WriteUseCandidate();
            });

            Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(check));
            Assert.Equal(401, ReadAnswer(authenticated: false).ErrorCode);
            Assert.True(_peer.Response.Length <= check.Length);
            AssertNothingHappened();
        }
    }

    [Fact]
    public void A_request_without_credentials_gets_400_unless_the_answer_would_be_longer()
    {
        var bare = new StunWriter(new byte[128], StunClass.Request, StunMethod.Binding, new byte[12]);
        bare.WriteFingerprint();
        Assert.Equal(IceRequestResult.BadRequest, _peer.Send(bare.Written.ToArray()));
        Assert.Empty(_peer.Response);

        var named = new StunWriter(new byte[128], StunClass.Request, StunMethod.Binding, new byte[12]);
        named.WriteUsername(_peer.Username);
        named.WriteFingerprint();
        Assert.Equal(IceRequestResult.BadRequest, _peer.Send(named.Written.ToArray()));
        Assert.Equal(400, ReadAnswer(authenticated: false).ErrorCode);
        Assert.True(_peer.Response.Length <= named.Length);
        AssertNothingHappened();
    }

    [Fact]
    public void A_remote_side_that_believes_itself_controlled_gets_487()
    {
        var check = _peer.Request((ref StunWriter writer) =>
        {
            writer.WriteUsername(_peer.Username);
            writer.WriteIceControlled(0);
            writer.WriteUseCandidate();
        });

        Assert.Equal(IceRequestResult.RoleConflict, _peer.Send(check));
        Assert.Equal(487, ReadAnswer().ErrorCode);
        AssertNothingHappened();
    }

    [Fact]
    public void An_attribute_that_must_be_understood_gets_420_with_its_type()
    {
        var check = _peer.Request((ref StunWriter writer) =>
        {
            writer.WriteUsername(_peer.Username);
            for (ushort type = 0x7000; type < 0x7020; type++)
            {
                writer.Write((StunAttribute)type, []);
            }
        });

        Assert.Equal(IceRequestResult.UnknownAttribute, _peer.Send(check));
        var answer = ReadAnswer();
        Assert.Equal(420, answer.ErrorCode);
        Assert.True(answer.TryGetAttribute(StunAttribute.UnknownAttributes, out var listed));
        Assert.Equal([0x70, 0x00, 0x70, 0x01], listed[..4].ToArray());
        AssertNothingHappened();
    }

    [Fact]
    public void A_browsers_private_attributes_do_not_disturb()
    {
        var check = _peer.Request((ref StunWriter writer) =>
        {
            writer.WriteUsername(_peer.Username);
            writer.Write((StunAttribute)0xC057, [0, 0, 0, 10]);
        });
        Assert.Equal(IceRequestResult.Success, _peer.Send(check));
    }

    [Fact]
    public void Indications_and_answers_and_other_methods_are_not_answered()
    {
        void Nothing(ref StunWriter writer) => writer.WriteUsername(_peer.Username);

        foreach (var other in new[] { StunClass.Indication, StunClass.SuccessResponse, StunClass.ErrorResponse })
        {
            Assert.Equal(IceRequestResult.NotARequest, _peer.Send(_peer.Request(Nothing, messageClass: other)));
            Assert.Empty(_peer.Response);
        }

        Assert.Equal(IceRequestResult.NotARequest, _peer.Send(_peer.Request(Nothing, method: 3)));
        Assert.Equal(IceRequestResult.Malformed, _peer.Send([0, 1, 2]));
        AssertNothingHappened();
        Assert.Equal(4, _peer.Agent.CountOf(IceRequestResult.NotARequest));
    }

    [Fact]
    public void Checks_before_the_remote_description_are_answered()
    {
        var agent = new IceLiteAgent(_peer.Agent.Local, TimeSpan.Zero);
        var result = agent.HandleRequest(
            _peer.Check(nominate: true), IceTestPeer.Home, TimeSpan.Zero, new byte[IceLiteAgent.MaxResponseLength], out var length);

        Assert.Equal(IceRequestResult.Success, result);
        Assert.NotEqual(0, length);
        Assert.Equal(IceTestPeer.Home, agent.Selected);
    }

    [Fact]
    public void A_remote_side_with_a_thousand_ports_keeps_the_selected_one()
    {
        _peer.Send(_peer.Check(nominate: true));
        for (ushort port = 1; port <= 1000; port++)
        {
            Assert.Equal(IceRequestResult.Success, _peer.Send(_peer.Check(), TransportAddress.FromIPv4(1, port), port / 1000.0));
        }

        Assert.True(_peer.Agent.IsValidated(IceTestPeer.Home));
        Assert.Equal(IceTestPeer.Home, _peer.Agent.Selected);
        Assert.Equal(
            Enumerable.Range(986, 15),
            Enumerable.Range(1, 1000).Where(port => _peer.Agent.IsValidated(TransportAddress.FromIPv4(1, (ushort)port))));
    }

    [Fact]
    public void Handling_a_check_allocates_nothing()
    {
        var check = _peer.Check(nominate: true);
        var bad = _peer.Request((ref StunWriter writer) => writer.WriteUsername(_peer.Username), _peer.Credentials.Password);
        var response = new byte[IceLiteAgent.MaxResponseLength];
        void Handle(int times)
        {
            for (var i = 0; i < times; i++)
            {
                IceDemux.TryReadLocalUfrag(check, out _);
                _peer.Agent.HandleRequest(check, IceTestPeer.Home, TimeSpan.Zero, response, out _);
                _peer.Agent.HandleRequest(check, IceTestPeer.Elsewhere, TimeSpan.Zero, response, out _);
                _peer.Agent.HandleRequest(bad, IceTestPeer.Home, TimeSpan.Zero, response, out _);
            }
        }

        Handle(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Handle(100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private StunMessage ReadAnswer(bool authenticated = true)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(_peer.Response, out var answer));
        Assert.Equal(authenticated, answer.HasIntegrity);
        Assert.Equal(authenticated, answer.VerifyIntegrity(System.Text.Encoding.UTF8.GetBytes(_peer.Agent.Local.Password)));
        Assert.True(answer.HasFingerprint);
        return answer;
    }

    private void AssertNothingHappened()
    {
        Assert.Equal(IceState.New, _peer.Agent.State);
        Assert.Null(_peer.Agent.Selected);
        Assert.False(_peer.Agent.IsValidated(IceTestPeer.Home));
    }
}
