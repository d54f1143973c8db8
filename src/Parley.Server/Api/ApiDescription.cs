using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Parley.Protocol;
using Parley.Server.Access;

namespace Parley.Server.Api;

/// <summary>
/// The OpenAPI document of the REST calls (protocol.md §3), at <see cref="Path"/>. Paths, parameters and the forms of bodies come from the code;
/// what each call is for, whom it takes and what it refuses is said in <see cref="ApiCalls"/>.
/// </summary>
internal static class ApiDescription
{
    public const string Path = "/api/openapi.json";

    private const string Version = "v1";

    private const string Problem = "Problem", Secret = "secret", Key = "key", Session = "session", ProblemType = "application/problem+json";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Version, options =>
    {
        options.ShouldInclude = call => call.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddSchemaTransformer(DescribeTimes);
        options.AddOperationTransformer(DescribeCall);
        options.AddDocumentTransformer(DescribeApi);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        // It does not change while we run, and making it takes more than a stranger should be able to ask for.
        var written = new Lazy<Task<byte[]>>(() => WriteAsync(routes.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Version)));
        routes.MapGet(Path, async () => TypedResults.Bytes(await written.Value, "application/json")).ExcludeFromDescription();
    }

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }

    private static Task DescribeApi(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Parley",
            Version = "1",
            Description = "Meetings, their records, and how their media go. What needs presence in a meeting is said over the hub instead (docs/protocol.md §4).",
        };
        document.Servers?.Clear();
        var components = document.Components ??= new OpenApiComponents();
        (components.Schemas ??= new Dictionary<string, IOpenApiSchema>())[Problem] = new OpenApiSchema
        {
            Description = "Why a call was refused (RFC 9457).",
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("urn:parley:error: and the code"),
                ["title"] = Text("The code"),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status" },
                ["detail"] = Text("A sentence for people: what is wrong and what to do"),
                ["code"] = Text("The same code in all versions, for programs"),
            },
        };
        var schemes = components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes[Key] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key with the scope that is named, or with admin.",
        };
        schemes[Session] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = AdminSessions.Cookie,
            Description = "The cookie of who has signed in as the admin.",
        };
        schemes[Secret] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The creator secret of the meeting, told once to who created it; where it says so, a participant's resume token instead.",
        };
        return Task.CompletedTask;
    }

    private static Task DescribeCall(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var call = ApiCalls.Of(context.Description.HttpMethod!, "/" + context.Description.RelativePath!.TrimEnd('/'));
        (operation.OperationId, operation.Summary, operation.Description) = (call.Name, call.Summary, call.More);
        operation.Tags = new HashSet<OpenApiTagReference> { new(call.Group, context.Document) };
        var need = context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeNeed>().SingleOrDefault();
        if (call.TakesSecret) Take(Secret);
        if (need is not null)
        {
            Take(Key, ScopeNames.Of(need.Scope));
            Take(Session);
        }

        operation.Responses ??= [];
        string[] keyRefusals = need is null ? [] : need.IsEnough ? [ErrorCodes.KeyWrong] : [ErrorCodes.SignInNeeded, ErrorCodes.KeyWrong, ErrorCodes.ScopeMissing];
        foreach (var codes in call.Refusals.Concat(keyRefusals).GroupBy(Problems.StatusOf))
        {
            operation.Responses[codes.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", codes),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemType] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) },
                },
            };
        }

        return Task.CompletedTask;

        void Take(string scheme, params List<string> scopes) => (operation.Security ??= []).Add(
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = scopes });
    }

    /// <summary>They are written by a converter of our own, which the generator cannot look into.</summary>
    private static Task DescribeTimes(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String | (schema.Type & JsonSchemaType.Null ?? 0), "date-time");
        return Task.CompletedTask;
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
