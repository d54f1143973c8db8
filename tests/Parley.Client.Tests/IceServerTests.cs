using System.Net;
using Parley.Client.Meetings;

namespace Parley.Client.Tests;

public sealed class IceServerTests
{
    [Fact]
    public void Does_not_print_its_password() =>
        Assert.DoesNotContain("hush", new IceServer(new IPEndPoint(IPAddress.Loopback, 3478), "u", "hush").ToString());
}
