using System.Globalization;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Tests.Backups;

/// <summary>Builds manifests concisely.</summary>
internal static class TestBackups
{
    public const string Key = "0123456789abcdef";

    private static readonly string s_hash = new('0', 64);

    /// <summary>A time of day on 2026-11-24.</summary>
    public static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-24T{time}Z", CultureInfo.InvariantCulture);

    public static BackupManifest Full(string started, string gtid, ulong lsn = 1000, string server = "mariadb-r1") =>
        Full(At(started), gtid, lsn, server);

    public static BackupManifest Full(DateTimeOffset started, string gtid, ulong lsn = 1000, string server = "mariadb-r1") =>
        Manifest(BackupKind.Full, server, started) with
        {
            Instance = server,
            GtidEnd = GtidPosition.Parse(gtid),
            LsnTo = lsn,
        };

    public static BackupManifest Incremental(BackupManifest parent, string started, string gtid, ulong lsn) =>
        Incremental(parent, At(started), gtid, lsn);

    public static BackupManifest Incremental(BackupManifest parent, DateTimeOffset started, string gtid, ulong lsn) =>
        Manifest(BackupKind.Incremental, parent.Server!, started) with
        {
            Parent = parent.Id,
            Instance = parent.Instance,
            GtidEnd = GtidPosition.Parse(gtid),
            LsnFrom = parent.LsnTo,
            LsnTo = lsn,
        };

    public static BackupManifest Log(string server, string first, string last, string from, string to) =>
        Log(server, At(first), At(last), from, to);

    public static BackupManifest Log(string server, DateTimeOffset first, DateTimeOffset last, string from, string to) =>
        Manifest(BackupKind.BinaryLog, server, first) with
        {
            Completed = last.AddSeconds(1),
            GtidStart = GtidPosition.Parse(from),
            GtidEnd = GtidPosition.Parse(to),
            BinaryLog = new("binlog.000001", first, last),
        };

    public static BackupManifest Of(BackupKind kind, DateTimeOffset started, string? site = null) =>
        Manifest(kind, site ?? "all", started) with
        {
            Server = null,
            Site = site,
        };

    private static BackupManifest Manifest(BackupKind kind, string server, DateTimeOffset started) =>
        new()
        {
            Id = BackupId.New(kind, server, started),
            Kind = kind,
            Server = server,
            Started = started,
            Completed = started.AddMinutes(1),
            PlainBytes = 1000,
            CompressedBytes = 300,
            StoredBytes = 400,
            StoredSha256 = s_hash,
            ContentSha256 = s_hash,
            KeyId = Key,
        };
}
