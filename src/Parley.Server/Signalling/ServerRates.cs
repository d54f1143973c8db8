namespace Parley.Server.Signalling;

/// <summary>The limits per address, shared by the hub and the API.</summary>
internal sealed class ServerRates(RatesOptions rates, TimeProvider time)
{
    public AddressRates Joins { get; } = new(rates.Joins, time);

    public AddressRates Creates { get; } = new(rates.Creates, time);

    public AddressRates Cancels { get; } = new(rates.Cancels, time);

    public AddressRates Files { get; } = new(rates.Files, time);

    public AddressRates Reads { get; } = new(rates.Reads, time);

    public AddressRates SignIns { get; } = new(rates.SignIns, time);
}
