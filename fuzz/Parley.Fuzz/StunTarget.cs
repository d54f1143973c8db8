using System.Runtime.CompilerServices;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
#pragma warning disable CA2255 // Each target registers itself, so that adding one touches no shared file.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RegisterStun() => All["stun"] = RunStun;

    /// <summary>Parses; what parses must write back to a message that reads the same. An agent must take anything.</summary>
    private static void RunStun(ReadOnlySpan<byte> input)
    {
        IceDemux.TryReadLocalUfrag(input, out _);
        var agent = new IceLiteAgent(new IceCredentials("evtj", "VOkJxbRl1RmTxUk/WvJxBt"), TimeSpan.Zero);
        var response = new byte[IceLiteAgent.MaxResponseLength];
        var from = TransportAddress.FromIPv4(1, 2);
        var result = agent.HandleRequest(input, from, TimeSpan.Zero, response, out var responseLength);
        Promise.Check(responseLength <= input.Length || result is not (IceRequestResult.BadRequest or IceRequestResult.WrongUsername));
        if (responseLength > 0)
        {
            Promise.Check(StunMessage.TryParse(response.AsSpan(0, responseLength), out _) == StunParseResult.Ok);
        }

        if (StunMessage.TryParse(input, out var message) != StunParseResult.Ok)
        {
            return;
        }

        message.VerifyIntegrity("key"u8);
        message.CopyUnknownRequired(stackalloc ushort[4]);
        var writer = new StunWriter(new byte[4096], message.Class, message.Method, message.TransactionId);
        if (message.TryGetUsername(out var username))
        {
            writer.WriteUsername(username);
        }

        if (message.Priority is { } priority)
        {
            writer.WritePriority(priority);
        }

        if (message.XorMappedAddress is { } address)
        {
            writer.WriteXorMappedAddress(address);
        }

        writer.WriteIntegrity("key"u8);
        writer.WriteFingerprint();

        Promise.Check(StunMessage.TryParse(writer.Written, out var again) == StunParseResult.Ok);
        Promise.Check(again.Class == message.Class && again.Method == message.Method);
        Promise.Check(again.TransactionId.SequenceEqual(message.TransactionId));
        Promise.Check(again.TryGetUsername(out var usernameAgain) == message.TryGetUsername(out _)
            && usernameAgain.SequenceEqual(username));
        Promise.Check(again.Priority == message.Priority && again.XorMappedAddress == message.XorMappedAddress);
        Promise.Check(again.VerifyIntegrity("key"u8));
    }
}
