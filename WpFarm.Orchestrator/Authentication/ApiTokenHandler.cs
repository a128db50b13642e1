using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace WpFarm.Orchestrator.Authentication;

/// <summary>Authenticates <c>Authorization: Bearer TOKEN</c> with the token that was generated for this farm.</summary>
internal sealed class ApiTokenHandler(
    ApiToken token,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiToken";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(Authenticate(Request.Headers.Authorization.ToString()));

    /// <summary>
    /// Says which authentication is expected. As RFC 6750 requires, it reports an error only when the request had a token.
    /// </summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var error = Request.Headers.Authorization.Count > 0 ? ", error=\"invalid_token\"" : "";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer realm=\"wpfarm\"{error}";
        return Task.CompletedTask;
    }

    private AuthenticateResult Authenticate(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        if (!token.Matches(header[Bearer.Length..].Trim()))
            return AuthenticateResult.Fail("Not this farm's token.");
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator")], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
