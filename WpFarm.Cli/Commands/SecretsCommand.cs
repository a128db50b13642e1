using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm secrets</c>: lists and rotates the farm's secrets. Never prints a value.</summary>
internal static class SecretsCommand
{
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Show the steps, and change nothing." };
    private static readonly Argument<string[]> s_names = new("names")
    {
        Description = "Secrets to rotate. Without any, every secret that can be rotated.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Argument<string> s_issued = new("name")
    {
        Description = "A secret that somebody else issues, such as alert-chat.",
    };

    public static Command Create()
    {
        var set = FarmCommand.Create(
            "set",
            "Set a secret that somebody else issues, to the value from standard input. It is used from the next time on.",
            SetAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        set.Arguments.Add(s_issued);
        var rotate = FarmCommand.Create(
            "rotate",
            "Give secrets of a running farm on this machine new values, without a failed request. The next run finishes a killed one.",
            RotateAsync,
            s_dryRun,
            SharedOptions.Yes,
            SharedOptions.Name,
            SharedOptions.File
        );
        rotate.Arguments.Add(s_names);
        return new Command("secrets", "The farm's secrets.")
        {
            FarmCommand.Create("list", "List the secrets, their purpose, and when each was generated.", ListAsync, SharedOptions.Name),
            rotate,
            set,
        };
    }

    private static async Task<int> SetAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetRequiredValue(s_issued);
        var issued = Farm.Build(FarmRunbook.ReadFarmFile(parsed.FarmFile())).Secrets.Where(secret => secret.IsIssued).ToList();
        var secret = issued.FirstOrDefault(secret => secret.Name == name)
            ?? throw new InvalidInputException(
                $"{name}: is no secret that {parsed.FarmFile()} needs and that somebody else issues. "
                    + $"Those are: {(issued.Count == 0 ? "none" : string.Join(", ", issued.Select(secret => secret.Name)))}."
            );
        var value = Console.IsInputRedirected
            ? (await Console.In.ReadToEndAsync(cancel)).Trim()
            : await Terminal.Out.PromptAsync(new TextPrompt<string>($"{secret.Purpose}:").Secret(), cancel);
        if (value.Length == 0 || value.Contains('\n', StringComparison.Ordinal))
            throw new InvalidInputException($"{name}: must be one line that is not empty.");
        if (secret.IsAddress && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")))
            throw new InvalidInputException($"{name}: must be an address that begins with https://.");
        new SecretStore(parsed.Instance().SecretsFolder).Set(name, value);
        Terminal.Out.WriteLine($"{name}: is set.");
        return ExitCode.Ok;
    }

    private static Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var table = FarmTables.Table("Secret", "Made", "Rotates", "Purpose…");
        foreach (var (secret, made, underWay) in parsed.Instance().SecretsWith(Secret.SitesKey).Present)
            table.AddRow(
                secret.Name,
                $"{made:yyyy-MM-dd HH:mm}",
                secret.Rotation is Rotation.Never ? "never"
                    : underWay ? "[yellow]begun[/]"
                    : "yes",
                Markup.Escape(secret.Rotation is Rotation.Never(var because) ? $"{secret.Purpose} ({because})" : secret.Purpose)
            );
        Terminal.Out.Write(table);
        return Task.FromResult(ExitCode.Ok);
    }

    private static async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var secrets = parsed.Instance().SecretsWith(Secret.SitesKey);
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        using var only = parsed.Runbook(new NoProgress()).LockFarm();
        var plan = RotationPlan.Of(
            farm,
            parsed.GetValue(s_names) ?? [],
            [.. secrets.Present.Where(secret => secret.IsUnderWay).Select(secret => secret.Secret.Name)]
        );
        if (parsed.GetValue(s_dryRun))
        {
            foreach (var (number, step) in plan.Steps.Index())
                Terminal.Out.WriteLine($"{number + 1}. {step.What}");
            return ExitCode.Ok;
        }

        if (!parsed.GetValue(SharedOptions.Yes) && !await ConfirmAsync(plan, parsed, cancel))
            return ExitCode.Ok;
        await FarmProgress.ShowAsync(async progress =>
        {
            await new SecretRotation(farm, parsed.Instance(), progress, TimeProvider.System).RunAsync(plan, cancel);
            await new ConfigurationUpload(parsed.Instance(), progress).KeepAsync(farm, parsed.FarmFile(), cancel);
            return true;
        });
        foreach (var secret in plan.Secrets)
            Terminal.Out.WriteLine($"{secret.Name}: has a new value.");
        return ExitCode.Ok;
    }

    private static async Task<bool> ConfirmAsync(RotationPlan plan, ParseResult parsed, CancellationToken cancel)
    {
        Terminal.Out.WriteLine($"These secrets of farm {parsed.Instance().Name} will get new values:");
        foreach (var secret in plan.Secrets)
            Terminal.Out.WriteLine($"  {secret.Name}{(secret.Rotation.Notice is { } notice ? $": {notice}" : "")}");
        return await Terminal.AskAsync("secrets rotate", "rotate the secrets above", "Rotate them?", cancel);
    }
}
