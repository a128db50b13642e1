using Cronos;

namespace WpFarm.Topology.FarmFile;

internal static class BackupRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        var backups = options.Backups;
        foreach (
            var (key, cron) in new[]
            {
                ("full", backups.Full),
                ("incremental", backups.Incremental),
                ("uploads.schedule", backups.Uploads.Schedule),
                ("drill.schedule", backups.Drill.Schedule),
            }
        )
            if (!CronExpression.TryParse(cron, CronFormat.Standard, out var expression))
                problems.Add(
                    new(
                        $"backups.{key}",
                        $"'{cron}' is not a cron expression: minute, hour, day of the month, month, day of the week. "
                            + "Example: 0 3 * * * is 03:00 each day."
                    )
                );
            else if (expression.GetNextOccurrence(DateTime.UnixEpoch) is null)
                problems.Add(new($"backups.{key}", $"'{cron}' never occurs: no month has that day. Correct the day or the month."));
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(backups.TimeZone, out _))
            problems.Add(new("backups.timeZone", $"'{backups.TimeZone}' is not a time zone. Example: Europe/Berlin."));
        CheckStore("store", backups.Store, problems);
        CheckStore("offSite", backups.OffSite, problems);
        if (backups is { Store: { } one, OffSite: { } other } && one.Endpoint == other.Endpoint && one.Bucket == other.Bucket)
            problems.Add(new("backups.offSite", "is the same bucket as backups.store. Choose another bucket for the copies."));
    }

    private static void CheckStore(string key, BackupStoreOptions? store, List<FarmFileProblem> problems)
    {
        if (store is null)
            return;
        if (!Uri.TryCreate(store.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            problems.Add(
                new($"backups.{key}.endpoint", $"'{store.Endpoint}' is not the address of an S3 server. Example: https://s3.example.com.")
            );
        if (
            store.Bucket.Length is < 3 or > 63
            || !store.Bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        )
            problems.Add(
                new(
                    $"backups.{key}.bucket",
                    $"'{store.Bucket}' is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes."
                )
            );
        if (store.AccessKey.Length == 0)
            problems.Add(new($"backups.{key}.accessKey", "is missing. Set the S3 access key."));
    }
}
