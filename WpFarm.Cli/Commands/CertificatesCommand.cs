using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm certificates</c>: the certificates of the sites' hosts.</summary>
internal static class CertificatesCommand
{
    private static readonly Argument<FileInfo> s_certificate = new("certificate")
    {
        Description = "File with the certificate and its chain, in PEM; the certificate first.",
    };
    private static readonly Argument<FileInfo> s_key = new("key")
    {
        Description = "File with the private key, in PEM, without a password.",
    };
    private static readonly Argument<string> s_host = new("host") { Description = "A host that the certificate is for." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };

    public static Command Create()
    {
        var list = FarmCommand.Create(
            "list",
            "List the hosts of the sites and their certificates.",
            ListAsync,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        var add = FarmCommand.Create(
            "add",
            "Add a certificate of your own. The edges use it within seconds, for every host that it is for.",
            AddAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        add.Arguments.Add(s_certificate);
        add.Arguments.Add(s_key);
        var remove = FarmCommand.Create(
            "remove",
            "Remove a certificate that was added.",
            RemoveAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        remove.Arguments.Add(s_host);
        return new Command("certificates", "Show and change the certificates of the sites.") { list, add, remove };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var hosts = await orchestrator.SendAsync(CertificateRoutes.List, cancel);
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(hosts, ApiJson.Indented));
        else if (hosts.Count == 0)
            Terminal.Out.WriteLine("edge.tls in farm.json is \"off\" or \"proxy\": the farm has no certificates.");
        else
            Show(hosts);
        return hosts.All(host => host is { Condition: CertificateCondition.Valid, Served: true }) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken cancel)
    {
        var pem = await Task.WhenAll(
            ReadAsync(parsed.GetRequiredValue(s_certificate), cancel),
            ReadAsync(parsed.GetRequiredValue(s_key), cancel)
        );
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var added = await orchestrator.SendAsync(CertificateRoutes.Add, [.. pem[0], (byte)'\n', .. pem[1]], cancel);
        Terminal.Out.WriteLine(
            $"The certificate of {added.Issuer}, valid until {added.NotAfter:yyyy-MM-dd}, is used for "
                + $"{string.Join(", ", added.Hosts.Select(HostName.Readable))}."
        );
        return ExitCode.Ok;
    }

    private static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        if (!file.Exists)
            throw new InvalidInputException($"{file.FullName} does not exist. Give a file in PEM.");
        return await File.ReadAllBytesAsync(file.FullName, cancel);
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, CancellationToken cancel)
    {
        var host = HostOf(parsed.GetRequiredValue(s_host));
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(CertificateRoutes.Remove, new(host), cancel);
        Terminal.Out.WriteLine($"{HostName.Readable(host)}: the certificate is removed");
        return ExitCode.Ok;
    }

    /// <summary>The host as certificates name it. A certificate may be for a wildcard.</summary>
    private static string HostOf(string written)
    {
        var wildcard = written.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
        return HostName.TryParse(written[wildcard.Length..], out var host)
            ? wildcard + host
            : throw new InvalidInputException($"'{written}' is not a host name. ./farm certificates list shows the hosts of the sites.");
    }

    private static void Show(IReadOnlyList<CertificateStatus> hosts)
    {
        var table = FarmTables.Table("Host", "Site", "State", "Issuer", "Expires", "Served", "Problem…");
        foreach (var host in hosts)
            table.AddRow(
                Markup.Escape(HostName.Readable(host.Host)),
                Markup.Escape(host.Site),
                $"[{(host.Condition is CertificateCondition.Valid ? "green" : "red")}]{ApiJson.Word(host.Condition)}[/]",
                Markup.Escape(host.Issuer ?? ""),
                host.NotAfter is { } end ? $"{end:yyyy-MM-dd}" : "",
                host.Served switch
                {
                    true => "yes",
                    false => "[red]no[/]",
                    null => "",
                },
                Markup.Escape(host.Problem ?? "")
            );
        Terminal.Out.Write(table);
    }
}
