namespace WpFarm.Topology.FarmFile;

internal static class AlertRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        var alerts = options.Observability.Alerts;
        foreach (var (name, receiver) in alerts.Receivers)
        {
            if (!FarmFileRules.Id().IsMatch(name) || name == Layers.Observability.Alertmanager.Nobody)
                problems.Add(
                    new(
                        PathOf(name),
                        "is not the name of a receiver: a lower-case letter, then up to 30 letters, digits and dashes; not 'nobody'."
                    )
                );
            if (AddressProblem(receiver) is { } address)
                problems.Add(new($"{PathOf(name)}.address", address));
            if (receiver is { Token: true, Type: ReceiverType.Mail or ReceiverType.Slack or ReceiverType.Teams })
                problems.Add(new($"{PathOf(name)}.token", "is only for receivers of type webhook and ntfy. Remove it."));
            if (receiver is { Token: true, Type: ReceiverType.Webhook, Address: null })
                problems.Add(new($"{PathOf(name)}.address", "is needed with token true: the secret holds the token. Set the address."));
        }

        if (alerts.Receivers.Count > 0 && !options.Observability.Enabled)
            problems.Add(
                new(
                    "observability.alerts.receivers",
                    "are told nothing while observability.enabled is false. Set it to true, or remove them."
                )
            );
        CheckSmtp(alerts, problems);
        if (alerts.Repository is { } repository && !IsHttp(repository))
            problems.Add(
                new(
                    "observability.alerts.repository",
                    $"'{repository}' is not an address. Example: https://git.example.com/farm/blob/main."
                )
            );
    }

    private static string? AddressProblem(ReceiverOptions receiver) =>
        receiver switch
        {
            { Type: ReceiverType.Mail, Address: null } => "is missing. Set the mail address of who is told. Example: oncall@example.com.",
            { Type: ReceiverType.Mail, Address: var address } => address
                .Split(',')
                .Where(one => !MailRules.IsMailAddress(one.Trim()))
                .Select(one => $"'{one.Trim()}' is not a mail address. Example: oncall@example.com.")
                .FirstOrDefault(),
            { Type: ReceiverType.Slack or ReceiverType.Teams, Address: not null } =>
                "must not be here: the address of the webhook is a secret. Remove it, and write the address into the receiver's secret: "
                    + "./farm secrets set alert-NAME.",
            { Type: ReceiverType.Ntfy, Address: null } =>
                "is missing. Set the address of the topic. Example: https://ntfy.example.com/farm.",
            { Type: ReceiverType.Ntfy or ReceiverType.Webhook, Address: { } address } when !IsHttp(address) =>
                $"'{address}' is not an address. Example: https://hooks.example.com/farm.",
            _ => null,
        };

    private static void CheckSmtp(AlertOptions alerts, List<FarmFileProblem> problems)
    {
        var mails = alerts.Receivers.Where(receiver => receiver.Value.Type is ReceiverType.Mail).Select(receiver => receiver.Key).ToList();
        if (alerts.Smtp is not { } smtp)
        {
            if (mails.Count > 0)
                problems.Add(
                    new(
                        "observability.alerts.smtp",
                        $"is needed for the mails of {string.Join(", ", mails)}. "
                            + "Set host and from. Example: { \"host\": \"mail.example.com\", \"from\": \"farm@example.com\" }."
                    )
                );
            return;
        }

        MailRules.CheckServer("observability.alerts.smtp", smtp.Host, smtp.User, smtp.Tls, problems);
        if (!MailRules.IsMailAddress(smtp.From))
            problems.Add(new("observability.alerts.smtp.from", $"'{smtp.From}' is not a mail address. Example: farm@example.com."));
    }

    private static string PathOf(string receiver) => $"observability.alerts.receivers.{receiver}";

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");
}
