namespace Parley.Media.Ice;

/// <summary>Who nominates (RFC 8445 §6.1.1).</summary>
public enum IceRole
{
    /// <summary>Nominates: the offerer, and whoever talks to a lite agent.</summary>
    Controlling,

    /// <summary>Takes what is nominated.</summary>
    Controlled,
}
