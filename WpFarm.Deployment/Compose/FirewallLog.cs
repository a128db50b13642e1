using System.Globalization;
using System.Text.Json;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Deployment.Compose;

/// <summary>What the firewall in front of PHP has found, from the logs of the pools: as far back as the engine keeps them.</summary>
public static class FirewallLog
{
    /// <param name="Number">Of the request, which visitors see when they are refused. It begins with the site's id.</param>
    /// <param name="Status">Of the answer: 403 when the request was refused.</param>
    public sealed record Finding(
        string Number,
        DateTimeOffset At,
        string Client,
        string Method,
        string Path,
        int Status,
        IReadOnlyList<Rule> Rules
    );

    /// <param name="RuleId">Its number, as <c>sites.ID.wafExcept</c> takes it.</param>
    /// <param name="Found">What it has matched, and where in the request.</param>
    public sealed record Rule(int RuleId, string Message, string Found);

    /// <summary>The rule that adds the findings up. It is of no use in a list of exceptions.</summary>
    private const int Sum = 949110;

    /// <returns>The newest last.</returns>
    public static async Task<IReadOnlyList<Finding>> ReadAsync(FarmInstance instance, Farm farm, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var tier in farm.Sites.Select(site => site.Tier).Distinct())
        foreach (var line in (await LogAsync(instance, Pool.Name(tier), cancel)).Split('\n'))
            if (TryParse(line) is { } finding)
                findings.Add(finding);
        return [.. findings.OrderBy(finding => finding.At)];
    }

    /// <summary>Reads a line of ModSecurity's audit log in JSON. Null if it is another line of the container's log.</summary>
    internal static Finding? TryParse(string line)
    {
        var start = line.IndexOf("{\"transaction\":", StringComparison.Ordinal);
        if (start < 0)
            return null;
        try
        {
            using var document = JsonDocument.Parse(line[start..]);
            return Read(document.RootElement.GetProperty("transaction"));
        }
        catch (JsonException)
        {
            // The engine has cut the line, at the end of a container or of a log file.
            return null;
        }
    }

    private static Finding Read(JsonElement transaction)
    {
        var request = transaction.GetProperty("request");
        var rules = transaction
            .GetProperty("messages")
            .EnumerateArray()
            .Select(message => (Details: message.GetProperty("details"), Text: message.GetProperty("message").GetString()!))
            .Select(message => new Rule(
                int.Parse(message.Details.GetProperty("ruleId").GetString()!, CultureInfo.InvariantCulture),
                message.Text,
                message.Details.GetProperty("data").GetString()!
            ))
            .Where(rule => rule.RuleId != Sum)
            .ToList();
        return new Finding(
            transaction.GetProperty("unique_id").GetString()!,
            DateTimeOffset.ParseExact(
                transaction.GetProperty("time_stamp").GetString()!,
                ["ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            ),
            transaction.GetProperty("client_ip").GetString()!,
            request.GetProperty("method").GetString()!,
            request.GetProperty("uri").GetString()!,
            transaction.GetProperty("response").GetProperty("http_code").GetInt32(),
            rules
        );
    }

    private static async Task<string> LogAsync(FarmInstance instance, string pool, CancellationToken cancel)
    {
        var onSwarm = Stacks.NameOf(instance.Project, Layer.Application, pool);
        return await Shell.TryReadAsync("docker", ["service", "logs", "--raw", onSwarm], cancel)
            ?? await Shell.TryReadAsync(
                "docker",
                ["compose", "--file", instance.ComposeFile, "logs", "--no-log-prefix", "--no-color", pool],
                cancel
            )
            ?? throw new OperationFailedException($"The log of {pool} cannot be read. Does the farm run? ./farm status");
    }
}
