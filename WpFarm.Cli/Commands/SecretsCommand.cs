using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Backups;
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

    public static Command Create()
    {
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
        return new Command("secrets", "The farm's generated secrets.")
        {
            FarmCommand.Create("list", "List the secrets, their purpose, and when each was generated.", ListAsync, SharedOptions.Name),
            rotate,
        };
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
