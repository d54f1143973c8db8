using Parley.Protocol;
using Parley.Server.Api;
using Parley.Server.Meetings;
using Parley.Server.Signalling;

namespace Parley.Server.Access;

/// <summary>Which scope a REST call asks for; the OpenAPI document says it too.</summary>
/// <param name="IsEnough">Without it the call may still be allowed, or tell less: by a creator secret, or to everybody.</param>
internal sealed record ScopeNeed(Scopes Scope, bool IsEnough);

internal static class ScopeNeeds
{
    /// <summary>Only who has this scope gets through: an admin session, or an API key.</summary>
    public static TBuilder NeedsScope<TBuilder>(this TBuilder call, Scopes scope) where TBuilder : IEndpointConventionBuilder =>
        call.WithMetadata(new ScopeNeed(scope, IsEnough: false)).AddEndpointFilter<TBuilder, ScopeFilter>();

    /// <summary>Who has this scope needs nothing else; the call itself asks whether they do.</summary>
    public static TBuilder TakesScope<TBuilder>(this TBuilder call, Scopes scope) where TBuilder : IEndpointConventionBuilder =>
        call.WithMetadata(new ScopeNeed(scope, IsEnough: true));

    private sealed class ScopeFilter(ServerRates rates, ParleyMetrics metrics) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var http = context.HttpContext;
            var need = http.GetEndpoint()!.Metadata.GetRequiredMetadata<ScopeNeed>();
            var why = http.WhyTooMuch(rates.Reads, "requests") ?? WhyNot(http, need.Scope);
            return why is null ? await next(context) : MeetingApi.Refuse(metrics, why);
        }

        private static ProtocolError? WhyNot(HttpContext http, Scopes scope) =>
            http.Caller() is null ? Refusal.SignInNeeded
            : http.Has(scope) ? null
            : Refusal.ScopeMissing(ScopeNames.Of(scope));
    }
}
