using Parley.Server.Access;
using Parley.Server.Meetings;

namespace Parley.Server.Signalling;

/// <summary>What all hub connections share.</summary>
internal sealed record SignallingServices(
    IMeetingDirectory Directory,
    ParleyOptions Options,
    ServerRates PerAddress,
    ReplyGate Gate,
    EventMessages Events,
    ParleyMetrics Metrics,
    TimeProvider Time,
    JoinTokens Tokens)
{
    public RatesOptions Rates => Options.Rates;
}
