using System.Net.Mail;

namespace WpFarm.Topology.FarmFile;

/// <summary>Mail: the farm's own server's relay, the server for alerts, and what the sites may send from.</summary>
internal static class MailRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        if (options.Mail.Relay is { } relay)
            CheckServer("mail.relay", relay.Host, relay.User, relay.Tls, problems);
        foreach (var (id, site) in options.Sites)
            problems.AddRange(
                site.Mail.Domains.Where(domain => !HostName.TryParse(domain, out _))
                    .Select(domain => new FarmFileProblem(
                        $"sites.{id}.mail.domains",
                        $"'{domain}' is not a domain name. Write it without @. Example: example.com."
                    ))
            );
    }

    /// <param name="path">Where the server stands in farm.json.</param>
    public static void CheckServer(string path, string host, string? user, bool tls, List<FarmFileProblem> problems)
    {
        if (host.Length == 0 || Uri.CheckHostName(host) is UriHostNameType.Unknown)
            problems.Add(new($"{path}.host", $"'{host}' is not the name of a mail server. Example: mail.example.com."));
        if (user is not null && !tls)
            problems.Add(new($"{path}.tls", "must be true with a user: without encryption the password could be read. Remove tls."));
    }

    public static bool IsMailAddress(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && text.Contains('.', StringComparison.Ordinal);
}
