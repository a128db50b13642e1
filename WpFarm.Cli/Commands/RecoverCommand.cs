using System.CommandLine;
using Spectre.Console;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm recover</c>: recovers a whole farm on an empty engine, from the bucket and the backup key alone.</summary>
internal static class RecoverCommand
{
    private static readonly Option<string> s_endpoint = new("--endpoint")
    {
        Description = "Address of the S3 server that has the backups, for example https://s3.example.com. The recovered farm uses it too.",
        HelpName = "URL",
        Required = true,
    };
    private static readonly Option<string> s_bucket = new("--bucket")
    {
        Description = "Bucket with the farm's backups.",
        HelpName = "NAME",
        Required = true,
    };
    private static readonly Option<string> s_accessKey = new("--access-key")
    {
        Description = "S3 access key.",
        HelpName = "KEY",
        Required = true,
    };
    private static readonly Option<string> s_secretKeyFile = new("--secret-key-file")
    {
        Description = "File with the S3 secret key.",
        HelpName = "PATH",
        Required = true,
    };
    private static readonly Option<string> s_region = new("--region")
    {
        Description = "S3 region.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "us-east-1",
    };
    private static readonly Option<string> s_backupKeyFile = new("--backup-key-file")
    {
        Description = "File with the farm's secret backup-key, of which you keep a copy elsewhere.",
        HelpName = "PATH",
        Required = true,
    };
    private static readonly Option<bool> s_freePorts = new("--free-ports")
    {
        Description = "Use other ports where those of farm.json are in use, and keep them from then on.",
    };
    private static readonly Option<bool> s_dryRun = new("--dry-run")
    {
        Description = "Show what can be recovered and how, and change nothing.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "recover",
            "Recover a whole farm on an empty engine, from its bucket and backup key alone. "
                + "Do not run it while the farm runs elsewhere: both farms would write into the bucket.",
            RunAsync,
            s_endpoint,
            s_bucket,
            s_accessKey,
            s_secretKeyFile,
            s_region,
            s_backupKeyFile,
            s_freePorts,
            s_dryRun,
            SharedOptions.Yes,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (store, key) = Given(parsed);
        FarmRecovery Recovery(IFarmProgress progress) => new(RepositoryRoot.Find(), parsed.Instance(), store, key, progress);

        var found = await Recovery(new NoProgress()).FindAsync(new RecoveryTarget.Latest(), cancel);
        RecoveryTerms.Show(
            found,
            $"Farm {parsed.Instance().Name} will be recovered here "
                + $"from {store.Endpoint!.GetLeftPart(UriPartial.Authority)}/{store.Bucket}:",
            "lost"
        );
        if (
            parsed.GetValue(s_dryRun)
            || (
                !parsed.GetValue(SharedOptions.Yes)
                && !await Terminal.AskAsync("recover", "recover the farm as shown above", "Recover?", cancel)
            )
        )
            return ExitCode.Ok;
        await FarmProgress.ShowAsync(async progress =>
        {
            await Recovery(progress).RunAsync(found, parsed.FarmFile(), parsed.GetValue(s_freePorts), cancel);
            return true;
        });
        Terminal.Out.WriteLine($"The farm runs: ./farm status --name {parsed.Instance().Name} --file {parsed.FarmFile()}");
        return ExitCode.Ok;
    }

    /// <exception cref="InvalidInputException">Options are invalid; lists every problem.</exception>
    private static (ObjectStoreSettings Store, BackupKey Key) Given(ParseResult parsed)
    {
        List<string> problems = [];
        var (secretKeyFile, backupKeyFile) = (
            Path.GetFullPath(parsed.GetRequiredValue(s_secretKeyFile)),
            Path.GetFullPath(parsed.GetRequiredValue(s_backupKeyFile))
        );
        if (!File.Exists(secretKeyFile))
            problems.Add($"--secret-key-file {secretKeyFile}: does not exist.");
        var key = default(BackupKey);
        try
        {
            key = BackupKey.Parse(File.ReadAllText(backupKeyFile));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"--backup-key-file {backupKeyFile}: {e.Message}");
        }

        var text = parsed.GetRequiredValue(s_endpoint);
        var store = new ObjectStoreSettings
        {
            Endpoint = Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var endpoint) ? endpoint : new("", UriKind.Relative),
            Bucket = parsed.GetRequiredValue(s_bucket),
            AccessKey = parsed.GetRequiredValue(s_accessKey),
            SecretKeyFile = secretKeyFile,
            Region = parsed.GetRequiredValue(s_region),
        };
        problems.AddRange(store.Problems("recover"));
        if (store.Endpoint is { IsAbsoluteUri: true, IsLoopback: true })
            problems.Add(
                $"--endpoint {store.Endpoint}: is a loopback address, which the farm's containers cannot reach. Give another address."
            );
        return problems.Count == 0 ? (store, key!) : throw new InvalidInputException(problems);
    }
}
