namespace WpFarm.Contracts.Api.Routes;

/// <summary>Alerts, silences, and tests of the receivers. A farm without observability answers each with 409.</summary>
public static class AlertRoutes
{
    public static ApiRoute<NoParameters, AlertStatus> Status { get; } =
        new(HttpMethod.Get, "/api/alerts", "The alerts that fire, and who is told of them.");

    public static ApiRoute<ReceiverRequest, ReceiverTest> Test { get; } =
        new(
            HttpMethod.Post,
            "/api/alerts/receivers/{receiver}/test",
            "Sends a test notification to a receiver. Answers when its server has accepted it, or has not within 15 seconds."
        );

    public static ApiRoute<NoParameters, IReadOnlyList<AlertSilence>> Silences { get; } =
        new(HttpMethod.Get, "/api/alerts/silences", "The silences that are in force, the one that ends first at the top.");

    public static ApiRoute<SilenceRequest, AlertSilence> Silence { get; } =
        new(HttpMethod.Post, "/api/alerts/silences", "Tells nobody of the alerts that match, for a while.");

    public static ApiRoute<UnsilenceRequest, Done> Unsilence { get; } =
        new(HttpMethod.Delete, "/api/alerts/silences/{id}", "Ends a silence.");
}

/// <param name="Receiver">Its key in farm.json.</param>
public sealed record ReceiverRequest(string Receiver);

/// <param name="Matchers">
/// One in each line: <c>name=value</c>, <c>name!=value</c>, <c>name=~regex</c>, <c>name!~regex</c>, or the name of an alert.
/// </param>
/// <param name="Minutes">How long.</param>
/// <param name="Reason">For the other people who look at it.</param>
/// <param name="By">Who silences.</param>
public sealed record SilenceRequest(string Matchers, int Minutes, string Reason, string By);

/// <param name="Id">As the list of silences has it.</param>
public sealed record UnsilenceRequest(string Id);
