using Parley.Micro;

string[] parts = args.Length > 0 ? args : ["srtp", "udp", "mix"];
foreach (var part in parts)
{
    switch (part)
    {
        case "srtp":
            SrtpCosts.Print();
            break;
        case "udp":
            UdpCosts.Print();
            break;
        case "mix":
            MixCosts.Print();
            break;
        case "opus":
            OpusCosts.Print();
            break;
        default:
            Console.Error.WriteLine($"There is no part \"{part}\": srtp, udp, mix, opus");
            return 2;
    }
}

return 0;
