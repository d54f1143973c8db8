namespace Parley.Server.Api;

/// <summary>The server cannot start for a reason that whoever started it can mend; the message is one line and names the key.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
