namespace WpFarm.Deployment.Audit;

/// <summary>Judges the age of the databases of countries and autonomous systems. Pure.</summary>
internal static class DatabaseAudit
{
    /// <summary>Networks change hands all the time. Makers of databases build one each week or month.</summary>
    private static readonly TimeSpan s_oldest = TimeSpan.FromDays(90);

    /// <param name="built">When each database was built, by its key in farm.json.</param>
    public static IEnumerable<AuditFinding> Judge(IReadOnlyDictionary<string, DateTimeOffset> built, DateTimeOffset now) =>
        built.Select(database =>
            now - database.Value > s_oldest
                ? new AuditFinding(
                    AuditArea.Settings,
                    AuditVerdict.Advice,
                    database.Key,
                    $"is of {database.Value.UtcDateTime:yyyy-MM-dd}: networks that have changed hands since are taken for others'",
                    "download a newer one, then ./farm up"
                )
                : new(AuditArea.Settings, AuditVerdict.Good, database.Key, $"is of {database.Value.UtcDateTime:yyyy-MM-dd}")
        );
}
