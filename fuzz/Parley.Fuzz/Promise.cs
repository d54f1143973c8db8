using System.Runtime.CompilerServices;

namespace Parley.Fuzz;

/// <summary>What a fuzz target holds a parser to.</summary>
internal static class Promise
{
    /// <summary>Throws, with the promise's own words, when it is broken.</summary>
    internal static void Check(bool promise, [CallerArgumentExpression(nameof(promise))] string? which = null)
    {
        if (!promise)
        {
            throw new InvalidOperationException($"Broken promise: {which}");
        }
    }
}
