using System.CommandLine;
using Spectre.Console;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm recover</c>: a whole farm on an engine that has nothing of it, from the bucket and the key alone.</summary>
internal static class RecoverCommand
{
    private static readonly Option<string> s_endpoint = new("--endpoint")
    {
        Description =
            "Address of the S3 server that has the backups, for example https://s3.example.com. The farm goes on to keep its backups there.",
        HelpName = "URL",
        Required = true,
    };
    private static readonly Option<string> s_bucket = new("--bucket")
    {
        Description = "The farm's bucket.",
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
        Description = "The file with the S3 secret key.",
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
        Description = "The file with the farm's secret backup-key, of which you keep a copy elsewhere.",
        HelpName = "PATH",
        Required = true,
    };
    private static readonly Option<bool> s_freePorts = new("--free-ports")
    {
        Description = "Take other ports where the wanted ones are in use, and keep them.",
    };
    private static readonly Option<bool> s_dryRun = new("--dry-run")
    {
        Description = "Say what there is and what would be done, and do nothing.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "recover",
            "Bring a whole farm up on an engine that has nothing of it, from a bucket and the key of its backups alone. Not while the farm runs elsewhere: both would write into the bucket.",
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
            $"Farm {parsed.Instance().Name} is brought up here from {store.Endpoint!.GetLeftPart(UriPartial.Authority)}/{store.Bucket}:",
            "lost"
        );
        if (
            parsed.GetValue(s_dryRun)
            || (!parsed.GetValue(SharedOptions.Yes) && !await Terminal.AskAsync("recover", "do the above", "Recover?", cancel))
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

    /// <exception cref="InvalidInputException">Something that was given is of no use; says all of it.</exception>
    private static (ObjectStoreOptions Store, BackupKey Key) Given(ParseResult parsed)
    {
        List<string> problems = [];
        var (secretKeyFile, backupKeyFile) = (
            Path.GetFullPath(parsed.GetRequiredValue(s_secretKeyFile)),
            Path.GetFullPath(parsed.GetRequiredValue(s_backupKeyFile))
        );
        if (!File.Exists(secretKeyFile))
            problems.Add($"--secret-key-file {secretKeyFile}: is not there.");
        var key = default(BackupKey);
        try
        {
            key = BackupKey.Parse(File.ReadAllText(backupKeyFile));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"--backup-key-file {backupKeyFile}: {e.Message}");
        }

        var store = new ObjectStoreOptions
        {
            Endpoint = Uri.TryCreate(parsed.GetRequiredValue(s_endpoint), UriKind.Absolute, out var endpoint) ? endpoint : null,
            Bucket = parsed.GetRequiredValue(s_bucket),
            AccessKey = parsed.GetRequiredValue(s_accessKey),
            SecretKeyFile = secretKeyFile,
            Region = parsed.GetRequiredValue(s_region),
        };
        problems.AddRange(store.Problems("recover"));
        if (store.Endpoint is { IsAbsoluteUri: true, IsLoopback: true })
            problems.Add(
                $"--endpoint {store.Endpoint}: is this machine alone; the farm's containers cannot reach that. Give an address that they can."
            );
        return problems.Count == 0 ? (store, key!) : throw new InvalidInputException(problems);
    }
}
